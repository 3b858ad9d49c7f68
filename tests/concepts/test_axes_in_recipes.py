"""What becomes of a recipe when axes come and go, and who stands where along one."""

from __future__ import annotations

import numpy as np
import pytest

from cartography import build_map
from cartography.concepts.axes.in_recipes import (
    free_name,
    laid_on,
    off_axes,
    renamed_axis,
    rest_of,
    with_axis,
    without_axis,
)
from cartography.concepts.axes.ranks import ends_along, ends_of, percentile_of
from cartography.errors import ParameterError
from cartography.records import AxisSpec, Pole, Recipe
from tests.data import blobs


def axis_of(name: str, low: str, high: str) -> AxisSpec:
    poles = (Pole(value, column="group", values=(value,)) for value in (low, high))
    return AxisSpec(name, "poles", *poles)


@pytest.fixture
def recipe():
    """Two axes, and what both leave unexplained."""
    made = with_axis(with_axis(Recipe(), axis_of("one", "0", "1")), axis_of("two", "2", "3"))
    return rest_of(made, ["one", "two"])[0]


def test_an_axis_that_is_forgotten_takes_along_all_that_uses_it(recipe):
    used = laid_on(recipe, {"x": "one", "y": "two", "z": None}).replace(
        color_by="Unexplained", size_by="one", label_by="group", without=("one",)
    )
    left = without_axis(used, "one")
    assert [spec.name for spec in left.specs] == ["two"]
    assert (left.method, left.method_params) == (None, {})
    assert (left.color_by, left.size_by, left.label_by, left.without) == (None, None, "group", ())
    assert build_map(blobs(120), left.replace(method="pca")).axes.keys() == {"two"}


def test_a_map_that_does_not_use_the_axis_stays(recipe):
    used = laid_on(recipe, {"x": "two", "y": "size"}).replace(color_by="two")
    left = without_axis(used, "one")
    assert (left.method, left.method_params, left.color_by) == ("axes", used.method_params, "two")


def test_the_map_goes_back_to_the_method_before_unless_that_used_the_axis_too(recipe):
    laid = laid_on(recipe, {"x": "one", "y": "two"})
    before = ("tsne", {"perplexity": 12.0})
    assert off_axes(laid, before) == recipe.replace(method=before[0], method_params=before[1])
    assert without_axis(laid, "one", before).method == "tsne"
    assert without_axis(laid, "one", ("umap", {"target": "one"})).method_params == {}


def test_a_new_name_holds_wherever_the_axis_is_used(recipe):
    used = laid_on(recipe, {"x": "one", "y": "two"}).replace(color_by="one", only=("one",))
    found = renamed_axis(used, "one", "first")
    assert [spec.name for spec in found.specs] == ["first", "two", "Unexplained"]
    assert found.specs[2].of == ("first", "two")
    assert (found.method_params["x"], found.color_by, found.only) == ("first", "first", ("first",))
    with pytest.raises(ParameterError, match="two"):
        renamed_axis(used, "one", "two")


@pytest.mark.parametrize(
    ("sides", "scale"),
    [
        ({"x": "one", "y": "two"}, "shared"),
        ({"x": "one", "y": "two", "z": "weight"}, "each"),
        ({"x": "one", "y": "Unexplained"}, "each"),
    ],
)
def test_only_concept_axes_share_a_unit(recipe, sides, scale):
    assert laid_on(recipe, sides).method_params == {**sides, "scale": scale}


def test_what_is_left_unexplained_is_made_once(recipe):
    again, name = rest_of(recipe, ["two", "one"])
    assert (again, name) == (recipe, "Unexplained")
    other, name = rest_of(recipe, ["one"], taken=["Unexplained (2)"])
    assert name == "Unexplained (3)"
    assert other.specs[-1].of == ("one",)


def test_a_name_that_is_taken_is_numbered_and_stays_short():
    assert free_name("a", ["b"]) == "a"
    found = free_name("x" * 90, ["x" * 80])
    assert found.endswith(" (2)")
    assert len(found) == 80


def test_the_ends_of_an_axis_are_its_groups():
    embeddings = blobs()
    built = build_map(embeddings, with_axis(Recipe(method="pca"), axis_of("one", "0", "1")))
    axis = built.axes["one"]
    places = axis.places(built.prepared.vectors)
    group = embeddings.items["group"].to_numpy()
    found = ends_of(places, 20)
    assert set(group[found.low]) == {"0"}
    assert set(group[found.high]) == {"1"}
    np.testing.assert_array_equal(found.low, np.argsort(places, kind="stable")[:20])
    beside = ends_along(built.prepared, axis, 20)
    assert not {"0", "1"} & set(group[np.concatenate([beside.low, beside.high])])
    assert (np.diff(beside.low_places) >= 0).all()
    assert (np.diff(beside.high_places) <= 0).all()


def test_ends_never_meet_and_items_without_a_place_stand_nowhere():
    places = np.array([3, np.nan, 1, 2, 2], np.float32)
    found = ends_of(places, 10)
    assert (found.low.tolist(), found.high.tolist()) == ([2, 3], [0, 4])
    assert percentile_of(places, 0) == 100
    assert percentile_of(places, 2) == 0
    assert percentile_of(places, 3) == 50
    assert np.isnan(percentile_of(places, 1))
