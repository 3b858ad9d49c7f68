"""The graph is what brute force says, on real data and on the awkward kinds."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from cartography.errors import Cancelled, ParameterError, ShapeError
from cartography.neighbours import METRICS, find_neighbours, many, nearest_to
from tests.data import digits, embedding_set


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_real_digits_have_the_neighbours_of_brute_force(metric):
    embeddings = digits(1500)
    graph = find_neighbours(embeddings, 15, metric)
    reference = NearestNeighbors(n_neighbors=16, metric=metric, algorithm="brute").fit(embeddings.vectors)
    distances, _ = reference.kneighbors(embeddings.vectors)
    assert np.allclose(graph.distances, distances[:, 1:], atol=2e-3 if metric == "euclidean" else 1e-5)
    assert graph.exact
    assert graph.source == embeddings.vectors_fingerprint


@pytest.mark.parametrize("dimensions", [1, 2, 8, 9, 40])
def test_tree_and_products_agree_with_each_other_across_dimensions(dimensions):
    points = np.random.default_rng(3).normal(size=(400, dimensions))
    graph = find_neighbours(embedding_set(points), 7, "euclidean")
    full = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(full, np.inf)
    assert np.allclose(graph.distances, np.sort(full, axis=1)[:, :7], atol=1e-5)


def test_no_item_is_its_own_neighbour_even_among_duplicates():
    points = np.repeat(np.random.default_rng(0).normal(size=(20, 2)), 30, axis=0)
    graph = find_neighbours(embedding_set(points), 10, "euclidean")
    assert not (graph.indices == np.arange(600)[:, None]).any()
    assert (graph.distances == 0).all()


def test_duplicates_are_at_distance_zero_under_both_metrics():
    points = np.random.default_rng(1).normal(size=(50, 64)) * 1000 + 5000
    points[49] = points[0]
    for metric in ("cosine", "euclidean"):
        graph = find_neighbours(embedding_set(points), 3, metric)
        assert graph.indices[0, 0] == 49
        assert graph.distances[0, 0] == 0


def test_a_zero_vector_is_near_nothing_under_cosine():
    points = np.random.default_rng(1).normal(size=(30, 12)) + 3
    points[4] = points[7] = 0
    graph = find_neighbours(embedding_set(points), 29, "cosine")
    assert graph.indices[4, 0] == 7
    assert graph.distances[4, 0] == 0
    assert np.allclose(graph.distances[4, 1:], 1)
    rows, distances = nearest_to(embedding_set(points), points[[0, 4]], 30, "cosine")
    assert set(rows[0, -2:]) == {4, 7}
    assert np.allclose(distances[1, 2:], 1)


def test_dot_ranks_by_the_inner_product_and_its_distance_says_how_much_is_missing():
    rng = np.random.default_rng(2)
    points = (rng.normal(size=(300, 20)) * rng.uniform(0.2, 3, size=(300, 1))).astype(np.float32)
    graph = find_neighbours(embedding_set(points), 9, "dot")
    products = points.astype(np.float64) @ points.T
    longest = np.diag(products).max()
    np.fill_diagonal(products, -np.inf)
    best = np.sort(products, axis=1)[:, ::-1][:, :9]
    assert np.allclose(np.take_along_axis(products, graph.indices, axis=1), best, rtol=1e-4, atol=1e-3)
    assert np.allclose(graph.distances, longest - best, atol=longest * 1e-5)


def test_single_lookups_agree_with_the_graph():
    embeddings = digits(600)
    for metric in METRICS:
        graph = find_neighbours(embeddings, 10, metric)
        rows, distances = nearest_to(embeddings, embeddings.vectors[:80], 10, metric, exclude=np.arange(80))
        assert np.array_equal(rows, graph.indices[:80]) or metric == "dot"  # whose ties rounding may swap
        assert np.allclose(distances, graph.distances[:80], atol=1e-5, rtol=1e-5)


def test_small_sets_have_fewer_neighbours_instead_of_an_error():
    graph = find_neighbours(embedding_set(np.eye(3)), 15)
    assert graph.indices.shape == (3, 2)
    assert find_neighbours(embedding_set(np.ones((1, 4))), 15).indices.shape == (1, 0)


def test_wrong_choices_are_refused_in_one_sentence():
    embeddings = embedding_set(np.eye(4))
    with pytest.raises(ParameterError, match="no metric called 'cosin'") as caught:
        find_neighbours(embeddings, 2, "cosin")
    assert "cosine" in caught.value.hint
    with pytest.raises(ShapeError, match="5 dimensions"):
        nearest_to(embeddings, np.ones(5))


def test_the_search_can_be_cancelled():
    def stop(event):
        raise Cancelled

    with pytest.raises(Cancelled):
        find_neighbours(digits(500), 5, progress=stop)


@pytest.mark.parametrize("metric", METRICS)
def test_looking_for_many_at_once_finds_what_looking_for_each_does(metric):
    embeddings = digits(900)
    rng = np.random.default_rng(0)
    queries = embeddings.vectors[:40] + rng.normal(0, 0.5, size=(40, 64)).astype(np.float32)
    together, apart = nearest_to(embeddings, queries, 12, metric)
    for place, query in enumerate(queries):
        rows, distances = nearest_to(embeddings, query, 12, metric)
        assert np.allclose(apart[place], distances[0], rtol=1e-4, atol=1e-5)
        assert len(np.intersect1d(together[place], rows[0])) >= 11


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(("n", "k"), [(9, 8), (40, 39), (3_000, 10)])
def test_many_lookups_over_several_blocks_are_those_of_brute_force(monkeypatch, metric, n, k):
    monkeypatch.setattr(many, "_NUMBERS", 700 * 6)
    points = np.random.default_rng(1).normal(size=(n, 6)).astype(np.float32)
    rows, distances = nearest_to(embedding_set(points), points, k, metric, exclude=np.arange(n))
    ready = points.astype(np.float64)
    if metric == "cosine":
        ready /= np.linalg.norm(ready, axis=1, keepdims=True)
    near = ready @ ready.T if metric != "euclidean" else -((ready[:, None] - ready[None]) ** 2).sum(axis=2)
    np.fill_diagonal(near, -np.inf)
    assert np.array_equal(rows, np.argsort(-near, axis=1)[:, :k])
    assert (np.diff(distances, axis=1) >= -1e-6).all()


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_exact_means_exact_in_a_tight_group_far_from_the_middle(metric):
    """Products of long vectors round away the small distances between near-copies; differences do not."""
    rng = np.random.default_rng(0)
    tight = (
        200 + 0.01 * rng.normal(size=(150, 20)) if metric == "euclidean" else 1 + 2e-4 * rng.normal(size=(150, 20))
    )
    points = np.vstack([tight, rng.normal(size=(250, 20))]).astype(np.float32)
    graph = find_neighbours(embedding_set(points), 10, metric)
    ready = points.astype(np.float64)
    if metric == "cosine":
        ready /= np.linalg.norm(ready, axis=1, keepdims=True)
    apart = ((ready[:, None] - ready[None]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    reach = np.sort(apart, axis=1)[:, 9]
    found = np.take_along_axis(apart, graph.indices.astype(np.int64), axis=1)
    assert (found <= reach[:, None] * 1.01).mean() > 0.99


def test_dot_keeps_its_precision_beside_one_very_long_vector():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(500, 16)).astype(np.float32)
    points[7] *= 1000
    graph = find_neighbours(embedding_set(points), 8, "dot")
    products = points.astype(np.float64) @ points.T
    np.fill_diagonal(products, -np.inf)
    true = np.argsort(-products, axis=1)[:, :8]
    assert np.mean([len(np.intersect1d(a, b)) for a, b in zip(true, graph.indices, strict=True)]) / 8 > 0.999


def test_a_vector_of_zeros_is_as_far_from_all_however_many_are_asked_for():
    embeddings = digits(100)
    one = nearest_to(embeddings, np.zeros((1, 64)), 3, "cosine")[1]
    many = nearest_to(embeddings, np.zeros((20, 64)), 3, "cosine")[1]
    assert np.allclose(one, 1)
    assert np.allclose(many, 1)
