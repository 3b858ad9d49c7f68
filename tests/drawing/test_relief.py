from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cartography.drawing.color import as_rgb, to_oklab
from cartography.drawing.painted.ground import _calmed
from cartography.drawing.painted.relief import Relief
from cartography.drawing.palettes import colours_of
from cartography.drawing.themes import THEMES
from cartography.errors import ParameterError
from cartography.records import Colouring, MapScene, Recipe
from cartography.surface import Window, elevation_on
from tests.land.worlds import CENTRES, four_islands, points, scene_of


@cache
def relief(theme: str = "fantasy") -> Relief:
    return Relief(four_islands(), theme)


def tile(z: int, x: int, y: int, theme: str = "fantasy") -> np.ndarray:
    return np.asarray(Image.open(BytesIO(relief(theme).tile(z, x, y))).convert("RGB")).astype(int)


def square(size: int, zoom: int, x: int, y: int) -> np.ndarray:
    """The pixels of a tile without the losses of its file format."""
    terrain = four_islands().terrain
    edge = terrain.side / 2**zoom
    west, north = terrain.origin[0] + x * edge, terrain.origin[1] + terrain.side - y * edge
    return relief().window(west, north - edge, west + edge, north, size, size).astype(int)


def test_neighbouring_tiles_meet_without_a_seam() -> None:
    for zoom in (2, 4, 7):
        middle = 2 ** (zoom - 1)
        left, right = square(256, zoom, middle - 1, middle), square(256, zoom, middle, middle)
        inside = np.abs(np.diff(left[:, -20:], axis=1)).mean()
        assert np.abs(left[:, -1] - right[:, 0]).mean() < 1.5 * inside + 1
        below = square(256, zoom, middle - 1, middle + 1)
        assert np.abs(left[-1] - below[0]).mean() < 1.5 * np.abs(np.diff(left[-20:], axis=0)).mean() + 1


def test_four_tiles_are_one_window_cut_in_four() -> None:
    whole = square(512, 2, 1, 1)
    cut = np.block(
        [[[square(256, 3, 2, 2)], [square(256, 3, 3, 2)]], [[square(256, 3, 2, 3)], [square(256, 3, 3, 3)]]]
    )
    assert np.abs(whole - cut).max() <= 2


def test_tiles_count_from_the_north_and_zoom_zero_is_the_whole_world() -> None:
    scene = four_islands()
    world = tile(0, 0, 0)
    assert world.shape == (256, 256, 3)
    sea = world[2, 2]
    for x, y in (CENTRES - scene.terrain.origin) / scene.terrain.side * 256:
        row, column = int(256 - y), int(x)
        island = np.abs(world[row - 8 : row + 8, column - 8 : column + 8] - sea).sum(axis=-1)
        assert island.mean() > 60


def test_the_same_scene_gives_the_same_bytes() -> None:
    again = Relief(scene_of(*points()), "fantasy")
    assert again.tile(3, 3, 4) == relief().tile(3, 3, 4)


def test_threads_may_paint_at_once() -> None:
    places = [(4, x, y) for x in range(6, 10) for y in range(6, 8)]
    alone = [relief().tile(*place) for place in places]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda place: relief().tile(*place), places)) == alone


def test_a_tile_that_does_not_exist_is_refused() -> None:
    for z, x, y in ((1, 2, 0), (1, 0, -1), (-1, 0, 0), (99, 0, 0)):
        with pytest.raises(ParameterError, match="tile"):
            relief().tile(z, x, y)
    with pytest.raises(ParameterError, match="empty"):
        relief().window(0, 0, -1, 1, 10, 10)


@pytest.mark.parametrize("theme", ["fantasy", "plain", "night"])
def hue_of_slopes(painted: Relief, scene: MapScene, centre: np.ndarray) -> np.ndarray:
    """Green-red and blue-yellow of OKLab, the mean over the land around a centre, below the snow."""
    (x, y), half = centre, 2.5
    box = (x - half, y - half, x + half, y + half, 50, 50)
    height = elevation_on(scene.terrain, Window(*box)).height
    slopes = (height > 0.05) & (height < 0.65)
    return to_oklab(painted.window(*box)[slopes] / 255)[:, 1:].mean(axis=0)


@pytest.mark.parametrize("theme", ["fantasy", "plain", "night"])
def seen_hue(painted: Relief, around: np.ndarray, edge: float) -> np.ndarray:
    """Green-red and blue-yellow of OKLab, the mean of small windows around some places."""
    windows = [painted.window(x - edge, y - edge, x + edge, y + edge, 4, 4) for x, y in around]
    return to_oklab(np.array(windows).mean(axis=(1, 2)) / 255)[:, 1:].mean(axis=0)


