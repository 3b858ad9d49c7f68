"""The level on which towns stand: more of them the more items there are, compact, nested, and never too many."""

from __future__ import annotations

import numpy as np
import pytest

from cartography.clusters import find_clusters, methods
from cartography.clusters.hamlets import MOST, hamlets
from cartography.medoids import heirs, medoids, standing
from cartography.records import Projection
from tests.data import embedding_set


def blobs_of_blobs(n: int = 4_000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Five countries, a province in the middle and four around it: (n, 2) places, whose country and province."""
    rng = np.random.default_rng(seed)
    province = rng.integers(0, 25, n)
    turn = np.arange(5) * 2 * np.pi / 5
    countries = 40 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    provinces = 8 * np.array([[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]])
    middle = countries[province // 5] + provinces[province % 5]
    return (middle + rng.normal(size=(n, 2))).astype(np.float32), province // 5, province


@pytest.mark.parametrize(("n", "low", "high"), [(12, 1, 1), (406, 20, 40), (1_056, 60, 110), (10_000, 500, 900)])
def test_towns_grow_with_the_items(n, low, high):
    places = np.random.default_rng(1).normal(size=(n, 2)).astype(np.float32)
    parts = hamlets(places, np.zeros(n, np.int32))
    assert low <= parts.max() + 1 <= high
    assert np.bincount(parts).min() >= 8


def test_there_are_never_more_than_can_be_shown():
    places = np.random.default_rng(1).normal(size=(200_000, 2)).astype(np.float32)
    few, many = (np.arange(200_000, dtype=np.int32) % count for count in (2, 2_000))
    assert 0.8 * MOST < hamlets(places, few).max() + 1 <= MOST
    assert hamlets(places, many).max() + 1 <= MOST


def test_parts_are_compact():
    places = np.random.default_rng(1).uniform(size=(3_000, 2)).astype(np.float32)
    parts = hamlets(places, np.zeros(3_000, np.int32))
    sizes = np.bincount(parts)
    middles = np.stack([np.bincount(parts, places[:, axis]) / sizes for axis in (0, 1)], axis=1)
    spread = ((places - middles[parts]) ** 2).sum(axis=1).mean()
    assert spread < 1.3 / 6 / len(sizes)  # squares of that number would have 1 / 6 of their area


@pytest.mark.parametrize("space", ["map", "original"])
@pytest.mark.parametrize("method", methods())
def test_every_method_gets_them_and_keeps_its_answer(method, space):
    if space not in methods()[method].spaces:
        pytest.skip(f"{method} does not work in the space {space!r}")
    places, _, _ = blobs_of_blobs(1_500)
    embeddings, projection = embedding_set(places), Projection(places, "given")
    found = find_clusters(embeddings, projection, method=method, space=space)
    *_, above, finest = found.levels
    assert above.count < finest.count
    assert np.array_equal(above.labels < 0, finest.labels < 0)
    for label in range(finest.count):
        assert len(np.unique(above.labels[finest.labels == label])) == 1
    if space == "original":
        without = find_clusters(embeddings, method=method)
        assert len(without.levels) == len(found.levels) - 1
        assert np.array_equal(without.labels, found.labels)


def test_equal_items_are_one_town():
    assert hamlets(np.ones((500, 2), np.float32), np.zeros(500, np.int32)).max() == 0


def test_medoids_stand_in_the_middle_of_their_own_cluster():
    places, _, province = blobs_of_blobs()
    rows = medoids(places, province.astype(np.int32))
    assert np.array_equal(province[rows], np.arange(25))
    for one, row in enumerate(rows):
        inside = places[province == one]
        away = np.hypot(*(inside - inside.mean(axis=0)).T)
        assert np.hypot(*(places[row] - inside.mean(axis=0))) == pytest.approx(away.min(), abs=1e-4)


def test_a_cluster_without_items_has_no_medoid():
    assert medoids(np.eye(3, 2, dtype=np.float32), np.array([0, 2, -1], np.int32)).tolist() == [0, -1, 1]


def test_a_town_stands_for_every_cluster_whose_middle_it_holds():
    coarse, fine = np.zeros(6, np.int32), np.array([0, 0, 1, 1, 2, 2], np.int32)
    middles = [np.array([3], np.int32), np.array([0, 2, 4], np.int32)]
    assert [one.tolist() for one in heirs([coarse, fine], middles)] == [[1], [0, 1, 2]]
    assert standing([coarse, fine], middles) == [[(1, 0)], [(0, 0), (1, 1)], [(1, 2)]]
