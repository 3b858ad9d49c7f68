"""A pasted vector is read as people write them, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest

from cartography.errors import ShapeError
from cartography.inspection.placing.written import read_vector

WANTED = np.array([0.25, -1.5, 0.03], np.float32)


@pytest.mark.parametrize(
    "text",
    [
        "0.25, -1.5, 3e-2",
        "0.25 -1.5\t.03",
        "[0.25, -1.5, 0.03]",
        "[[0.25,\n-1.5,\n0.03]]",
        "+.25;-1.5;3E-02",
        "(0.25,-1.5,0.03,)",
    ],
)
def test_numbers_are_read_however_they_are_set_apart(text):
    assert np.allclose(read_vector(text, 3), WANTED)


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("1, 2", "2 numbers were found; a vector of this map has 3", "Paste one vector"),
        ("1", "1 number was found", "Paste one vector"),
        ("", "0 numbers were found", "Paste one vector"),
        ("0,25 1,5 0,03", "6 numbers were found", "with a point"),
        ("1 2 3 4 5 6 7 8 9", "9 numbers were found", "several vectors"),
        ("1, two, 3", "Word 2 is 'two', which is not a number", "Paste 3 numbers"),
        ("1, nan, 3", "Word 2 is 'nan'", "Paste 3 numbers"),
        ("1_0 2 3", "Word 1 is '1_0'", "Paste 3 numbers"),
        ("__import__('os')", "Word 1 is", "Paste 3 numbers"),
        ("1 " * 600_000, "1,200,000 characters", ""),
    ],
)
def test_what_is_no_vector_of_this_map_is_refused_and_counted(text, sentence, hint):
    with pytest.raises(ShapeError) as caught:
        read_vector(text, 3)
    assert sentence in caught.value.message
    assert hint in caught.value.hint
