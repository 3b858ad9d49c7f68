"""Small drawings: path data that stays in its box and that no markup can hide in."""

from __future__ import annotations

import re

import pytest

from cartography.drawing.marks.glyphs import GLYPH_BOX, GLYPHS


@pytest.mark.parametrize("name", GLYPHS)
def test_a_glyph_is_path_data_within_its_box(name):
    data = GLYPHS[name]
    assert re.fullmatch(r"[MLHVCAZ0-9. -]+", data)
    numbers = [float(number) for number in re.findall(r"\d+\.?\d*", data)]
    assert max(numbers) <= max(GLYPH_BOX)
    assert data.startswith("M")
    assert data.endswith("Z")
