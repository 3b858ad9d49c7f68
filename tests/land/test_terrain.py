from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.ndimage import label

from cartography.land import build_terrain
from cartography.records import Terrain
from cartography.surface import Window, elevation_at, elevation_on
from tests.land.worlds import points


def islands_of(terrain: Terrain, cells: int = 400) -> np.ndarray:
    """Cells of land by island, largest first."""
    west, south = terrain.origin
    window = Window(west, south, west + terrain.side, south + terrain.side, cells, cells)
    found, _ = label(elevation_on(terrain, window).height > 0)
    return np.sort(np.bincount(found.ravel())[1:])[::-1]


def test_two_groups_are_two_islands_with_sea_between() -> None:
    coordinates, _ = points(groups=2)
    terrain = build_terrain(coordinates)
    assert (elevation_at(terrain, coordinates) > 0).mean() >= 0.97
    assert elevation_at(terrain, [[8.0, 0.5]])[0] < 0
    assert len(islands_of(terrain)) == 2


@pytest.mark.parametrize("n", [100, 406, 5_000, 10_000, 100_000])
def test_almost_every_item_stands_on_land_and_land_is_few_islands(n: int) -> None:
    coordinates, _ = points(n)
    terrain = build_terrain(coordinates)
    assert (elevation_at(terrain, coordinates[:5_000]) > 0).mean() >= 0.95
    assert 4 <= len(islands_of(terrain)) <= 8


def test_few_scattered_items_make_neither_dots_nor_one_blob() -> None:
    rng = np.random.default_rng(1)
    centres = rng.uniform(-10, 10, size=(30, 2))
    coordinates = (centres[rng.integers(0, 30, 406)] + rng.normal(0, 0.5, size=(406, 2))).astype(np.float32)
    sizes = islands_of(build_terrain(coordinates))
    assert 4 <= len(sizes) <= 30


def test_the_densest_ground_is_the_highest() -> None:
    rng = np.random.default_rng(0)
    dense, sparse = rng.normal(0, 1, (3_000, 2)), rng.normal((12, 0), 1, (300, 2))
    terrain = build_terrain(np.concatenate([dense, sparse]).astype(np.float32))
    high, low = elevation_at(terrain, [[0.0, 0.0], [12.0, 0.0]])
    assert high > low + 0.15
    assert 0.8 < high < 1.6


def test_the_sea_is_wide_and_the_frame_holds_all_land() -> None:
    coordinates, _ = points()
    terrain = build_terrain(coordinates)
    (west, south), side = terrain.origin, terrain.side
    x0, y0, x1, y1 = terrain.frame
    assert west < x0 < x1 < west + side
    assert south < y0 < y1 < south + side
    width = np.ptp(coordinates, axis=0).max()
    assert coordinates[:, 0].min() - west > 0.2 * width
    inside = Window(west, south, west + side, south + side, 300, 300)
    columns = elevation_on(terrain, inside).height.max(axis=0) > 0
    x = west + (np.flatnonzero(columns) + 0.5) * side / 300
    assert x0 < x.min() < x.max() < x1


def test_the_same_coordinates_give_the_same_terrain() -> None:
    coordinates, _ = points()
    assert build_terrain(coordinates).fingerprint == build_terrain(coordinates.copy()).fingerprint


def test_moving_and_scaling_the_map_changes_nothing_but_its_units() -> None:
    coordinates, _ = points()
    terrain, moved = build_terrain(coordinates), build_terrain(coordinates * 8 + 64)
    near = elevation_at(terrain, coordinates), elevation_at(moved, coordinates * 8 + 64)
    assert np.abs(near[0] - near[1]).max() < 0.02


def test_the_coast_does_not_move_between_zooms() -> None:
    terrain = build_terrain(points(20_000)[0])
    x0, y0, x1, y1 = terrain.frame
    for east, north in ((0.2, 0.3), (0.5, 0.5), (0.1, 0.6)):
        west, south = x0 + east * (x1 - x0), y0 + north * (y1 - y0)
        size = (x1 - x0) / 8
        far = elevation_on(terrain, Window(west, south, west + size, south + size, 64, 64)).height > 0
        near = elevation_on(terrain, Window(west, south, west + size, south + size, 512, 512)).height > 0
        middles = near[4::8, 4::8]
        assert (far == middles).mean() > 0.985


def test_elevation_at_points_is_the_elevation_of_their_pixels() -> None:
    terrain = build_terrain(points()[0])
    x0, y0, x1, _ = terrain.frame
    size = (x1 - x0) / 4_000
    window = Window(x0 + 3, y0 + 3, x0 + 3 + 64 * size, y0 + 3 + 64 * size, 64, 64)
    rows, columns = np.mgrid[0:64, 0:64]
    at = np.stack([window.x0 + (columns + 0.5) * size, window.y1 - (rows + 0.5) * size], axis=-1).reshape(-1, 2)
    assert np.abs(elevation_at(terrain, at).reshape(64, 64) - elevation_on(terrain, window).height).max() < 0.01


@pytest.mark.parametrize(
    "coordinates",
    [
        np.zeros((1, 2)),
        np.full((50, 2), 1e6),
        np.array([[0, 0], [1, 0]]),
        np.stack([np.linspace(0, 1, 200), np.zeros(200)], axis=1),
        np.concatenate([np.random.default_rng(0).normal(size=(500, 2)), [[1e4, 1e4]]]),
    ],
    ids=["one item", "all in one place", "two items", "on a line", "one item very far off"],
)
def test_odd_maps_still_have_land_under_their_items(coordinates: np.ndarray) -> None:
    coordinates = coordinates.astype(np.float32)
    terrain = build_terrain(coordinates)
    assert np.isfinite(terrain.shape).all()
    assert np.isfinite(terrain.detail).all()
    assert (elevation_at(terrain, coordinates) > 0).mean() > 0.9


def test_a_million_items_take_about_a_second() -> None:
    rng = np.random.default_rng(0)
    coordinates = (rng.normal(size=(1_000_000, 2)) + 6 * rng.integers(0, 3, size=(1_000_000, 1))).astype(np.float32)
    started = time.process_time()
    build_terrain(coordinates)
    assert time.process_time() - started < 6
