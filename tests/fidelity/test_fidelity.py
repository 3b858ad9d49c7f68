"""Where a map lies is found where it was made to lie."""

from __future__ import annotations

import numpy as np
import pytest

from cartography import measure_fidelity
from cartography.errors import ShapeError
from cartography.neighbours import find_neighbours
from cartography.records import Projection
from tests.data import embedding_set

N = 400


@pytest.fixture
def flat():
    """Points that are flat already: the true map of them is known."""
    return embedding_set(np.random.default_rng(0).uniform(size=(N, 2)).astype(np.float32))


def test_a_true_map_keeps_everything(flat):
    graph = find_neighbours(flat, 15, "euclidean")
    found = measure_fidelity(flat, Projection(flat.vectors, "given"), graph)
    assert found.overall == 1.0
    assert found.n_neighbors == 15


def test_a_random_map_keeps_what_chance_gives(flat):
    graph = find_neighbours(flat, 15, "euclidean")
    thrown = np.random.default_rng(1).uniform(size=(N, 2)).astype(np.float32)
    found = measure_fidelity(flat, Projection(thrown, "given"), graph)
    assert found.baseline == pytest.approx(15 / (N - 1))
    assert found.overall == pytest.approx(found.baseline, abs=0.02)


def test_items_torn_from_their_place_are_the_ones_that_are_doubted(flat):
    graph = find_neighbours(flat, 15, "euclidean")
    moved = flat.vectors.copy()
    torn = np.arange(0, N, 20)
    moved[torn] = moved[np.roll(torn, 7)] + 0.001
    found = measure_fidelity(flat, Projection(moved, "given"), graph)
    rest = np.setdiff1d(np.arange(N), torn)
    assert found.kept[torn].mean() < 0.4
    assert found.kept[rest].mean() > 0.8


def test_a_map_of_other_items_is_refused(flat):
    with pytest.raises(ShapeError, match="10 items"):
        measure_fidelity(flat, Projection(flat.vectors[:10], "given"))
