"""What the charts one filters by hold, and which condition a selection in them is."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import loaders
from cartography.columns import columns_of
from cartography.inspection.searching.bins import binned
from cartography.inspection.searching.filters import crossed, mask_of
from cartography.records import Filter
from dashboard.chosen import ALL
from dashboard.panels.selecting.by_hand import day_of, span_of
from dashboard.panels.selecting.filter_charts import chart_notes, chart_table, filter_of, filter_spec
from dashboard.panels.selecting.own_filter import OwnFilter
from tests.data import ROOT, embedding_set

OTHER = Filter("Origin", ("Japan",))


@pytest.fixture(scope="module")
def cars():
    return columns_of(loaders.load(ROOT / "examples" / "car_land.parquet"))


def drawn(columns, name, filters=()):
    histogram = crossed(filters, columns, [name]).histograms[name]
    own = next((one for one in filters if one.column == name), None)
    return histogram, chart_table(histogram, columns[name], own)


def test_a_table_counts_all_and_those_left_and_marks_what_its_own_condition_keeps(cars):
    own = Filter("Weight_in_lbs", low=2000, high=2999)
    histogram, table = drawn(cars, "Weight_in_lbs", (own, OTHER))
    assert len(table) <= 26
    assert table["total"].sum() == 406
    assert table["left"].sum() == mask_of([OTHER], cars).sum()
    assert table.loc[table["inside"], "label"].tolist()[0].startswith("2,000 to 2,")
    assert (table.loc[~table["inside"], "total"] > 0).any()
    assert not chart_notes(histogram)


def test_labels_say_groups_whole_numbers_and_missing_values(cars):
    years = drawn(cars, "Year")[1]["label"]
    assert years.tolist() == [str(year) for year in range(1970, 1983)]
    assert drawn(cars, "brand")[1]["label"].iloc[-1] == "others (18)"
    made = columns_of(embedding_set(np.eye(40), kind=["a", "b", None, "a"] * 10))
    assert drawn(made, "kind")[1]["label"].tolist() == ["a", "b", "no value"]
    assert "8 items have no value." in chart_notes(drawn(cars, "Miles_per_Gallon")[0])


def test_a_brush_is_the_bars_that_it_mostly_covers(cars):
    bins = binned(cars["Weight_in_lbs"])
    assert filter_of({"brush": {"code": [1.6, 4.4]}}, bins) == bins.between(2, 3)
    assert filter_of({"brush": {"code": [4.4, 1.6]}}, bins) == bins.between(2, 3)
    assert filter_of({"brush": {"code": [2.1, 2.3]}}, bins) == bins.between(2, 2)
    assert filter_of({"brush": {"code": [-3, 99]}}, bins) is None
    for nothing in ({}, {"brush": {}}, {"brush": {"code": []}}):
        assert filter_of(nothing, bins) is None


def test_clicked_bars_are_groups(cars):
    bins = binned(cars["Cylinders"])
    assert filter_of({"picked": [{"code": 1}, {"code": 4}]}, bins) == Filter("Cylinders", ("4", "8"))
    for nothing in ({}, {"picked": {}}, {"picked": []}, {"picked": [{"code": 99}, {"code": None}]}):
        assert filter_of(nothing, bins) is None


@pytest.mark.parametrize("name", ["Weight_in_lbs", "brand"])
def test_only_its_data_change_when_other_columns_are_filtered(cars, name):
    """A browser keeps a brush for as long as the specification stays as it was."""
    specs = []
    for filters in ((), (OTHER,)):
        histogram, table = drawn(cars, name, filters)
        spec = filter_spec(table, histogram.bins, cars[name])
        specs.append((spec.pop("datasets")["bins"], spec))
    assert specs[0][1] == specs[1][1]
    assert not specs[0][0].equals(specs[1][0])


def test_a_chart_begins_with_the_condition_that_there_is(cars):
    span, group = Filter("Year", low=1972, high=1975), Filter("Cylinders", ("4",))
    for by, value in ((span, {"x": [2, 6]}), (group, [{"code": 1}])):
        histogram, table = drawn(cars, by.column, (by,))
        spec = filter_spec(table, histogram.bins, cars[by.column], by)
        assert spec["params"][0]["value"] == value


def test_names_from_a_file_are_text_in_a_chart():
    evil = '"]; alert(1); ["<img src=x onerror=alert(1)>'
    made = columns_of(embedding_set(np.eye(40), **{"a.b[0]": [evil, "b"] * 20}))
    histogram, table = drawn(made, "a.b[0]")
    spec = filter_spec(table, histogram.bins, made["a.b[0]"])
    assert evil in spec.pop("datasets")["bins"]["label"].tolist()
    assert "alert" not in json.dumps(spec), "names are data, never expressions"


class Desk:
    """As much of a desk as a condition needs."""

    def __init__(self):
        self.visit, self.chosen = SimpleNamespace(kept={}), ALL

    def filter(self, column, by):
        self.chosen = self.chosen.filtered(column, by)


def test_a_widget_begins_afresh_only_when_somebody_else_changed_its_condition(cars):
    desk, first, second = Desk(), Filter("Year", low=1972), Filter("Year", low=1975)
    begun = OwnFilter(desk, "Year", "chart").epoch
    OwnFilter(desk, "Year", "chart").set(first)
    assert OwnFilter(desk, "Year", "chart").epoch == begun
    OwnFilter(desk, "Year", "hand").set(second)
    now = OwnFilter(desk, "Year", "chart")
    assert (now.epoch, now.start, now.now) == (begun + 1, second, second)
    desk.filter("Year", None)
    assert OwnFilter(desk, "Year", "chart").epoch == begun + 2
    assert OwnFilter(desk, "Year", "chart").start is None


def test_a_widget_that_was_put_away_comes_back_with_the_condition_that_there_is(cars):
    desk, by = Desk(), Filter("Year", low=1972)
    begun = OwnFilter(desk, "Year", "hand")
    begun.set(by)
    OwnFilter(desk, "Year", "hand").forget()
    again = OwnFilter(desk, "Year", "hand")
    assert again.start == again.now == by
    assert again.epoch != begun.epoch, "the widget's old value must not come back with its key"
    again.forget()
    assert OwnFilter(desk, "Year", "hand").epoch == again.epoch


def test_a_chart_that_shows_a_finer_condition_leaves_it_as_it_is(cars):
    desk, bins = Desk(), binned(cars["Weight_in_lbs"])
    fine = Filter("Weight_in_lbs", low=2010, high=2990, missing=True)
    desk.filter("Weight_in_lbs", fine)
    inside = np.flatnonzero(bins.inside(fine)[:-1])
    own = OwnFilter(desk, "Weight_in_lbs", "chart")
    own.set(bins.between(int(inside[0]), int(inside[-1])), bins)
    assert desk.chosen.filters == (fine,)
    own.set(bins.between(3, 4), bins)
    assert desk.chosen.filters == (bins.between(3, 4, missing=True),)


def test_rare_groups_chosen_by_hand_stay_when_bars_are_clicked(cars):
    desk, bins = Desk(), binned(cars["brand"])
    rare = next(name for name in cars["brand"].names if name not in bins.names)
    desk.filter("brand", Filter("brand", (rare,)))
    OwnFilter(desk, "brand", "chart").set(bins.picking([0]), bins)
    assert desk.chosen.filters == (Filter("brand", (bins.names[0], rare)),)


def test_spans_by_hand():
    assert span_of("it", 5, 2, False) == Filter("it", low=2, high=5)
    assert span_of("it", None, None, False) is None
    assert day_of(float(pd.Timestamp("1969-12-31 23:00").value)).isoformat() == "1969-12-31"
