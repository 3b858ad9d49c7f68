"""Cubic B-splines on regular grids, with exact slopes, at the same cost wherever one looks.

A grid of coefficients defines a surface with two continuous derivatives; a window of it is
`rows @ block @ columns.T` with four weights per pixel row and column, so it costs pixels, not cells.
Unser, "Splines: a perfect fit for signal and image processing", IEEE Signal Processing Magazine 16(6), 1999.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Block", "Field", "Lens", "sample_points"]

Floats = NDArray[np.float32]
Block = Callable[[NDArray[np.intp], NDArray[np.intp]], Floats]
"""Takes row and column numbers, which may lie outside the grid, and returns their coefficients."""


@dataclass(frozen=True, eq=False)
class Field:
    """A surface on a window: `value`, and its slopes `dx` (east) and `dy` (north), (h, w) float32 each."""

    value: Floats
    dx: Floats
    dy: Floats


@dataclass(frozen=True, eq=False)
class _Taps:
    """Which cells a line of pixels reads, and the (pixels, cells) weights that read them."""

    cells: NDArray[np.intp]
    value: Any
    slope: Any


class Lens:
    """Reads surfaces at the crossings of `columns` (w,) and `rows` (h,), shares 0..1 of the square's edge.

    Weights are kept and shared by all surfaces of one cell size, so use one lens per window and thread.
    """

    def __init__(self, columns: NDArray[np.float64], rows: NDArray[np.float64]) -> None:
        self.columns, self.rows = columns, rows
        self._taps: dict[float, tuple[_Taps, _Taps]] = {}

    @property
    def shape(self) -> tuple[int, int]:
        """(h, w) of what is read."""
        return len(self.rows), len(self.columns)

    def moved(self, east: float, north: float) -> Lens:
        """Return a lens that looks so far east and north of this one."""
        return Lens(self.columns + east, self.rows + north)

    def field(self, block: Block, cells: float) -> Field:
        """Read a surface of `cells` cells along the square's edge, with its slopes per edge."""
        down, along = self._taps_of(cells)
        turned = block(down.cells, along.cells).T
        flat, leaning = (along.value @ turned).T, (along.slope @ turned).T
        scale = np.float32(cells)
        return Field(down.value @ flat, (down.value @ leaning) * scale, (down.slope @ flat) * scale)

    def value(self, block: Block, cells: float) -> Floats:
        """Read the same surface without its slopes, in a third of the time."""
        down, along = self._taps_of(cells)
        read: Floats = down.value @ (along.value @ block(down.cells, along.cells).T).T
        return read

    def field_of(self, grid: Floats) -> Field:
        """Read (g, g) spline coefficients with slopes; beyond the edge the outermost cells go on."""
        return self.field(_block_of(grid), len(grid))

    def value_of(self, grid: Floats) -> Floats:
        """Read (g, g) spline coefficients; beyond the edge the outermost cells go on."""
        return self.value(_block_of(grid), len(grid))

    def _taps_of(self, cells: float) -> tuple[_Taps, _Taps]:
        if cells not in self._taps:
            self._taps[cells] = _taps(self.rows * cells - 0.5), _taps(self.columns * cells - 0.5)
        return self._taps[cells]


def sample_points(grid: Floats, x: NDArray[np.float64], y: NDArray[np.float64]) -> Floats:
    """Evaluate (g, g) spline coefficients at points `x`, `y` (m,), shares 0..1 of the square."""
    from scipy.ndimage import map_coordinates

    at = np.stack([np.asarray(y) * len(grid) - 0.5, np.asarray(x) * len(grid) - 0.5])
    values = map_coordinates(grid, at, order=3, prefilter=False, mode="nearest", output=np.float32)
    return np.asarray(values, dtype=np.float32)


def _block_of(grid: Floats) -> Block:
    last = len(grid) - 1

    def block(down: NDArray[np.intp], along: NDArray[np.intp]) -> Floats:
        return grid[np.clip(down, 0, last)[:, None], np.clip(along, 0, last)]

    return block


def _taps(positions: NDArray[np.float64]) -> _Taps:
    base = np.floor(positions).astype(np.intp)
    first, stop = int(base.min()) - 1, int(base.max()) + 3
    cells = (base - 1 - first)[:, None] + np.arange(4)
    value, slope = _weights((positions - base).astype(np.float32))
    count = stop - first
    return _Taps(np.arange(first, stop), _matrix(cells, value, count), _matrix(cells, slope, count))


def _matrix(cells: NDArray[np.intp], weights: Floats, count: int) -> Any:
    """The sparse (m, count) matrix with `weights` (m, 4) at `cells` (m, 4).

    Sparse even where it is small: a dense product would start as many threads as there are processors in every
    thread that paints a tile, and take five times as long on a busy machine.
    """
    from scipy.sparse import csr_matrix

    starts = np.arange(0, cells.size + 1, 4)
    return csr_matrix((weights.ravel(), cells.ravel(), starts), shape=(len(cells), count))


def _weights(t: Floats) -> tuple[Floats, Floats]:
    """The four cubic B-spline weights at the fraction `t` (m,) of a cell, and their slopes; (m, 4) each."""
    s = 1 - t
    value = [s**3 / 6, (3 * t**3 - 6 * t**2 + 4) / 6, (3 * s**3 - 6 * s**2 + 4) / 6, t**3 / 6]
    slope = [-(s**2) / 2, (3 * t**2 - 4 * t) / 2, (4 * s - 3 * s**2) / 2, t**2 / 2]
    return np.stack(value, axis=1), np.stack(slope, axis=1)
