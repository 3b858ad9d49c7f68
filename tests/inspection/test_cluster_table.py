"""The table of clusters: what is planted - size, density, looseness, isolation, values - is what it says."""

from __future__ import annotations

import time

import numpy as np
import pytest

from cartography.clusters import find_clusters
from cartography.columns import columns_of
from cartography.inspection.grouping.cluster_table import Around, cluster_table, clusters_sentence
from cartography.neighbours import find_neighbours
from cartography.records import Level, NeighbourGraph
from tests.data import digits, embedding_set


@pytest.fixture(scope="module")
def planted():
    """A tight heap, one three times as wide, two that overlap, and noise all over."""
    rng = np.random.default_rng(0)
    sizes, widths = [400, 300, 200, 100, 50], [1.0, 3.0, 1.0, 1.0, 0.0]
    centres = np.zeros((5, 10))
    centres[0, 0], centres[1, 1], centres[2, 2], centres[3, 2] = 60, 60, 60, 61
    own = np.repeat([0, 1, 2, 3, -1], sizes)
    vectors = centres[own] + rng.normal(size=(1050, 10)) * np.array(widths)[own][:, None]
    vectors[own == -1] = rng.uniform(-60, 60, (50, 10))
    kind = np.array(["ash", "birch", "cedar", "elm", "fir"])[own]
    kind[rng.random(1050) < 0.1] = "ash"
    embeddings = embedding_set(vectors, kind=kind, coin=rng.choice(["head", "tail"], 1050))
    return embeddings, Level(own.astype(np.int32)), find_neighbours(embeddings, 15, "euclidean")


@pytest.fixture(scope="module")
def table(planted):
    embeddings, level, graph = planted
    columns = columns_of(embeddings).of_kind("categories")
    around = Around(graph, embeddings.vectors[:, :2])
    return cluster_table(level, embeddings.vectors, around, columns, metric="euclidean")


def test_clusters_come_largest_first_and_noise_is_counted_last(table):
    assert table.rows["cluster"].tolist() == [0, 1, 2, 3, -1]
    assert table.rows["size"].tolist() == [400, 300, 200, 100, 50]
    assert table.rows["share"].sum() == pytest.approx(1)
    assert table.rows["name"].iloc[-1] == "Noise"


def test_density_and_cohesion_see_the_planted_widths(table):
    tight, wide, *_, noise = table.rows.itertuples()
    assert tight.density / wide.density == pytest.approx(3, rel=0.15)
    assert noise.density < wide.density
    assert tight.cohesion > wide.cohesion > 0.5


def test_cohesion_is_that_of_all_pairs(table, planted):
    from scipy.spatial.distance import pdist

    embeddings, level, _ = planted
    whole = np.mean(pdist(embeddings.vectors) ** 2)
    for row in table.rows.iloc[:4].itertuples():
        inside = np.mean(pdist(embeddings.vectors[level.labels == row.cluster]) ** 2)
        assert row.cohesion == pytest.approx(1 - inside / whole, abs=1e-4)


def test_separation_is_full_for_what_stands_apart_and_low_for_two_that_overlap(table):
    apart = dict(zip(table.rows["cluster"], table.rows["separation"], strict=True))
    assert apart[0] > 0.99
    assert apart[3] < apart[2] < 0.9
    assert np.isnan(apart[-1])


def test_labels_thrown_like_dice_are_neither_separate_nor_cohesive(planted):
    embeddings, _, graph = planted
    dice = Level(np.random.default_rng(1).integers(0, 6, len(embeddings)).astype(np.int32))
    rows = cluster_table(dice, embeddings.vectors, Around(graph, embeddings.vectors[:, :2]), metric="euclidean").rows
    assert rows["separation"].abs().max() < 0.05
    assert rows["cohesion"].abs().max() < 0.2
    assert rows["density"].between(0.7, 1.5).all()


def test_nothing_depends_on_the_scale(table, planted):
    embeddings, level, _ = planted
    large = embedding_set(embeddings.vectors * 1000)
    graph = find_neighbours(large, 15, "euclidean")
    again = cluster_table(level, large.vectors, Around(graph, large.vectors[:, :2]), metric="euclidean").rows
    for name in ("density", "cohesion", "separation"):
        assert np.allclose(again[name], table.rows[name], rtol=1e-3, equal_nan=True)


def test_the_planted_value_is_the_one_over_represented_with_its_shares(table, planted):
    embeddings, level, _ = planted
    kinds = embeddings.items["kind"].to_numpy()
    for row, found in zip(table.rows.iloc[:4].itertuples(), table.dominant, strict=False):
        best = max(found)
        assert best.column == "kind"
        assert best.value == ["ash", "birch", "cedar", "elm"][row.cluster]
        inside = level.labels == row.cluster
        assert best.inside == pytest.approx((kinds[inside] == best.value).mean())
        assert best.outside == pytest.approx((kinds[~inside] == best.value).mean())


def test_without_a_graph_the_map_is_looked_at_and_that_is_said(planted):
    embeddings, level, _ = planted
    found = cluster_table(level, embeddings.vectors, Around(None, embeddings.vectors[:, :3]), metric="euclidean")
    assert any("measured on the map" in note for note in found.notes)
    assert found.rows["separation"].iloc[0] > 0.95


def test_one_item_and_equal_items_are_no_error():
    single = Level(np.array([0, 1, 1, 1], np.int32))
    rows = cluster_table(single, np.ones((4, 3), np.float32), Around(None, np.ones((4, 2), np.float32))).rows
    assert np.isnan(rows.loc[rows["size"] == 1, "cohesion"]).all()
    assert (rows["density"] == 1).all()
    alone = cluster_table(
        Level(np.zeros(1, np.int32)), np.ones((1, 3), np.float32), Around(None, np.ones((1, 2), np.float32))
    )
    assert len(alone.rows) == 1


def test_the_sentence_says_method_space_number_and_noise(planted):
    _, level, _ = planted
    said = clusters_sentence(level, "HDBSCAN", "original")
    assert said == "4 clusters by HDBSCAN, computed in the original space; 50 of 1,050 items (4.8%) are noise."
    assert "every item is in one" in clusters_sentence(Level(np.zeros(3, np.int32)), "k-means", "map")


def test_clusters_of_digits_are_mostly_one_digit_each():
    embeddings = digits()
    clustering = find_clusters(embeddings, method="communities")
    graph = find_neighbours(embeddings, 15)
    level = clustering.levels[clustering.main]
    columns = columns_of(embeddings).of_kind("categories")
    found = cluster_table(level, embeddings.vectors, Around(graph, embeddings.vectors[:, :2]), columns)
    assert {max(one).value for one in found.dominant} == set("0123456789")
    assert np.mean([max(one).inside for one in found.dominant]) > 0.85
    assert found.rows["separation"].min() > 0.7


def test_a_million_items_in_three_thousand_clusters_take_half_a_second():
    rng = np.random.default_rng(0)
    n = 1_000_000
    graph = NeighbourGraph(
        rng.integers(0, n, (n, 15), dtype=np.int32), np.sort(rng.random((n, 15), np.float32), axis=1), "cosine"
    )
    level = Level(rng.integers(-1, 3_000, n, dtype=np.int32))
    vectors = rng.random((n, 16), np.float32)
    begin = time.process_time()
    found = cluster_table(level, vectors, Around(graph, vectors[:, :2]))
    assert time.process_time() - begin < 0.5
    assert len(found.rows) == 3_001
    assert "of 1,000,000 items" in found.notes[0]
