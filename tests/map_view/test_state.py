"""What Python makes of what the browser sends."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.map_view import Asked, MapState, Search, Viewport, read_asked, read_state
from tests.map_view.scenes import flat_terrain, random_walks, scene_of, world_of


@pytest.fixture(scope="module")
def world():
    coordinates, label = random_walks(200, walks=4)
    return world_of(scene_of(coordinates, label, terrain=flat_terrain(coordinates)))


SQUARE = [[-100, -100], [100, -100], [100, 100], [-100, 100]]


def test_a_wire_index_is_read_as_a_row(world):
    state = read_state(world, {"selected": {"index": 5, "of": world.points_key}})
    assert state.selected_row == world.scene.order[5]


@pytest.mark.parametrize("index", [None, -1, 200, 1.5, "5", True, [5]])
def test_anything_else_selects_nothing(world, index):
    assert read_state(world, {"selected": {"index": index, "of": world.points_key}}).selected_row is None


def test_what_was_done_on_another_map_is_dropped(world):
    given = {
        "selected": {"index": 5, "of": "other"},
        "lasso": {"steps": [{"op": "set", "polygon": SQUARE}], "of": "other"},
        "view": {"x": 0, "y": 0, "zoom": 2, "of": "other"},
        "hidden": {"codes": [1], "of": "other"},
    }
    assert read_state(world, given) == MapState()


@pytest.mark.parametrize("given", [None, {}, {"selected": None, "lasso": None, "view": None, "hidden": None}])
def test_nothing_is_nothing(world, given):
    assert read_state(world, given) == MapState()


def test_a_lasso_leaves_out_groups_that_are_switched_off(world):
    given = {
        "lasso": {"steps": [{"op": "set", "polygon": SQUARE}], "of": world.points_key},
        "hidden": {"codes": [2, 2, 99, "x"], "of": world.codes_key},
    }
    state = read_state(world, given)
    assert state.hidden == (2,)
    assert np.array_equal(state.lassoed(world.scene), world.scene.colouring.codes != 2)


def test_a_view_is_read_and_nonsense_is_not(world):
    of = world.points_key
    assert read_state(world, {"view": {"x": 1, "y": 2.5, "zoom": 3, "of": of}}).view == Viewport(1.0, 2.5, 3.0)
    for view in (
        {"x": 1, "y": 2},
        {"x": 1, "y": 2, "zoom": 0},
        {"x": "1", "y": 2, "zoom": 1},
        {"zoom": float("inf")},
    ):
        assert read_state(world, {"view": view | {"of": of}}).view is None


def test_a_lost_map_says_so(world):
    assert read_state(world, {"lost": "_map/token/"}).lost


def test_a_search_is_read_and_nonsense_is_not(world):
    of = world.points_key
    said = {"text": "ford", "columns": ["row", 7, None], "regex": True, "of": of}
    assert read_state(world, {"found": said}).found == Search("ford", ("row",), True)
    for nonsense in ({"text": ""}, {"text": 5}, {"text": "x" * 501}, {"columns": ["row"]}):
        assert read_state(world, {"found": nonsense | {"of": of}}).found is None


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ({"what": "drop", "id": "where Origin"}, Asked("drop", "where Origin")),
        ({"what": "only", "id": 7}, Asked("only")),
        ({"what": "delete everything"}, None),
        ({"what": ["drop"]}, None),
    ],
)
def test_only_what_the_map_may_ask_for_is_heard(world, asked, read):
    assert read_asked(world, {"ask": asked | {"of": world.points_key}}) == read
    assert read_asked(world, {"ask": asked | {"of": "another map"}}) is None
