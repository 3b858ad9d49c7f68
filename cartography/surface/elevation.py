"""The height of the land: two grids, and a coast that stays ragged however near one looks.

The grids hold what the items say. The coast is moved sideways by a little fractal noise (height plus slope
times displacement), a tenth of each octave's width, so that no octave can tear off islands of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.records import Terrain
from cartography.surface.noise import fractal_noise, noise_at
from cartography.surface.splines import Field, sample_points, sample_window
from cartography.surface.window import Window

__all__ = ["Elevation", "elevation_at", "elevation_on"]

COAST_CELLS = 192.0
"""Lattice cells per edge of the coarsest octave of the coast; what is coarser is baked into the grids."""
COAST_REACH = 0.10 / COAST_CELLS
"""How far that octave moves the coast, as a share of the edge."""
FINEST_CELLS = COAST_CELLS * 2.0**8


@dataclass(frozen=True, eq=False)
class Elevation:
    """A terrain on a window, (h, w) float32 each.

    `height` is 0 at the coast and below 0 at sea, `dx` and `dy` its slopes per edge of the square,
    `displacement` how far the coast was moved there, as a share of the edge.
    """

    height: NDArray[np.float32]
    dx: NDArray[np.float32]
    dy: NDArray[np.float32]
    displacement: NDArray[np.float32]

    @property
    def steepness(self) -> NDArray[np.float32]:
        """The length of the slope, never quite 0."""
        return np.maximum(np.hypot(self.dx, self.dy), np.float32(1e-3))


def elevation_on(terrain: Terrain, window: Window) -> Elevation:
    """Return the terrain's elevation on a window's pixels, north in row 0."""
    columns, rows = window.columns(terrain), window.rows(terrain)
    pixels = terrain.side / window.pixel
    shape = sample_window(terrain.shape, columns, rows)
    detail = sample_window(_thinned(terrain, pixels), columns, rows)
    ragged = fractal_noise(COAST_CELLS, min(FINEST_CELLS, pixels / 2), 0.5, columns, rows)
    return _raised(shape, detail, ragged)


def _raised(shape: Field, detail: Field, ragged: Field) -> Elevation:
    dx, dy = shape.dx + detail.dx, shape.dy + detail.dy
    reach = np.float32(COAST_REACH)
    slope = np.hypot(dx, dy) * reach
    return Elevation(
        shape.value + detail.value + slope * ragged.value,
        dx + slope * ragged.dx,
        dy + slope * ragged.dy,
        ragged.value * reach,
    )


def elevation_at(terrain: Terrain, points: ArrayLike) -> NDArray[np.float32]:
    """Return the elevation (m,) at points (m, 2) in map units; above 0 is land."""
    at = (np.asarray(points, dtype=np.float64).reshape(-1, 2) - terrain.origin) / terrain.side
    x, y = at[:, 0], at[:, 1]
    height = sample_points(terrain.shape, x, y) + sample_points(terrain.detail, x, y)
    ragged = noise_at(COAST_CELLS, FINEST_CELLS, 0.5, x, y) * np.float32(COAST_REACH)
    return np.asarray(height + ragged * _steepness(terrain, x, y), dtype=np.float32)


def _steepness(terrain: Terrain, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float32]:
    """The slope (m,) of the grids by central differences a quarter of a detail cell wide."""
    step = 0.25 / len(terrain.detail)

    def height(east: float, north: float) -> NDArray[np.float32]:
        px, py = x + east, y + north
        return sample_points(terrain.shape, px, py) + sample_points(terrain.detail, px, py)

    rise_x, rise_y = height(step, 0) - height(-step, 0), height(0, step) - height(0, -step)
    return np.asarray(np.hypot(rise_x, rise_y) / (2 * step), dtype=np.float32)


def _thinned(terrain: Terrain, pixels: float) -> NDArray[np.float32]:
    """The detail grid, averaged down until a cell is no smaller than 0.7 pixels: no flicker, less work."""
    levels = _pyramid(terrain)
    halvings = int(np.clip(np.floor(np.log2(max(len(terrain.detail) / (pixels * 1.4), 1))), 0, len(levels) - 1))
    return levels[halvings]


@lru_cache(maxsize=8)
def _pyramid(terrain: Terrain) -> tuple[NDArray[np.float32], ...]:
    levels = [terrain.detail]
    while len(levels[-1]) % 2 == 0 and len(levels[-1]) > 128:
        grid = levels[-1]
        half = len(grid) // 2
        levels.append(grid.reshape(half, 2, half, 2).mean(axis=(1, 3)))
    return tuple(levels)
