"""Conditions keep what pandas keeps, and histograms count what the conditions on other columns leave."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import loaders
from cartography.columns import Column, columns_of
from cartography.errors import ParameterError
from cartography.inspection.searching.bins import MOST_GROUPS, binned
from cartography.inspection.searching.filters import crossed, mask_of, usable, without, words
from cartography.records import Filter
from tests.data import ROOT, embedding_set

DAY = 86_400 * 10**9


@pytest.fixture(scope="module")
def cars():
    return columns_of(loaders.load(ROOT / "examples" / "car_land.parquet"))


@pytest.fixture(scope="module")
def items():
    return loaders.load(ROOT / "examples" / "car_land.parquet").items


def column(values, name="it"):
    return Column(name, pd.Series(values))


def moment(text):
    return float(pd.Timestamp(text).value)


SEVERAL = (
    Filter("Weight_in_lbs", low=2000, high=3500),
    Filter("Origin", ("Japan", "Europe")),
    Filter("Horsepower", high=90, missing=True),
)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (Filter("Weight_in_lbs", low=2000, high=3000), "2000 <= Weight_in_lbs <= 3000"),
        (Filter("Horsepower", low=100), "Horsepower >= 100"),
        (Filter("Horsepower", high=100, missing=True), "not Horsepower > 100"),
        (Filter("Horsepower"), "Horsepower == Horsepower"),
        (Filter("Horsepower", (), missing=True), "Horsepower != Horsepower"),
        (Filter("Origin", ("Japan", "Europe", "Atlantis")), "Origin in ['Japan', 'Europe']"),
        (Filter("Cylinders", ("4", "8")), "Cylinders in [4, 8]"),
        (Filter("Cylinders", low=5), "Cylinders >= 5"),
        (Filter("Name", ("ford pinto",)), "Name == 'ford pinto'"),
    ],
)
def test_a_condition_keeps_what_pandas_keeps(cars, items, by, expected):
    kept = items.index.isin(items.query(expected, engine="python").index)
    assert 0 < kept.sum() < len(items)
    assert (mask_of([by], cars) == kept).all()


def test_all_conditions_must_hold(cars):
    each = [mask_of([one], cars) for one in SEVERAL]
    assert (mask_of(SEVERAL, cars) == np.logical_and.reduce(each)).all()
    assert mask_of([], cars).all()
    assert not mask_of([Filter("Origin", ())], cars).any()


def test_dates_and_missing_ones():
    when = pd.to_datetime(["1974-12-31", "1975-01-01", None, "1976-01-01"]).as_unit("us")
    made = columns_of(embedding_set(np.eye(4), when=when))
    year = Filter("when", low=moment("1975-01-01"), high=np.nextafter(moment("1976-01-01"), 0))
    assert mask_of([year], made).tolist() == [False, True, False, False]
    assert mask_of([Filter("when", low=moment("1975-01-01"), missing=True)], made).tolist() == [
        False,
        True,
        True,
        True,
    ]
    assert words(year, made) == "when 1975-01-01 to 1975-12-31"


def test_conditions_that_columns_cannot_have_are_refused_or_passed_over(cars):
    strange = [Filter("Wieght", low=1), Filter("Origin", low=1), Filter("Weight_in_lbs", low=float("inf"))]
    for one in strange[:2]:
        with pytest.raises(ParameterError):
            mask_of([one], cars)
    assert usable([*strange, *SEVERAL], cars) == SEVERAL
    assert without(SEVERAL, "Origin") == (SEVERAL[0], SEVERAL[2])


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (Filter("Weight_in_lbs", low=2000, high=3000), "Weight_in_lbs 2,000 to 3,000"),
        (Filter("Weight_in_lbs", high=3000.5, missing=True), "Weight_in_lbs up to 3,000.5 or no value"),
        (Filter("Year", low=1975), "Year from 1975"),
        (Filter("Cylinders", low=8, high=8), "Cylinders 8"),
        (Filter("Origin", ("Japan", "Europe")), "Origin: Japan, Europe"),
        (Filter("brand", tuple("abcdef")), "brand: a, b, c, 3 more"),
        (Filter("Cylinders", (), missing=True), "Cylinders: no value"),
        (Filter("Cylinders", ("4",), missing=True), "Cylinders: 4, no value"),
        (Filter("Horsepower"), "Horsepower: any value"),
        (Filter("gone", low=0.25), "gone from 0.25"),
    ],
)
def test_words_say_a_condition(cars, by, said):
    assert words(by, cars) == said


def test_histograms_count_what_the_other_conditions_leave(cars):
    names = [*cars]
    found = crossed(SEVERAL, cars, names)
    assert (found.mask == mask_of(SEVERAL, cars)).all()
    assert "Name" not in found.histograms
    for name, histogram in found.histograms.items():
        others = mask_of(without(SEVERAL, name), cars)
        bins = histogram.bins
        for code in range(len(bins) + 1):
            inside = bins.codes == code
            assert histogram.total[code] == inside.sum()
            assert histogram.left[code] == (inside & others).sum()
    own = found.histograms["Origin"]
    assert own.left.sum() > found.mask.sum()


@pytest.mark.parametrize("name", ["Weight_in_lbs", "Miles_per_Gallon", "Year", "Horsepower", "Acceleration"])
def test_bins_are_sensible_and_hold_each_value_once(cars, name):
    bins = binned(cars[name])
    assert 8 <= len(bins) <= 32
    assert (np.diff(bins.edges) > 0).all()
    known = cars[name].numbers[~np.isnan(cars[name].numbers)]
    expected = np.histogram(known, np.clip(bins.edges, -1e9, 1e9))[0]
    assert bins.counts[:-1].tolist() == expected.tolist()
    assert bins.counts[-1] == np.isnan(cars[name].numbers).sum()


def test_a_span_of_bins_is_the_condition_that_keeps_exactly_them(cars):
    for name in ("Weight_in_lbs", "Miles_per_Gallon", "Year"):
        bins = binned(cars[name])
        assert bins.between(0, len(bins) - 1) is None
        for first, last in ((0, 3), (2, 2), (4, len(bins) - 1), (3, 6)):
            by = bins.between(first, last)
            assert (mask_of([by], cars) == ((bins.codes >= first) & (bins.codes <= last))).all()
            assert np.flatnonzero(bins.inside(by)).tolist() == list(range(first, last + 1))


def test_groups_that_are_picked_are_the_condition(cars):
    bins = binned(cars["brand"])
    assert len(bins) == MOST_GROUPS + 1
    assert bins.names[-1] is None
    assert bins.others == len(cars["brand"].names) - MOST_GROUPS
    assert (np.diff(bins.counts[:MOST_GROUPS]) <= 0).all()
    by = bins.picking([1, 3])
    assert (mask_of([by], cars) == np.isin(bins.codes, [1, 3])).all()
    assert bins.picking([MOST_GROUPS]) is None
    assert list(binned(cars["Cylinders"]).names) == ["3", "4", "5", "6", "8"]


def test_few_extreme_values_share_a_bin_and_do_not_flatten_the_rest():
    numbers = np.append(np.random.default_rng(0).normal(size=2000), [1e9, -1e7])
    bins = binned(column(numbers))
    assert bins.clipped == (True, True)
    assert len(bins) > 12
    assert bins.counts.max() < 400


def test_heavy_tails_are_cut_in_ratio():
    bins = binned(column(np.random.default_rng(0).lognormal(3, 2, 5000)))
    assert bins.log
    assert bins.counts.max() < 0.3 * 5000
    assert not binned(column(np.random.default_rng(0).uniform(1, 1000, 5000))).log


@pytest.mark.parametrize(
    ("first", "span", "ends"),
    [("2020-01-01", 400, "-01"), ("1700-01-01", 100_000, "-01-01"), ("2020-02-27", 20, "")],
)
def test_dates_are_cut_at_the_turn_of_the_calendar(first, span, ends):
    days = pd.to_datetime(first) + pd.to_timedelta(np.arange(2000) * span / 2000, unit="D")
    bins = binned(column(days))
    assert 8 <= len(bins) <= 26
    for edge in bins.edges[np.isfinite(bins.edges)]:
        assert edge % DAY == 0
        assert str(pd.Timestamp(int(edge)).date()).endswith(ends)


@pytest.mark.parametrize(
    "values",
    [
        [1.5] * 40,
        [np.nan] * 40,
        [1e300, -1e300, 2.5, 1e-300] * 10,
        [np.inf, -np.inf, 1.5, np.nan] * 10,
        [1e18 + i * 128 for i in range(40)],
        [0.1 + 1e-17 * i for i in range(40)],
        list(range(-5, 35)),
        pd.to_datetime(["2020-01-01"] * 40),
        pd.to_datetime(["2020-01-01", None] * 20),
        pd.to_datetime(["1677-09-22", "2262-04-11"] * 20),
        [None] * 40,
        ["a", None] * 20,
        [True, False] * 20,
    ],
)
def test_strange_columns_lose_no_item(values):
    bins = binned(column(values))
    if bins is not None:
        assert bins.counts.sum() == 40
        assert len(bins.counts) == len(bins) + 1
        assert bins.inside(None).shape == bins.counts.shape


def test_texts_have_no_chart(cars):
    assert binned(cars["Name"]) is None
    assert binned(cars["description"]) is None
