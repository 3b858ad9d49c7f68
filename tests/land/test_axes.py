"""What a map on axes shows at first, and what the compass of other maps says of axes."""

from __future__ import annotations

import numpy as np

from cartography.land.axes import framing, toward_poles
from cartography.land.terrain import build_terrain
from cartography.records import AxisSpec, Bearing, MapAxis, Pole, Recipe, Town

AXIS = AxisSpec("man → woman", "poles", Pole("man", ids=("a",)), Pole("woman", ids=("b",)))


def test_there_is_room_around_land_and_landmarks_where_names_and_controls_lie():
    terrain = build_terrain(np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32))
    sides = (MapAxis("x", "speed", "slow", "fast", None), MapAxis("y", "size", "small", "large", None))
    far = Town("far off", terrain.frame[2] + 5.0, 0.0, 1, 2, 3, -1, -1)
    west, south, east, north = framing(terrain, sides, [far]).frame
    tenth = 0.1 * max(east - west, north - south)
    x0, y0, _, y1 = terrain.frame
    assert x0 - west > tenth and y0 - south > tenth and north - y1 > tenth and east - far.x > tenth
    assert framing(terrain, (), ()).frame == terrain.frame


def test_the_compass_names_the_pole_that_an_axis_grows_toward():
    recipe = Recipe(axes=(AXIS.to_mapping(),))
    said = toward_poles([Bearing("man → woman", "west", 0.7), Bearing("before → after", "north", 0.6)], recipe)
    assert [(one.column, one.side) for one in said] == [("woman", "west"), ("before → after", "north")]
