"""HDBSCAN agrees with scikit-learn's, on the map and in the original space, and goes on where that stops."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist
from sklearn.cluster import HDBSCAN as Reference
from sklearn.metrics import adjusted_rand_score

from cartography.clusters import find_clusters
from cartography.clusters.condensed import Dendrogram
from cartography.clusters.spanning import EXACT, tree_of_graph, tree_of_points
from cartography.neighbours import find_neighbours
from cartography.records import Projection
from tests.data import digits, embedding_set


def heaps(n: int, groups: int = 8, dimensions: int = 2, seed: int = 0):
    """Groups of different density."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, groups, n)
    centres = rng.normal(size=(groups, dimensions)) * 9
    width = rng.uniform(0.3, 0.9, groups)
    return (centres[group] + rng.normal(size=(n, dimensions)) * width[group, None]).astype(np.float32), group


@pytest.mark.parametrize("samples", [1, 5, 60])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_tree_of_points_is_as_short_as_can_be(samples, dimensions):
    points, _ = heaps(900, dimensions=dimensions)
    apart = cdist(points, points)
    core = np.sort(apart, axis=1)[:, samples - 1]
    reach = np.maximum(apart, np.maximum(core[:, None], core))
    np.fill_diagonal(reach, 0)
    tree = tree_of_points(points, samples)
    assert np.isclose(tree.lengths.sum(dtype=float), minimum_spanning_tree(reach).sum(), rtol=1e-5)


@pytest.mark.parametrize("n", [600, EXACT + 1])
def test_parts_of_a_graph_are_tied_into_one_tree(n):
    points, group = heaps(n, groups=12, dimensions=10)
    graph = find_neighbours(embedding_set(points), 5, "euclidean")
    tree = tree_of_graph(graph, points, 5)
    assert len(tree.heads) == n - 1
    between = group[tree.heads] != group[tree.tails]
    assert between.sum() == 11
    shown = np.linalg.norm(points[tree.heads] - points[tree.tails], axis=1)
    assert (tree.lengths >= shown * 0.999).all()
    assert (np.diff(tree.lengths) >= 0).all()


@pytest.mark.parametrize("selection", ["eom", "leaf"])
def test_clusters_on_the_map_are_those_of_scikit_learn(selection):
    points, _ = heaps(1_500)
    theirs = Reference(min_cluster_size=25, min_samples=10, cluster_selection_method=selection, copy=True).fit(points)
    ours = find_clusters(
        embedding_set(points),
        Projection(points, "given"),
        method="hdbscan",
        min_cluster_size=25,
        min_samples=10,
        selection=selection,
        largest=1.0,
    )
    assert adjusted_rand_score(theirs.labels_, ours.labels) > 0.97
    both = (ours.labels >= 0) & (theirs.labels_ >= 0)
    assert np.corrcoef(ours.strengths[both], theirs.probabilities_[both])[0, 1] > 0.95


def test_clusters_in_the_original_space_are_those_of_scikit_learn():
    embeddings = digits()
    units = embeddings.vectors / np.linalg.norm(embeddings.vectors, axis=1, keepdims=True)
    theirs = Reference(min_cluster_size=20, min_samples=5, copy=True).fit(units)
    ours = find_clusters(
        embeddings, method="hdbscan", space="original", min_cluster_size=20, min_samples=5, largest=1.0
    )
    assert adjusted_rand_score(theirs.labels_, ours.labels) > 0.95


def test_many_planted_groups_come_back_in_both_spaces():
    points, group = heaps(40_000, groups=20, dimensions=12)
    graph = find_neighbours(embedding_set(points), 15, "euclidean")
    original = find_clusters(embedding_set(points), None, graph, method="hdbscan")
    assert adjusted_rand_score(group, original.labels) > 0.95
    flat, group = heaps(40_000, groups=12, seed=3)
    on_map = find_clusters(embedding_set(flat), Projection(flat, "given"), method="hdbscan")
    theirs = Reference(min_cluster_size=100, min_samples=15, copy=True).fit(flat)
    assert adjusted_rand_score(theirs.labels_, on_map.labels) > 0.95
    assert adjusted_rand_score(group, on_map.labels) > 0.8


def test_levels_come_from_one_tree():
    points, _ = heaps(3_000, groups=30)
    clustering = find_clusters(embedding_set(points), Projection(points, "given"), method="hdbscan")
    coarse, main, fine, _ = clustering.levels
    assert coarse.count <= 12 < main.count <= fine.count
    for above, below in itertools.pairwise(clustering.levels):
        for label in range(below.count):
            assert len(np.unique(above.labels[below.labels == label])) == 1
    assert np.array_equal(main.labels < 0, fine.labels < 0)


def test_one_cluster_of_nearly_everything_is_taken_apart_and_said():
    """Five heaps on a string of bridges and one far away: the most stable answer is two."""
    rng = np.random.default_rng(0)
    heaps_ = [rng.normal(size=(800, 2)) + np.array([7.0 * i, 0]) for i in range(5)]
    bridges = [np.stack([np.linspace(7.0 * i, 7.0 * i + 7, 250), rng.normal(0, 0.3, 250)], 1) for i in range(4)]
    points = np.concatenate([*heaps_, *bridges, rng.normal(size=(800, 2)) + np.array([14, 300])]).astype(np.float32)
    embeddings, place = embedding_set(points), Projection(points, "given")
    whole = find_clusters(embeddings, place, method="hdbscan", largest=1.0)
    apart = find_clusters(embeddings, place, method="hdbscan")
    assert whole.levels[1].count == 2
    assert apart.levels[1].count >= 5
    assert any("taken apart" in note for note in apart.notes)


def test_a_round_heap_is_not_taken_apart():
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(size=(1400, 2)), rng.normal(size=(600, 2)) + 9]).astype(np.float32)
    clustering = find_clusters(embedding_set(points), Projection(points, "given"), method="hdbscan")
    assert clustering.levels[1].count == 2


def test_a_node_of_duplicates_is_a_cluster_and_no_division_by_zero():
    rng = np.random.default_rng(0)
    points = np.concatenate([np.zeros((200, 2)), rng.normal(size=(200, 2)) + 30]).astype(np.float32)
    tree = Dendrogram.of(tree_of_points(points, 5)).condensed(20)
    assert np.isfinite(tree.stability).all()
    labels = tree.labels(tree.most_stable(400))
    assert (labels[:200] == labels[0]).all()
    assert labels[0] >= 0
