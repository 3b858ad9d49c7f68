"""The tree of joins is scipy's, knows weights, and what is coarse to fine nests at every number of clusters."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score

from cartography.clusters import find_clusters
from cartography.clusters.agglomeration import LINKAGES, agglomerate
from cartography.clusters.resolution import Resolution, level_at
from cartography.records import Projection
from tests.data import blobs, digits, embedding_set


@pytest.mark.parametrize("method", LINKAGES)
def test_the_tree_is_that_of_scipy(method):
    points = np.random.default_rng(0).normal(size=(300, 6))
    ours, theirs = agglomerate(points, method), linkage(points, method)
    assert np.allclose(ours.heights, theirs[:, 2])
    for count in (2, 9, 40):
        assert adjusted_rand_score(ours.cut(count), fcluster(theirs, count, "maxclust")) == 1


@pytest.mark.parametrize("method", LINKAGES)
def test_a_point_that_stands_for_many_weighs_as_much_as_those_many(method):
    rng = np.random.default_rng(1)
    points, sizes = rng.normal(size=(60, 3)), rng.integers(1, 9, 60)
    whole, parts = agglomerate(np.repeat(points, sizes, axis=0), method), agglomerate(points, method, sizes)
    assert np.allclose(whole.heights[-59:], parts.heights)
    assert adjusted_rand_score(whole.cut(7), np.repeat(parts.cut(7), sizes)) == 1


def test_equal_points_are_never_taken_apart():
    points = np.repeat([[0.0, 0], [5, 0], [0, 9]], 20, axis=0)
    assert int(agglomerate(points).cut(12).max()) + 1 == 3


def test_many_items_are_gathered_first_and_that_is_said():
    embeddings = blobs(8_000, groups=9)
    found = find_clusters(embeddings, method="agglomerative", n_clusters=9)
    assert adjusted_rand_score(embeddings.items["group"], found.labels) > 0.99
    assert any("8,000 items were gathered" in note for note in found.notes)
    assert not find_clusters(blobs(), method="agglomerative").notes


def test_single_linkage_follows_a_chain_that_ward_cuts():
    turn = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn)], 1)
    points = np.concatenate([8 * ring, ring]) + np.random.default_rng(0).normal(0, 0.02, (800, 2))
    truth = np.repeat([0, 1], 400)
    score = {
        one: adjusted_rand_score(
            truth, find_clusters(embedding_set(points), method="agglomerative", n_clusters=2, linkage=one).labels
        )
        for one in ("single", "ward")
    }
    assert score["single"] == 1
    assert score["ward"] < 0.9


def test_the_digits_come_apart_as_well_as_by_any_ward():
    from sklearn.cluster import AgglomerativeClustering

    embeddings = digits()
    ours = find_clusters(embeddings, method="agglomerative", n_clusters=10)
    theirs = AgglomerativeClustering(10).fit_predict(embeddings.vectors)
    assert adjusted_rand_score(ours.labels, theirs) > 0.95
    assert adjusted_rand_score(ours.labels, embeddings.items["label"]) > 0.7


def mapped(n: int = 1_500):
    rng = np.random.default_rng(2)
    centres = rng.normal(size=(14, 2)) * 20
    group = rng.integers(0, 14, n)
    points = (centres[group] + rng.normal(size=(n, 2))).astype(np.float32)
    points[::10] = rng.uniform(-50, 50, (len(points[::10]), 2))
    return embedding_set(points, tree=np.array(list("abcdefghijklmn"))[group]), Projection(points, "given"), group


@pytest.mark.parametrize("method", ["agglomerative", "hdbscan", "kmeans", "peaks"])
def test_every_resolution_nests_in_all_coarser_ones(method):
    embeddings, projection, _ = mapped()
    clustering = find_clusters(embeddings, projection, method=method)
    resolution = Resolution.of(clustering, projection.coordinates)
    assert {level.count for level in clustering.levels} <= set(resolution.steps)
    known = [resolution.labels(count) for count in resolution.steps]
    for count, labels in zip(resolution.steps, known, strict=True):
        assert len(np.unique(labels[labels >= 0])) == labels.max() + 1 == count
        assert np.array_equal(labels < 0, clustering.labels < 0)
    for coarse, fine in itertools.pairwise(known):
        pairs = np.unique(np.stack([fine, coarse]), axis=1)
        assert len(np.unique(pairs[0])) == pairs.shape[1]


def test_planted_groups_come_back_at_their_number_whatever_the_levels_are():
    embeddings = blobs(900, groups=7)
    clustering = find_clusters(embeddings, method="kmeans", n_clusters=3)
    resolution = Resolution.of(clustering, embeddings.vectors)
    assert 7 not in {level.count for level in clustering.levels}
    level = level_at(resolution, 7, clustering, embeddings)
    assert adjusted_rand_score(embeddings.items["group"], level.labels) > 0.95
    assert len(set(level.names)) == 7


def test_the_methods_own_levels_keep_their_names_and_persistence():
    embeddings, projection, _ = mapped()
    clustering = find_clusters(embeddings, projection, method="hdbscan")
    resolution = Resolution.of(clustering, projection.coordinates)
    main = clustering.levels[clustering.main]
    own = level_at(resolution, main.count, clustering, embeddings, projection=projection)
    assert own.names == main.names
    assert own.persistence is not None


def test_more_than_there_is_gives_the_finest():
    embeddings, projection, _ = mapped(200)
    clustering = find_clusters(embeddings, projection, method="kmeans", n_clusters=4)
    resolution = Resolution.of(clustering, projection.coordinates)
    assert resolution.labels(10_000) is clustering.levels[-1].labels
    assert resolution.labels(0).max() + 1 == resolution.fewest
