"""Fog as a picture: where it lies, how thick it may be, and that all windows show the same mist."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cartography.drawing.painted.fog_picture import THICKEST, fog_on, fog_tile
from cartography.drawing.themes import THEMES
from cartography.records import Fog
from cartography.surface import Window, tile_window
from tests.map_view.scenes import flat_terrain, random_walks


@pytest.fixture(scope="module")
def terrain():
    return flat_terrain(random_walks(200)[0])


def fog_in_the_east(g: int = 64) -> Fog:
    share = (np.arange(g) + 0.5) / g
    return Fog(np.broadcast_to(np.clip(6 * (share - 0.55), 0, 1), (g, g)).astype(np.float32), 0.2, 0.1, 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_it_lies_where_the_map_is_not_faithful_and_hides_nothing_wholly(terrain, theme):
    picture = fog_on(fog_in_the_east(), terrain, tile_window(terrain, 0, 0, 0, 200), theme)
    opacity = picture[..., 3] / 255
    assert picture.shape == (200, 200, 4)
    assert opacity[:, :100].max() == 0
    assert opacity[:, 160:].mean() > 0.5
    assert opacity.max() <= THICKEST


def test_north_is_up(terrain):
    south = np.zeros((32, 32), np.float32)
    south[:16] = 1
    opacity = fog_on(Fog(south, 0.5, 0.1, 0.0), terrain, tile_window(terrain, 0, 0, 0, 100), THEMES["fantasy"])[
        ..., 3
    ]
    assert opacity[:40].max() == 0
    assert opacity[70:].mean() > 100


def test_it_drifts_in_swathes(terrain):
    """Thick fog is not flat, and its edge does not follow the straight edge of what it is made from."""
    opacity = fog_on(fog_in_the_east(), terrain, tile_window(terrain, 0, 0, 0, 256), THEMES["fantasy"])[..., 3]
    edge = (opacity > 100).argmax(axis=1)
    assert edge.std() > 2
    assert opacity[:, 200:].std() > 3


def test_every_window_shows_the_same_mist(terrain):
    fog, theme = fog_in_the_east(), THEMES["night"]
    whole = fog_on(fog, terrain, tile_window(terrain, 0, 0, 0, 256), theme)
    west, south = terrain.origin
    half = terrain.side / 2
    window = Window(west + half, south + half, west + 2 * half, south + 2 * half, 128, 128)
    part = fog_on(fog, terrain, window, theme)
    assert np.abs(part.astype(int) - whole[:128, 128:].astype(int)).max() <= 2


def test_no_fog_is_clear_and_the_tile_keeps_its_opacity(terrain):
    clear = Fog(np.zeros((8, 8), np.float32), 0.0, 0.1, 0.0)
    assert fog_on(clear, terrain, tile_window(terrain, 0, 0, 0, 64), THEMES["plain"])[..., 3].max() == 0
    tile = fog_tile(fog_in_the_east(), terrain, THEMES["fantasy"], 128)
    picture = Image.open(BytesIO(tile))
    assert picture.mode == "RGBA"
    assert np.asarray(picture)[:, 110:, 3].mean() > 120
    assert tile == fog_tile(fog_in_the_east(), terrain, THEMES["fantasy"], 128)
