"""What a map's border says, stretch by stretch and as a whole."""

from __future__ import annotations

import numpy as np
import pytest

from cartography.inspection.borders.map_borders import border_between
from cartography.records import Border

LINE = np.array([[0, 0], [1, 1]], dtype=np.float32)
BORDERS = (
    Border((0, 1), LINE, support=0.9, chance=0.5, pairs=300),
    Border((0, 1), LINE, support=0.5, chance=0.5, pairs=100),
    Border((0, 1), LINE, pairs=3),
    Border((0, 2), LINE),
    Border((1, 2), LINE, support=0.99, chance=0.6, pairs=50),
)


def test_stretches_count_by_their_pairs_and_unmeasured_ones_not_at_all():
    found = border_between(BORDERS, 1, 0)
    assert (found.stretches, found.measured, found.firm, found.pairs) == (3, 2, 1, 400)
    assert found.support == pytest.approx(0.8)
    assert found.words == (
        "The map draws their border solid along 1 of 2 stretches: 80% of the neighbour pairs near it stay on one "
        "side, against 50% by chance."
    )


def test_borders_that_are_firm_unknown_or_not_there():
    assert "border solid: 99%" in border_between(BORDERS, 1, 2).words
    assert "too few neighbours" in border_between(BORDERS, 0, 2).words
    assert border_between(BORDERS, 0, 3) is None
