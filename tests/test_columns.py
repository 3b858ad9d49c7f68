"""Columns are what people take them for: groups, quantities, dates, texts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cartography.columns import Column, columns_of, factorised
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


def slow_kind(values):
    """What strings are, from all their distinct values."""
    found = [str(one).strip() for one in values.dropna()]
    present = sum(map(bool, found))
    distinct = len(set(filter(None, found)))
    often = 2 if distinct <= 50 else 3
    return "categories" if distinct <= max(10, present // often) and distinct < max(present, 2) else "texts"


@pytest.mark.parametrize("dtype", ["str", "object"])
@pytest.mark.parametrize("times", [1, 2, 2.9, 3.1, 6, 5000])
def test_many_strings_are_of_the_kind_that_counting_all_of_them_gives(times, dtype):
    n = 60_000
    codes = np.random.default_rng(1).permutation((np.arange(n) / times).astype(int))
    values = pd.Series([None if i % 7 == 0 else f" name {code} " for i, code in enumerate(codes)], dtype=dtype)
    assert Column("it", values).kind == slow_kind(values)


def test_one_frequent_string_among_many_that_differ_does_not_hide_groups():
    names = [f"name {i}" for i in range(19_000)]
    mostly = pd.Series(["the same"] * 41_000 + names, dtype="str")
    assert Column("it", mostly).kind == slow_kind(mostly) == "categories"
    blank = pd.Series([" "] * 60_000 + [f"name {i}" for i in range(60_000)], dtype="str")
    assert Column("it", blank).kind == slow_kind(blank) == "texts"


def test_texts_are_told_without_listing_them():
    column = Column("it", pd.Series(np.arange(60_000).astype(str), dtype="str").radd("text "))
    assert column.kind == "texts"
    assert "_groups" not in vars(column)


@pytest.mark.parametrize(
    ("values", "codes", "names"),
    [
        (pd.Series(["b", "a", None, "b"], dtype="str"), [0, 1, -1, 0], ["b", "a"]),
        (pd.Series(["b", " b", "", " ", "c"], dtype="object"), [0, 0, -1, -1, 1], ["b", "c"]),
        (pd.Series(["1", 1, 1.0, "x"], dtype="object"), [0, 0, 0, 1], ["1", "x"]),
        (pd.Series([0.1, 2, np.nan, np.inf]), [0, 1, -1, -1], ["0.1", "2"]),
        (pd.Series([[1], [2], [1]]), [0, 1, 0], ["[1]", "[2]"]),
        (pd.Series([], dtype="str"), [], []),
    ],
)
def test_equal_texts_are_one_group_in_the_order_in_which_they_are_met(values, codes, names):
    found = factorised(values)
    assert (found[0].tolist(), found[1]) == (codes, names)
