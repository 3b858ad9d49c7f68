"""The height of the land: two grids, and a coast that stays ragged however near one looks.

The grids hold what the items say. The coast is moved sideways by a little fractal noise (height plus slope
times displacement), a sixth of each octave's cell, so that no octave can tear off islands of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.records import Terrain
from cartography.surface.noise import fractal_noise, noise_at
from cartography.surface.splines import Field, Lens, sample_points
from cartography.surface.window import Window

__all__ = ["Elevation", "elevation_at", "elevation_on"]

COAST_CELLS = 192.0
"""Lattice cells per edge of the coarsest octave of the coast; what is coarser is baked into the grids."""
COAST_REACH = 0.17 / COAST_CELLS
"""How far that octave moves the coast, as a share of the edge."""
GAIN = 0.43
"""The height of each octave by that of the one before."""
FINEST_CELLS = COAST_CELLS * 2.0**11
_LEVEL = 1e-3  # slopes below this count as level ground


@dataclass(frozen=True, eq=False)
class Elevation:
    """A terrain on a window, (h, w) float32 each.

    `height` is 0 at the coast and below 0 at sea, `dx` and `dy` its slopes per edge of the square. `slope` is
    the length of the slope before the coast was moved, and `noise` (unit deviation) what moved it.
    """

    height: NDArray[np.float32]
    dx: NDArray[np.float32]
    dy: NDArray[np.float32]
    slope: NDArray[np.float32]
    noise: Field

    @property
    def inland(self) -> NDArray[np.float32]:
        """Distance to the coast as a share of the edge, negative at sea; right near the coast only."""
        return self.height / self.slope


def elevation_on(terrain: Terrain, window: Window, lens: Lens | None = None) -> Elevation:
    """Return the terrain's elevation on a window's pixels, north in row 0; `lens` is the window's, if at hand."""
    lens = lens or window.lens(terrain)
    pixels = terrain.side / window.pixel
    shape, detail = lens.field_of(terrain.shape), lens.field_of(_thinned(terrain, pixels))
    noise = fractal_noise(COAST_CELLS, min(FINEST_CELLS, pixels / 2), GAIN, lens)
    dx, dy = shape.dx + detail.dx, shape.dy + detail.dy
    slope = np.maximum(np.hypot(dx, dy), np.float32(_LEVEL))
    moved = slope * np.float32(COAST_REACH)
    height = shape.value + detail.value + moved * noise.value
    return Elevation(height, dx + moved * noise.dx, dy + moved * noise.dy, slope, noise)


def elevation_at(terrain: Terrain, points: ArrayLike) -> NDArray[np.float32]:
    """Return the elevation (m,) at points (m, 2) in map units; above 0 is land."""
    at = (np.asarray(points, dtype=np.float64).reshape(-1, 2) - terrain.origin) / terrain.side
    x, y = at[:, 0], at[:, 1]
    noise = noise_at(COAST_CELLS, FINEST_CELLS, GAIN, at) * np.float32(COAST_REACH)
    return np.asarray(_grids_at(terrain, x, y) + noise * _slope_at(terrain, x, y), dtype=np.float32)


def _grids_at(terrain: Terrain, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float32]:
    return sample_points(terrain.shape, x, y) + sample_points(terrain.detail, x, y)


def _slope_at(terrain: Terrain, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float32]:
    """The slope (m,) of the grids, by differences a quarter of a detail cell to each side."""
    step = 0.25 / len(terrain.detail)
    east = _grids_at(terrain, x + step, y) - _grids_at(terrain, x - step, y)
    north = _grids_at(terrain, x, y + step) - _grids_at(terrain, x, y - step)
    return np.asarray(np.maximum(np.hypot(east, north) / (2 * step), _LEVEL), dtype=np.float32)


def _thinned(terrain: Terrain, pixels: float) -> NDArray[np.float32]:
    """The detail grid, averaged down until a cell is no smaller than 0.7 pixels: no flicker, less work."""
    levels = _pyramid(terrain)
    halvings = np.floor(np.log2(max(len(terrain.detail) / (pixels * 1.4), 1.0)))
    return levels[min(int(halvings), len(levels) - 1)]


@lru_cache(maxsize=8)
def _pyramid(terrain: Terrain) -> tuple[NDArray[np.float32], ...]:
    levels = [terrain.detail]
    while len(levels[-1]) % 2 == 0 and len(levels[-1]) > 128:
        grid = levels[-1]
        half = len(grid) // 2
        levels.append(grid.reshape(half, 2, half, 2).mean(axis=(1, 3)))
    return tuple(levels)
