"""Where a map lies is found where it was made to lie."""

from __future__ import annotations

import time

import numpy as np
import pytest

from cartography import measure_fidelity
from cartography.errors import ShapeError
from cartography.neighbours import find_neighbours
from cartography.records import Fidelity, NeighbourGraph, Projection
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


def linked_at_random(n: int, seed: int = 0) -> tuple[Projection, NeighbourGraph, object]:
    """Items anywhere on the map, with any 15 others as neighbours."""
    rng = np.random.default_rng(seed)
    found = embedding_set(rng.normal(size=(n, 2)))
    others = (
        np.stack([rng.permutation(n - 1)[:15] for _ in range(n)]) if n < 10_000 else rng.integers(0, n - 1, (n, 15))
    )
    others = (np.arange(n)[:, None] + 1 + others) % n
    graph = NeighbourGraph(others, np.ones((n, 15)), "euclidean", source=found.vectors_fingerprint)
    return Projection(found.vectors, "given"), graph, found


def test_on_a_true_map_all_neighbours_are_near(flat):
    found = measure_fidelity(flat, Projection(flat.vectors, "given"), find_neighbours(flat, 15, "euclidean"))
    assert found.overall_near == 1.0
    assert found.reach == 30


@pytest.mark.parametrize("n", [40, N, 3200, 3300, 9000])
def test_chance_is_what_a_random_map_gives(n):
    """Below and above the size from where on reach is read off a sample."""
    found = []
    for seed in range(4):
        projection, graph, items = linked_at_random(n, seed)
        found.append(measure_fidelity(items, projection, graph))
    assert found[0].near_baseline == pytest.approx(found[0].reach / (n - 1), rel=2e-3)
    error = np.sqrt(found[0].near_baseline / (15 * n * len(found)))
    assert np.mean([one.overall_near for one in found]) == pytest.approx(found[0].near_baseline, abs=5 * error)


def test_near_forgives_what_kept_does_not():
    """A map that shakes every item a little loses the 15 nearest, but not the part of the map they are in."""
    rng = np.random.default_rng(0)
    items = embedding_set(rng.uniform(size=(8000, 2)))
    shaken = items.vectors + rng.normal(0, 0.02, size=(8000, 2)).astype(np.float32)
    found = measure_fidelity(items, Projection(shaken, "given"), find_neighbours(items, 15, "euclidean"))
    assert found.overall < 0.4
    assert found.overall_near > 0.75


def test_near_means_the_same_among_many_items_as_among_few():
    """The same shaking in units of the map: what is kept falls with the number of items, what is near does not."""
    kept, near = [], []
    for n in (4000, 16_000):
        rng = np.random.default_rng(0)
        items = embedding_set(rng.uniform(size=(n, 2)))
        shaken = items.vectors + rng.normal(0, 0.03, size=(n, 2)).astype(np.float32)
        found = measure_fidelity(items, Projection(shaken, "given"), find_neighbours(items, 15, "euclidean"))
        kept.append(found.overall)
        near.append(found.overall_near)
    assert kept[1] < 0.5 * kept[0]
    assert near[1] == pytest.approx(near[0], rel=0.15)


def test_copies_on_one_spot_are_near_each_other():
    """Of 300 copies on one spot any 15 are as good as any others."""
    items = embedding_set(np.repeat(np.random.default_rng(0).normal(size=(20, 2)), 300, axis=0))
    found = measure_fidelity(items, Projection(items.vectors, "given"), find_neighbours(items, 15, "euclidean"))
    assert found.overall_near == 1.0


def test_near_is_never_less_than_kept(flat):
    shaken = flat.vectors + np.random.default_rng(1).normal(0, 0.05, size=(N, 2)).astype(np.float32)
    found = measure_fidelity(flat, Projection(shaken, "given"), find_neighbours(flat, 15, "euclidean"))
    assert (found.near >= found.kept - 1e-6).all()
    assert found.overall_near > found.overall


@pytest.mark.parametrize("n", [1, 2, 3, 16])
def test_few_items_are_measured_too(n):
    items = embedding_set(np.random.default_rng(0).normal(size=(n, 2)))
    found = measure_fidelity(items, Projection(items.vectors, "given"), metric="euclidean")
    assert found.overall == found.overall_near == 1.0


def test_a_hundred_thousand_items_take_a_moment():
    projection, graph, items = linked_at_random(100_000)
    began = time.process_time()
    first = measure_fidelity(items, projection, graph)
    assert time.process_time() - began < 4
    assert np.array_equal(first.near, measure_fidelity(items, projection, graph).near)


def test_shares_outside_0_to_1_and_a_reach_below_k_are_refused():
    good, bad = np.zeros(3), np.array([0, 0.5, 1.5])
    with pytest.raises(ShapeError, match="near"):
        Fidelity(good, 2, 0.5, bad, 2, 0.5)
    with pytest.raises(ShapeError, match="reach"):
        Fidelity(good, 2, 0.5, good, 1, 0.5)
