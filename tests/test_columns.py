"""Columns are what people take them for: groups, quantities, dates, texts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cartography.columns import columns_of
from cartography.errors import ParameterError
from tests.data import embedding_set

N = 60


@pytest.fixture
def columns():
    rng = np.random.default_rng(0)
    return columns_of(
        embedding_set(
            rng.normal(size=(N, 3)),
            origin=[["USA", "Japan", None][i % 3] for i in range(N)],
            cylinders=[[4, 6, 8][i % 3] for i in range(N)],
            weight=rng.normal(3000, 500, N),
            year=pd.date_range("1970-01-01", periods=N, freq="30D"),
            name=[f"car number {i}" for i in range(N)],
            turbo=[i % 2 == 0 for i in range(N)],
            lists=[[1, 2] if i % 2 else [3] for i in range(N)],
        )
    )


def test_kinds(columns):
    assert {name: column.kind for name, column in columns.items()} == {
        "origin": "categories",
        "cylinders": "categories",
        "weight": "numbers",
        "year": "dates",
        "name": "texts",
        "turbo": "categories",
        "lists": "categories",
    }


def test_groups_have_codes_counts_and_no_value(columns):
    origin = columns["origin"]
    assert [origin.names[code] if code >= 0 else None for code in origin.codes[:3]] == ["USA", "Japan", None]
    assert dict(zip(origin.names, origin.counts, strict=True)) == {"USA": 20, "Japan": 20}
    assert columns["cylinders"].numbers is not None, "groups of numbers can still be compared as numbers"


def test_dates_count_from_1970(columns):
    assert columns["year"].numbers[1] == 30 * 86_400 * 1e9


def test_an_unknown_column_names_the_nearest(columns):
    with pytest.raises(ParameterError) as refused:
        columns.named("wieght")
    assert "weight" in refused.value.sentence


def test_columns_are_read_once(columns):
    assert columns["origin"] is columns["origin"]
