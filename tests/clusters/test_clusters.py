"""Clusters find planted groups, nest from coarse to fine, and carry names that fit."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from cartography.clusters import find_clusters, methods
from cartography.clusters.merge_tree import build_merge_tree
from cartography.clusters.names import name_clusters
from cartography.errors import ParameterError
from cartography.records import EmbeddingSet, Projection
from tests.data import embedding_set

CASES = [(name, space) for name, one in methods().items() for space in one.spaces]


def planted(n: int = 900, groups: int = 6):
    rng = np.random.default_rng(4)
    angle = np.arange(groups) * 2 * np.pi / groups
    group = np.arange(n) % groups
    points = 10 * np.stack([np.cos(angle), np.sin(angle)], axis=1)[group] + rng.normal(0, 0.8, size=(n, 2))
    names = np.array(["ash", "birch", "cedar", "dogwood", "elm", "fir"])
    vectors = np.hstack([points, points @ rng.normal(size=(2, 6)), rng.normal(0, 0.8, size=(n, 6))])
    embeddings = embedding_set(vectors, tree=names[group % 6])
    return embeddings, Projection(points, "given"), group


@pytest.mark.parametrize(("method", "space"), CASES)
def test_planted_groups_are_found(method, space):
    embeddings, projection, truth = planted()
    params = {"n_clusters": 6} if method in ("agglomerative", "kmeans") else {}
    clustering = find_clusters(embeddings, projection, method=method, space=space, **params)
    assert adjusted_rand_score(truth, clustering.labels) > 0.85
    assert clustering.space == space


@pytest.mark.parametrize(("method", "space"), CASES)
def test_finer_levels_nest_in_coarser_ones(method, space):
    embeddings, projection, _ = planted()
    levels = find_clusters(embeddings, projection, method=method, space=space).levels
    for coarse, fine in itertools.pairwise(levels):
        assert coarse.count <= fine.count
        for label in range(fine.count):
            assert len(np.unique(coarse.labels[fine.labels == label])) == 1


@pytest.mark.parametrize(("method", "space"), CASES)
def test_the_same_call_gives_the_same_clusters(method, space):
    embeddings, projection, _ = planted(300)
    one, two = (find_clusters(embeddings, projection, method=method, space=space) for _ in range(2))
    assert np.array_equal(one.labels, two.labels)
    assert one.names == two.names


@pytest.mark.parametrize(("method", "space"), CASES)
@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_handful_of_items_is_no_error(method, space, n):
    points = np.random.default_rng(0).normal(size=(n, 2))
    clustering = find_clusters(embedding_set(points), Projection(points, "given"), method=method, space=space)
    assert len(clustering.labels) == n


def test_names_come_from_the_label_that_is_over_represented():
    embeddings, projection, _truth = planted()
    clustering = find_clusters(embeddings, projection, method="peaks", label_by="tree")
    level = clustering.levels[clustering.main]
    for label, name in enumerate(level.names):
        inside = embeddings.items["tree"].to_numpy(object)[level.labels == label]
        values, counts = np.unique(inside.astype(str), return_counts=True)
        if counts.max() > 0.9 * counts.sum() and not name[-1].isupper():
            assert name.casefold() == values[counts.argmax()]


def test_no_two_clusters_of_a_level_share_a_name():
    rng = np.random.default_rng(0)
    embeddings = embedding_set(rng.normal(size=(400, 2)), label=np.array(["same", "name"])[rng.integers(0, 2, 400)])
    (names,) = name_clusters(embeddings, [np.arange(400, dtype=np.int32) // 10], embeddings.vectors)
    assert len({name.casefold() for name in names}) == 40


def test_words_name_clusters_in_any_language():
    texts = [f"réseau neurone {i}" for i in range(40)] + [f"Straße Brücke {i}" for i in range(40)]
    embeddings = embedding_set(np.zeros((80, 2)), text=texts)
    labels = np.repeat([0, 1], 40).astype(np.int32)
    (names,) = name_clusters(embeddings, [labels], embeddings.vectors)
    assert names[0].casefold() in ("réseau", "neurone")
    assert names[1].casefold() in ("strasse", "brücke")


def test_hostile_labels_become_short_names_on_one_line():
    labels = ["a\nb\x00c" * 5, "x" * 1_000_000, "<script>alert(1)</script>", "   ", None, "\u202edrow"]
    embeddings = EmbeddingSet(np.eye(6, 2), pd.DataFrame({"label": labels}, index=list("abcdef")))
    (names,) = name_clusters(embeddings, [np.arange(6, dtype=np.int32)], embeddings.vectors)
    assert all(0 < len(name) <= 45 and name.isprintable() for name in names)


def test_without_any_words_only_towns_are_called_by_their_medoids():
    points = np.random.default_rng(0).normal(size=(60, 2))
    embeddings = embedding_set(points)
    coarse, fine = name_clusters(embeddings, [np.zeros(60, np.int32), np.arange(60, dtype=np.int32) // 20], points)
    assert coarse == ()
    assert set(fine) < {name.capitalize() for name in embeddings.ids}


def test_clusters_on_the_map_need_the_map():
    embeddings, _, _ = planted(60)
    with pytest.raises(ParameterError, match="need the map"):
        find_clusters(embeddings, method="kmeans", space="map")
    with pytest.raises(ParameterError, match="does not work in the space"):
        find_clusters(embeddings, method="peaks", space="original")
    with pytest.raises(ParameterError, match="no clustering method called 'hbscan'"):
        find_clusters(embeddings, method="hbscan")


def test_a_peak_lives_from_its_top_to_its_saddle():
    height = np.array([5.0, 2.0, 4.0, 1.0, 3.0])
    indptr, indices = np.array([0, 1, 3, 5, 7, 8]), np.array([1, 0, 2, 1, 3, 2, 4, 3])
    tree = build_merge_tree(height, indptr, indices)
    assert sorted(tree.life.tolist()) == [2.0, 2.0, 5.0]
    assert list(tree.cut(2.5)) == [0, 0, 0, 0, 0]
    assert len(np.unique(tree.cut(1.5))) == 3
    assert tree.life_for(1) > 2
