"""The map turns to a formula's arrows when they could not be seen, and only then."""

from __future__ import annotations

import pytest

from cartography.pipeline import build_map
from cartography.records import MapScene, Recipe
from dashboard.map_view import Viewport
from dashboard.map_view.overlay import Leg, Overlay
from dashboard.panels.formula.in_sight import is_seen, room_for
from tests.data import blobs


@pytest.fixture(scope="module")
def scene() -> MapScene:
    return build_map(blobs(120), Recipe(method="pca")).scene


def arrows(scene: MapScene, length: float, east: float = 0.5) -> Overlay:
    """An arrow that is so long and begins so far east, in parts of the map's sides."""
    x0, y0, x1, y1 = scene.terrain.frame
    x, y = x0 + east * (x1 - x0), (y0 + y1) / 2
    return Overlay(legs=(Leg((x, y), (x, y + length * (y1 - y0))),))


def test_small_arrows_are_flown_to_and_then_in_sight(scene):
    small = arrows(scene, 0.02)
    assert not is_seen(scene, small, None)
    room = room_for(scene, small)
    assert room.zoom > 1 and is_seen(scene, small, room)


def test_arrows_that_can_be_seen_are_left_alone_unless_the_map_looks_elsewhere(scene):
    large = arrows(scene, 0.3, east=0.8)
    assert is_seen(scene, large, None)
    x0, y0, _, _ = scene.terrain.frame
    assert not is_seen(scene, large, Viewport(x0, y0, 6.0))


def test_without_arrows_there_is_nothing_to_turn_to_and_a_single_place_has_a_limit(scene):
    assert room_for(scene, Overlay()) is None and is_seen(scene, Overlay(), None)
    assert 1 < room_for(scene, arrows(scene, 0.0)).zoom < 100
    assert room_for(scene, arrows(scene, 5.0)).zoom == 1.0
