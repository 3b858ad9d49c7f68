"""Agreement of clusters with a column: scikit-learn's numbers, cells that add up and lead back to their items."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from cartography.clusters import find_clusters
from cartography.columns import Column, columns_of
from cartography.errors import ParameterError
from cartography.inspection.grouping.agreement import REST, agreement, cell_rows, grouped_column
from cartography.records import Level
from tests.data import digits, embedding_set


@pytest.fixture(scope="module")
def level():
    return next(iter(find_clusters(digits(), method="kmeans", n_clusters=10).levels))


@pytest.fixture(scope="module")
def column():
    return grouped_column(columns_of(digits())["label"])


def test_the_numbers_are_those_of_scikit_learn(level, column):
    found, truth = agreement(level, column), digits().items["label"]
    assert found.ami == pytest.approx(metrics.adjusted_mutual_info_score(truth, level.labels))
    assert found.ari == pytest.approx(metrics.adjusted_rand_score(truth, level.labels))
    assert found.homogeneity == pytest.approx(metrics.homogeneity_score(truth, level.labels))
    assert found.completeness == pytest.approx(metrics.completeness_score(truth, level.labels))
    cross = metrics.cluster.contingency_matrix(truth, level.labels)
    assert found.purity == pytest.approx(cross.max(axis=0).sum() / cross.sum())
    assert found.used == found.items == 1797
    assert found.ami > 0.6
    assert found.purity > 3 * found.purity_by_chance


def test_shuffled_labels_agree_with_nothing(level, column):
    shuffled = Level(np.random.default_rng(0).permutation(level.labels))
    found = agreement(shuffled, column)
    assert abs(found.ami) < 0.01
    assert abs(found.ari) < 0.01
    assert found.purity == pytest.approx(found.purity_by_chance, abs=0.02)


def test_cells_add_up_and_each_leads_to_its_items(level, column):
    table = agreement(level, column).table
    assert table["items"].sum() == 1797
    assert table["expected"].sum() == pytest.approx(1797)
    assert len(table) == level.count * 10
    for cell in range(0, len(table), 7):
        inside = cell_rows(table, cell, level.labels, column.codes)
        assert inside.sum() == table["items"].iloc[cell]
        assert (level.labels[inside] == table["cluster"].iloc[cell]).all()


def test_what_is_not_among_the_twelve_largest_is_one_row_and_one_column():
    rng = np.random.default_rng(0)
    labels, codes = rng.integers(-1, 40, 4_000).astype(np.int32), rng.choice([f"value {i}" for i in range(30)], 4_000)
    column = grouped_column(Column("v", pd.Series(codes)))
    table = agreement(Level(labels), column).table
    assert len(table) == 13 * 13
    assert table["items"].sum() == 4_000
    rest = int(np.flatnonzero((table["cluster_name"] == REST) & (table["value_name"] == REST))[0])
    for cell in (0, 12, rest):
        assert cell_rows(table, cell, labels, column.codes).sum() == table["items"].iloc[cell]


def test_noise_is_a_group_and_missing_values_are_left_out_and_said():
    labels = np.repeat([-1, 0, 1], 20).astype(np.int32)
    values = pd.Series([None] * 5 + ["x"] * 15 + ["y"] * 20 + ["z"] * 20)
    found = agreement(Level(labels, ("Ash", "Elm")), grouped_column(Column("v", values)))
    assert found.missing == 5
    assert found.ami == pytest.approx(1)
    assert "Noise" in set(found.table["cluster_name"])
    assert "5 items without a value" in found.words


def test_numbers_and_dates_are_compared_in_equal_shares():
    own = np.repeat([0, 1], 400).astype(np.int32)
    rng = np.random.default_rng(0)
    numbers = np.where(own == 0, rng.normal(0, 1, 800), rng.normal(50, 1, 800))
    items = embedding_set(
        np.zeros((800, 2)), size=numbers, day=pd.Timestamp("2020-01-01") + pd.to_timedelta(numbers, "D")
    )
    for name in ("size", "day"):
        column = grouped_column(columns_of(items)[name])
        found = agreement(Level(own), column)
        assert found.homogeneity == pytest.approx(1 / 3, abs=0.01)  # one of the three bits of eight equal shares
        assert set(np.bincount(column.codes)) == {100}
        assert found.completeness == pytest.approx(1, abs=0.01)


def test_texts_that_differ_are_refused():
    with pytest.raises(ParameterError, match="mostly differ"):
        grouped_column(Column("id", pd.Series([f"item {i}" for i in range(100)])))


def test_of_very_many_items_and_groups_a_sample_is_measured_and_said():
    rng = np.random.default_rng(0)
    own = rng.integers(0, 60, 400_000).astype(np.int32)
    column = grouped_column(Column("v", pd.Series(own.astype(str))))
    found = agreement(Level(own), column)
    assert found.used < found.items == 400_000
    assert found.ami == pytest.approx(1)
    assert "Measured on 200,000 of 400,000" in found.words
