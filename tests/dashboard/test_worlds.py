"""Maps dressed in several ways: what is the same is not made twice, and what differs is."""

from __future__ import annotations

import time

import numpy as np
import pytest

from cartography.pipeline import BuiltMap, build_map
from cartography.records import Recipe
from dashboard.map_view import WORLDS
from dashboard.worlds import dressed, published
from tests.data import blobs

RECIPE = Recipe(method="pca", color_by="group")


@pytest.fixture(scope="module")
def built() -> BuiltMap:
    return build_map(blobs(300), RECIPE)


def world_of(built: BuiltMap, **choices):
    return published(dressed(built, RECIPE.replace(**choices)))


def test_title_spelling_and_hidden_parts_keep_the_world(built):
    world, token = world_of(built)
    for choices in ({"title": "T"}, {"fantasy_names": True}, {"hide": ("legend", "fog", "items")}):
        assert world_of(built, **choices) == (world, token)


def test_theme_colours_and_tints_each_make_a_world_of_the_same_points(built):
    world, token = world_of(built)
    seen = {token}
    for choices in ({"theme": "night"}, {"colors": {"1": "#ff2fd0"}}, {"hide": ("tints",)}):
        other, name = world_of(built, **choices)
        assert name not in seen
        seen.add(name)
        assert (other.points_key, other.codes_key) == (world.points_key, world.codes_key)
        assert other.style_key != world.style_key
        assert WORLDS.get(name) is other


def test_a_colour_reaches_the_points_the_legend_and_the_land(built):
    plain, _ = world_of(built)
    world, _ = world_of(built, colors={"1": "#ff2fd0"})
    code = built.scene.colouring.names.index("1")
    assert world.colours[code] == "#ff2fd0"
    assert [c for i, c in enumerate(world.colours) if i != code] == [
        c for i, c in enumerate(plain.colours) if i != code
    ]
    assert world.relief.tile(0, 0, 0) != plain.relief.tile(0, 0, 0)


def test_land_without_tints_does_not_change_with_the_colours(built):
    bare, _ = world_of(built, hide=("tints",))
    other, _ = world_of(built, hide=("tints",), colors={"1": "#ff2fd0"})
    assert other.style_key == bare.style_key
    assert other.relief.tile(0, 0, 0) == bare.relief.tile(0, 0, 0)


def test_colours_of_groups_that_are_not_there_make_no_world(built):
    assert world_of(built, colors={"nobody": "#000000"})[1] == world_of(built)[1]


def test_the_dress_is_that_of_the_recipe_and_the_map_that_of_the_job(built):
    worn = dressed(built, RECIPE.replace(title="My map", theme="plain", hide=("fog",), colors={"0": "#010203"}))
    assert worn.scene.provenance.title == "My map"
    assert (worn.recipe.theme, worn.recipe.hide, worn.recipe.colors) == ("plain", ("fog",), {"0": "#010203"})
    assert worn.recipe.undressed == built.recipe.undressed
    assert np.shares_memory(worn.scene.coordinates, built.scene.coordinates)


def test_another_dress_of_ten_thousand_items_is_there_at_once():
    """Half a second was asked for; of the processor's time, since others may be at work."""
    built = build_map(blobs(10_000), RECIPE)
    world_of(built)
    for choices in ({"theme": "night"}, {"colors": {"1": "#ff2fd0"}}, {"title": "Quick"}, {"hide": ("tints",)}):
        start = time.process_time()
        world_of(built, **choices)
        assert time.process_time() - start < 0.5, choices
