"""Conditions, a picked set, lasso, search and groups switched off hold together; each can be taken away alone."""

from __future__ import annotations

import numpy as np
import pytest

import loaders
from cartography import Recipe, build_map
from cartography.records import Filter
from dashboard.chosen import ALL, Chosen
from dashboard.item_sets import SETS, ItemSets
from dashboard.lighting import chips_of, dropped, lighting, lit_by
from dashboard.map_view import LassoStep, MapState, Search
from dashboard.settings import CAR_LAND

JAPAN = Filter("Origin", ("Japan",))


@pytest.fixture(scope="module")
def built():
    return build_map(loaders.load(str(CAR_LAND), key="embedding"), Recipe(method="pca", color_by="Origin"))


def lit(built, chosen=ALL, **state):
    return lighting(built.embeddings, built.scene, chosen, MapState(**state))


def test_all_items_are_alike_when_nothing_is_chosen(built):
    assert lit(built).mask is None
    assert lit_by(built.embeddings, ALL) is None


def test_everything_chosen_holds_together(built):
    items, scene = built.embeddings.items, built.scene
    (x0, y0), (x1, y1) = scene.coordinates.min(axis=0), scene.coordinates.max(axis=0)
    half = LassoStep("set", ((x0, y0), ((x0 + x1) / 2, y0), ((x0 + x1) / 2, y1), (x0, y1)))
    chosen = Chosen(filters=(JAPAN,), picked=SETS.keep((items["Cylinders"] == 4).to_numpy(), "four cylinders"))
    found = lit(built, chosen, lasso=(half,), found=Search("toyota"))
    west = scene.coordinates[:, 0] <= (x0 + x1) / 2
    wanted = (items["Origin"] == "Japan") & (items["Cylinders"] == 4) & items["Name"].str.contains("toyota") & west
    assert wanted.any()
    assert np.array_equal(found.mask, wanted.to_numpy())
    assert "Origin" in found.says
    assert "four cylinders" in found.says
    assert "toyota" in found.says


def test_groups_switched_off_are_never_lit(built):
    codes = built.scene.colouring.codes
    found = lit(built, Chosen(picked=SETS.keep(np.ones(406, bool), "all")), hidden=(0,))
    assert np.array_equal(found.mask, codes != 0)


def test_a_search_that_cannot_be_done_dims_nothing(built):
    assert lit(built, found=Search("(a+", regex=True)).mask is None


def test_each_chip_takes_away_its_own(built):
    kept = SETS.keep(np.ones(406, bool), "these")
    chosen = Chosen(filters=(JAPAN, Filter("Weight_in_lbs", low=3000)), picked=kept, kept=kept)
    chips = chips_of(built.embeddings, chosen)
    assert len(chips) == 4
    for chip in chips:
        left = chips_of(built.embeddings, dropped(chosen, chip["id"]))
        assert [one["id"] for one in left] == [one["id"] for one in chips if one != chip]


def test_a_condition_on_a_column_of_another_file_is_passed_over(built):
    assert lit(built, Chosen(filters=(Filter("no such column", ("x",)),))).mask is None


def test_sets_are_bounded_and_named_by_content():
    sets = ItemSets(most_bytes=300)
    first = sets.keep(np.arange(1000) < 10, "ten")
    assert first.count == 10
    assert sets.keep(np.arange(1000) < 10, "the same").key == first.key
    assert np.array_equal(sets.mask(first.key, 1000), np.arange(1000) < 10)
    assert sets.mask(first.key, 999) is None, "of other items"
    for i in range(3):
        sets.keep(np.arange(1000) == i, "one")
    assert sets.mask(first.key, 1000) is None, "put away"
