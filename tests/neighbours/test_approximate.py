"""Approximate neighbours: nearly all true, honest about it, the same for a seed."""

from __future__ import annotations

import numpy as np
import pytest

from cartography.errors import Cancelled
from cartography.neighbours import EXACT_UP_TO, find_neighbours
from cartography.neighbours.approximate import approximate_neighbours
from tests.data import embedding_set

N = 6_000


@pytest.fixture(scope="module")
def clustered():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(60, 150)) * 1.5
    return embedding_set((centres[rng.integers(0, 60, N)] + rng.normal(size=(N, 150))).astype(np.float32))


def in_few_directions(n, d):
    """Items that differ in ten directions, and a little in all."""
    rng = np.random.default_rng(0)
    inner = rng.normal(size=(n, 10)) @ rng.normal(size=(10, d))
    return embedding_set((inner + 0.3 * rng.normal(size=(n, d))).astype(np.float32))


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "dot"])
def test_nearly_all_neighbours_are_the_true_ones_and_the_recall_says_so(clustered, metric):
    exact = find_neighbours(clustered, 15, metric)
    found = find_neighbours(clustered, 15, metric, exact=False)
    shared = np.mean([len(np.intersect1d(a, b)) for a, b in zip(exact.indices, found.indices, strict=True)]) / 15
    assert exact.exact
    assert exact.recall is None
    assert not found.exact
    assert shared > 0.9
    assert found.recall == pytest.approx(shared, abs=0.03)


def test_distances_are_true_ascending_and_never_to_itself(clustered):
    graph = find_neighbours(clustered, 15, "euclidean", exact=False)
    apart = clustered.vectors[graph.indices] - clustered.vectors[:, None, :]
    assert np.allclose(graph.distances, np.sqrt((apart.astype(np.float64) ** 2).sum(axis=2)), rtol=1e-4)
    assert (np.diff(graph.distances, axis=1) >= 0).all()
    assert (graph.indices != np.arange(N)[:, None]).all()
    assert all(len(set(row)) == 15 for row in graph.indices.tolist())


def test_the_same_seed_finds_the_same(clustered):
    first, second = (find_neighbours(clustered, 10, exact=False, seed=2) for _ in range(2))
    assert np.array_equal(first.indices, second.indices)
    assert np.array_equal(first.distances, second.distances)


def test_duplicates_and_equal_rows_are_no_trouble():
    vectors = np.repeat(np.random.default_rng(0).normal(size=(300, 20)).astype(np.float32), 10, axis=0)
    graph = find_neighbours(embedding_set(vectors), 9, "euclidean", exact=False)
    assert (graph.distances < 1e-3).mean() > 0.95
    same = find_neighbours(embedding_set(np.ones((500, 20), np.float32)), 5, "euclidean", exact=False)
    assert (same.distances == 0).all()
    assert (same.indices >= 0).all()


def test_it_stops_when_asked(clustered):
    def stop(event):
        raise Cancelled

    with pytest.raises(Cancelled):
        find_neighbours(clustered, 10, progress=stop, exact=False)


def test_small_data_is_exact_without_asking():
    assert EXACT_UP_TO >= 10_000
    assert find_neighbours(embedding_set(np.random.default_rng(0).normal(size=(200, 30))), 5).exact


def test_more_neighbours_are_found_from_those_known():
    smooth = in_few_directions(3_000, 150)
    few = find_neighbours(smooth, 10, "euclidean", exact=False)
    begun = []
    more = find_neighbours(
        smooth, 24, "euclidean", exact=False, known=few, progress=lambda event: begun.append(event.message)
    )
    exact = find_neighbours(smooth, 24, "euclidean")
    true = np.mean([len(np.intersect1d(a, b)) for a, b in zip(exact.indices, more.indices, strict=True)]) / 24
    assert true > 0.9
    assert more.recall == pytest.approx(true, abs=0.03)
    assert "comparing" not in begun, "cells were searched again"
    assert (np.diff(more.distances, axis=1) >= 0).all()
    assert not (more.indices == np.arange(3_000)[:, None]).any()


def test_a_graph_that_holds_enough_is_used_and_one_of_another_metric_is_not(clustered):
    many = find_neighbours(clustered, 20, "euclidean", exact=False)
    assert np.array_equal(find_neighbours(clustered, 8, "euclidean", known=many).indices, many.indices[:, :8])
    cosine = find_neighbours(clustered, 8, "cosine", known=many)
    assert cosine.exact
    assert cosine.metric == "cosine"


def test_items_in_a_heap_of_duplicates_have_all_their_neighbours():
    rng = np.random.default_rng(0)
    points = np.concatenate([np.repeat(rng.normal(size=(1, 140)), 700, axis=0), rng.normal(size=(1_500, 140))])
    graph = find_neighbours(embedding_set(points.astype(np.float32)), 12, "euclidean", exact=False)
    assert (graph.indices >= 0).all()
    assert (graph.distances[:700] == 0).all()
    assert np.isfinite(graph.distances).all()


def test_mapped_vectors_are_read_where_they_lie(clustered, tmp_path):
    np.save(tmp_path / "vectors.npy", clustered.vectors)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    there = approximate_neighbours(mapped, 10, "cosine")
    here = approximate_neighbours(clustered.vectors, 10, "cosine")
    assert all(np.array_equal(a, b) for a, b in zip(there[:2], here[:2], strict=True))


def test_copies_count_as_the_neighbours_they_are():
    """Of fifty copies any ten are right; the recall says so."""
    points = np.repeat(np.random.default_rng(0).normal(size=(60, 140)), 50, axis=0).astype(np.float32)
    graph = find_neighbours(embedding_set(points), 10, "euclidean", exact=False)
    assert (graph.distances == 0).all()
    assert graph.recall == 1


def test_vectors_with_a_common_direction_keep_their_neighbours_under_cosine():
    vectors = in_few_directions(3_000, 200).vectors.copy()
    vectors[:, 0] += 40
    graph = find_neighbours(embedding_set(vectors), 10, "cosine", exact=False)
    exact = find_neighbours(embedding_set(vectors), 10, "cosine")
    shared = np.mean([len(np.intersect1d(a, b)) for a, b in zip(exact.indices, graph.indices, strict=True)]) / 10
    assert shared > 0.9
    assert graph.recall == pytest.approx(shared, abs=0.04)


@pytest.mark.parametrize("d", [127, 158])
def test_items_that_differ_as_much_in_every_direction_are_no_error(d):
    """No few of their dimensions hold most of the variance."""
    graph = find_neighbours(embedding_set(np.random.default_rng(0).normal(size=(6_000, d))), 5, exact=False)
    assert (graph.indices >= 0).all()
    assert graph.recall > 0.5  # there is little to go by
