"""The gallery's maps are lettered as a map should be: in every theme, on large and on small pages."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pytest

from cartography import BuiltMap, draw_map
from cartography.drawing.compose import Page
from cartography.drawing.names.taken import Box
from examples.gallery import SHEETS, THEMES

SIZES = ((1800, 1200), (1200, 1200), (800, 600))
WORTH_A_NAME = 0.02  # of the items
SHOWN = 0.9  # of the towns worth showing


@cache
def built(name: str) -> BuiltMap:
    sheet = next(one for one in SHEETS if one.name == name)
    if not sheet.there:
        pytest.skip(f"the data of {name} is not beside the checkout")
    return sheet.build()


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def page_of(name: str, theme: str, size: tuple[int, int]) -> Page:
    return draw_map(built(name), theme=theme, width=size[0], height=size[1]).page


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", [sheet.name for sheet in SHEETS])
def test_names_neither_overlap_nor_leave_the_frame_and_none_that_matters_is_missing(name, theme, size):
    page = page_of(name, theme, size)
    layout, scene = page.layout, page.scene
    names = [label.boxes for label in layout.realms] + [label.boxes for label in layout.towns if label.text]
    assert not [
        (first, second)
        for first, second in combinations(names, 2)
        if any(overlap(a, b) for a in first for b in second)
    ]
    edge = page.margin
    for box in (box for boxes in names for box in boxes):
        assert box[0] >= edge
        assert box[1] >= edge
        assert box[2] <= size[0] - edge
        assert box[3] <= size[1] - edge
    large = {realm.code for realm in scene.realms if realm.population > WORTH_A_NAME * len(scene)}
    assert large <= {label.code for label in layout.realms}
    named = sum(bool(label.text) for label in layout.towns)
    assert named >= SHOWN * layout.wanted
    assert layout.wanted >= min(len(scene.towns), 8)
