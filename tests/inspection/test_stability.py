"""Planted groups come back when drawn again; what a method makes of one cloud comes back no better than its null."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from cartography.clusters import find_clusters
from cartography.errors import Cancelled, ParameterError
from cartography.inspection.grouping.stability import best_matches, cloud_like, stability
from tests.data import blobs, digits, embedding_set


def by_kmeans(points, count, seed):
    return find_clusters(embedding_set(points), method="kmeans", n_clusters=count, seed=seed).labels


def asked(embeddings, count, **options):
    return stability(embeddings.vectors, by_kmeans(embeddings.vectors, count, 0), by_kmeans, runs=8, **options)


@pytest.fixture(scope="module")
def planted():
    return asked(blobs(800, groups=5), 5)


@pytest.fixture(scope="module")
def cloud():
    return asked(embedding_set(np.random.default_rng(0).normal(size=(800, 20))), 5)


def test_planted_groups_come_back_whole_far_above_both_baselines(planted):
    assert planted.means.min() > 0.95
    assert planted.null < 0.6
    assert planted.chances.max() < 0.3
    assert (planted.drawn, planted.total) == (400, 800)
    assert "come back at 1.00" in planted.words


def test_k_means_on_one_cloud_is_no_better_than_its_null(cloud):
    assert abs(cloud.means.mean() - cloud.null) < 0.1
    assert cloud.means.max() < 0.6


def test_of_too_many_clusters_those_that_divide_a_group_come_back_less():
    embeddings = blobs(800, groups=3)
    labels = by_kmeans(embeddings.vectors, 4, 0)
    found = stability(embeddings.vectors, labels, by_kmeans, runs=8, null=False)
    whole = [len(np.unique(labels[embeddings.items["group"] == group])) == 1 for group in "012"]
    assert sum(whole) == 2
    halves = np.sort(found.means)[:2]
    assert halves.max() < 0.8 < np.sort(found.means)[2:].min()
    assert found.null is None


def test_digits_come_back_better_than_chance_and_the_null():
    found = asked(digits(), 10)
    assert np.nanmean(found.means) > found.null + 0.15 > np.nanmean(found.chances)


def test_the_same_seed_gives_the_same(planted):
    again = asked(blobs(800, groups=5), 5)
    assert np.array_equal(planted.means, again.means)
    assert planted.null == again.null


def test_the_best_match_is_a_jaccard_index_and_noise_matches_nothing():
    own = np.array([0, 0, 0, 0, 1, 1, 1, -1, 2], np.int32)
    found = np.array([3, 3, 3, 0, 0, 0, -1, -1, 1], np.int32)
    best = best_matches(own, found, 3)
    assert best[:2] == pytest.approx([3 / 4, 2 / 4])
    assert np.isnan(best[2])
    assert best_matches(own, np.full(9, -1, np.int32), 3)[0] == 0


def test_the_cloud_is_as_wide_as_the_data_in_every_direction():
    points = np.random.default_rng(0).normal(size=(1500, 3)).astype(np.float32) @ np.diag([1, 5, 0.1]).astype(
        np.float32
    )
    cloud = cloud_like(points + 7, 4000, np.random.default_rng(1))
    assert np.allclose(cloud.std(axis=0), points.std(axis=0), rtol=0.1)
    assert np.allclose(cloud.mean(axis=0), (points + 7).mean(axis=0), atol=0.3)


def test_stop_passes_and_what_is_too_small_is_refused():
    embeddings = blobs(200)
    labels = by_kmeans(embeddings.vectors, 4, 0)
    heard = itertools.count()

    def stop(event):
        if next(heard) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        stability(embeddings.vectors, labels, by_kmeans, progress=stop)
    with pytest.raises(ParameterError, match="too little"):
        stability(embeddings.vectors, np.full(200, -1, np.int32), by_kmeans)