@pytest.mark.parametrize("theme", ["fantasy", "plain", "night"])
def test_pure_land_is_nearer_to_its_own_colour_than_to_any_other(theme: str) -> None:
    scene = four_islands()
    dressed = THEMES[theme]
    untinted = Relief(replace(scene, colouring=Colouring(None, "none", np.zeros(len(scene)))), theme)
    colours = _calmed(as_rgb(colours_of(scene.colouring, theme)[:-1]), dressed.tint_calm)
    for centre in CENTRES:
        ground, seen = (hue_of_slopes(painted, scene, centre) for painted in (untinted, relief(theme)))
        expected = ground + dressed.tint_share * (to_oklab(colours)[:, 1:] - ground)
        nearest = np.linalg.norm(expected - seen, axis=1).argmin()
        item = int(np.linalg.norm(scene.coordinates - centre, axis=1).argmin())
        assert nearest == scene.colouring.codes[item]


def test_where_groups_mix_their_colours_mix() -> None:
    coordinates, group = points(3_000, groups=1)
    scene = scene_of(coordinates, group)
    codes = np.random.default_rng(0).integers(0, 2, len(group))
    seen = []
    for given in (codes, codes * 0, codes * 0 + 1):
        dressed = replace(scene, colouring=Colouring("kind", "categories", given, ("one", "other")))
        seen.append(Relief(dressed, "plain").window(-0.5, -0.5, 0.5, 0.5, 30, 30).mean(axis=(0, 1)))
    mixed, one, other = seen
    assert np.abs(one - other).max() > 25
    assert np.abs(mixed - (one + other) / 2).max() < 0.2 * np.abs(one - other).max()


def test_numbers_tint_the_land_too() -> None:
    coordinates, group = points(2_000, groups=2)
    painted = Relief(scene_of(coordinates, group, Recipe(color_by="x"), x=coordinates[:, 0].astype(float)), "plain")
    west, east = painted.window(-0.5, -0.5, 0.5, 0.5, 20, 20), painted.window(15.5, 0.5, 16.5, 1.5, 20, 20)
    assert np.abs(west.mean(axis=(0, 1)) - east.mean(axis=(0, 1))).max() > 8


def test_slopes_towards_the_north_west_are_lit() -> None:
    scene = scene_of(*points(4_000, groups=1))
    painted = Relief(scene, "fantasy")
    lit = painted.window(-1.8, 0.8, -0.8, 1.8, 60, 60).mean()
    dark = painted.window(0.8, -1.8, 1.8, -0.8, 60, 60).mean()
    assert lit > dark + 25


def test_the_plain_theme_is_white_at_sea_and_flat_on_land() -> None:
    scene = four_islands()
    far = scene.terrain.origin
    sea = relief("plain").window(far[0], far[1], far[0] + 1, far[1] + 1, 32, 32)
    assert sea.min() >= 245


def test_the_land_has_texture_at_every_zoom() -> None:
    for share in (1 / 8, 1 / 64, 1 / 400):
        half = four_islands().terrain.side * share / 2
        seen = relief().window(-half, -half, half, half, 256, 256).astype(float).mean(axis=-1)
        fine = seen - seen.reshape(64, 4, 64, 4).mean(axis=(1, 3)).repeat(4, axis=0).repeat(4, axis=1)
        assert fine.std() > 2.0


def test_land_without_tint_is_that_of_a_map_without_groups() -> None:
    scene = four_islands()
    none = replace(scene, colouring=Colouring(None, "none", np.zeros(len(scene))))
    assert Relief(scene, tinted=False).tile(1, 0, 1) == Relief(none).tile(1, 0, 1)
    assert Relief(scene, tinted=False).tile(0, 0, 0) != Relief(scene).tile(0, 0, 0)


def test_what_a_relative_knows_of_the_terrain_gives_the_same_picture() -> None:
    scene = four_islands()
    day = Relief(scene, "fantasy")
    assert Relief(scene, "night", kin=day).tile(0, 0, 0) == Relief(scene, "night").tile(0, 0, 0)
    elsewhere = scene_of(*points(300, seed=3))
    assert Relief(elsewhere, "night", kin=day).tile(0, 0, 0) == Relief(elsewhere, "night").tile(0, 0, 0)
