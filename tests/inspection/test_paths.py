"""Ways along the graph are the shortest there are; what lies half way is found, and missed where nothing is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from cartography.errors import ParameterError
from cartography.inspection.nearness.paths import between, shortest_way
from cartography.neighbours import METRICS, find_neighbours
from tests.data import blobs, digits, embedding_set


def test_a_planted_line_is_walked_from_end_to_end_in_order():
    rng = np.random.default_rng(0)
    order = rng.permutation(60)
    points = np.zeros((60, 5))
    points[order, 2] = np.arange(60) + 100
    points += rng.normal(0, 0.01, points.shape)
    embeddings = embedding_set(points)
    graph = find_neighbours(embeddings, 2, "euclidean")
    ends = (int(order[0]), int(order[-1]))
    found = between(embeddings, ends, "euclidean", graph=graph)
    assert found.way is not None
    steps = np.diff(np.argsort(order)[found.way.rows])  # an end has both its neighbours on one side
    assert (steps >= 1).all()
    assert (steps == 1).sum() >= 55
    assert found.way.length == pytest.approx(59, rel=0.02)
    assert found.way.detour == pytest.approx(1, rel=0.02)
    assert found.distance == pytest.approx(59, rel=0.01)
    assert found.percentile > 99
    assert set(found.half_way.rows[:2]) == {order[29], order[30]}
    assert found.half_way.empty is False


@pytest.mark.parametrize("metric", METRICS)
def test_ways_through_real_digits_are_as_short_as_an_independent_search_finds(metric):
    embeddings = digits(900)
    graph = find_neighbours(embeddings, 6, metric)
    lengths = graph.distances.astype(np.float64)
    if metric == "cosine":
        lengths = np.arccos(1 - lengths)
    heads = np.repeat(np.arange(900), 6)
    ties = csr_matrix((np.maximum(lengths.ravel(), 1e-12), (heads, graph.indices.ravel())), shape=(900, 900))
    starts = [0, 5, 333]
    true = dijkstra(ties.maximum(ties.T), directed=False, indices=starts)
    for start, reached in zip(starts, true, strict=True):
        for end in (7, 450, 899):
            way = shortest_way(graph, (start, end), 1.0)
            assert (way is not None) == np.isfinite(reached[end])
            if way is not None:
                assert way.length == pytest.approx(reached[end], rel=1e-4)
                assert (way.rows[0], way.rows[-1]) == (start, end)
                assert len(set(way.rows.tolist())) == len(way.rows)


def test_no_way_is_shorter_than_the_straight_line():
    embeddings = digits(900)
    for metric in ("cosine", "euclidean"):
        graph = find_neighbours(embeddings, 10, metric)
        for ends in ((0, 1), (10, 500), (3, 898)):
            found = between(embeddings, ends, metric, graph=graph)
            assert found.way is not None
            assert found.way.detour >= 1 - 1e-4


def test_between_islands_there_is_no_way_and_empty_land_half_way():
    embeddings = blobs(400)
    graph = find_neighbours(embeddings, 10, "euclidean")
    apart = between(embeddings, (0, 1), "euclidean", graph=graph)
    assert apart.way is None
    assert any("No way leads there" in note for note in apart.notes)
    assert apart.half_way.empty
    together = between(embeddings, (0, 4), "euclidean", graph=graph)
    assert together.way is not None
    assert together.half_way.empty is False
    assert set(embeddings.items["group"].iloc[together.half_way.rows]) == {"0"}
    assert together.percentile < 25 < apart.percentile


def test_half_way_leaves_out_both_ends_and_opposites_have_none():
    points = np.random.default_rng(0).normal(size=(50, 6)).astype(np.float32)
    points[1] = -points[0]
    points[2] = 40 * points[3]  # under cosine a long vector pulls no more than a short one
    embeddings = embedding_set(points)
    assert between(embeddings, (0, 1), "cosine").half_way is None
    found = between(embeddings, (3, 9), "cosine", k=50)
    assert not {3, 9} & set(found.half_way.rows.tolist())
    assert len(found.half_way.rows) == 48
    long = between(embeddings, (2, 9), "cosine", k=49)
    assert np.array_equal(without(long.half_way.rows, 3), without(found.half_way.rows, 2))


def without(rows: np.ndarray, row: int) -> np.ndarray:
    return rows[rows != row]


def test_without_a_graph_distance_and_half_way_are_still_told():
    found = between(digits(300), (0, 7), "cosine")
    assert found.way is None
    assert len(found.half_way.rows) == 10
    assert found.half_way.empty is None
    assert any("no neighbour graph" in note for note in found.notes)
    other = find_neighbours(digits(300), 5, "euclidean")
    assert between(digits(300), (0, 7), "cosine", graph=other).way is None


def test_a_place_is_not_measured_to_itself():
    with pytest.raises(ParameterError, match="same item"):
        between(digits(300), (4, 4))
    with pytest.raises(ParameterError, match="row 300"):
        between(digits(300), (4, 300))
