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

__all__ = ["Block", "Field", "sample_points", "sample_window", "window_of_blocks"]

Block = Callable[[NDArray[np.intp], NDArray[np.intp]], NDArray[np.float32]]
"""Takes row and column numbers, which may lie outside the grid, and returns their coefficients."""


@dataclass(frozen=True, eq=False)
class Field:
    """A surface on a window: `value`, and its slopes `dx` (east) and `dy` (north), (h, w) float32 each."""

    value: NDArray[np.float32]
    dx: NDArray[np.float32]
    dy: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Taps:
    """Which cells a line of pixels reads, and the sparse (m, cells) weights that read them."""

    cells: NDArray[np.intp]
    value: Any
    slope: Any


def sample_window(grid: NDArray[np.float32], columns: NDArray[np.float64], rows: NDArray[np.float64]) -> Field:
    """Evaluate (g, g) spline coefficients at `columns` (w,) and `rows` (h,), shares 0..1 of the square.

    Slopes are per edge of the square. Beyond the edge the outermost cells go on.
    """
    last = len(grid) - 1

    def block(across: NDArray[np.intp], along: NDArray[np.intp]) -> NDArray[np.float32]:
        return grid[np.clip(across, 0, last)[:, None], np.clip(along, 0, last)]

    return window_of_blocks(block, len(grid), columns, rows)


def window_of_blocks(block: Block, cells: float, columns: NDArray[np.float64], rows: NDArray[np.float64]) -> Field:
    """Evaluate a surface given by `block` with `cells` cells along the square's edge; see `sample_window`."""
    across, along = _taps(rows * cells - 0.5), _taps(columns * cells - 0.5)
    turned = np.ascontiguousarray(block(across.cells, along.cells).T)
    flat = np.ascontiguousarray((along.value @ turned).T)
    leaning = np.ascontiguousarray((along.slope @ turned).T)
    scale = np.float32(cells)
    return Field(across.value @ flat, (across.value @ leaning) * scale, (across.slope @ flat) * scale)


def sample_points(grid: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float32]:
    """Evaluate (g, g) spline coefficients at points `x`, `y` (m,), shares 0..1 of the square."""
    from scipy.ndimage import map_coordinates

    at = np.stack([np.asarray(y) * len(grid) - 0.5, np.asarray(x) * len(grid) - 0.5])
    values = map_coordinates(grid, at, order=3, prefilter=False, mode="nearest", output=np.float32)
    return np.asarray(values, dtype=np.float32)


def _taps(positions: NDArray[np.float64]) -> _Taps:
    from scipy.sparse import csr_matrix

    base = np.floor(positions).astype(np.intp)
    t = positions - base
    first, stop = int(base.min()) - 1, int(base.max()) + 3
    indices = ((base - 1 - first)[:, None] + np.arange(4)).ravel()
    shape, starts = (len(positions), stop - first), np.arange(0, 4 * len(positions) + 1, 4)
    value, slope = (csr_matrix((w.astype(np.float32).ravel(), indices, starts), shape=shape) for w in _weights(t))
    return _Taps(np.arange(first, stop), value, slope)


def _weights(t: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The four cubic B-spline weights at the fraction `t` of a cell, and their derivatives; (m, 4) each."""
    s = 1 - t
    value = [s**3 / 6, (3 * t**3 - 6 * t**2 + 4) / 6, (3 * s**3 - 6 * s**2 + 4) / 6, t**3 / 6]
    slope = [-(s**2) / 2, (3 * t**2 - 4 * t) / 2, (4 * s - 3 * s**2) / 2, t**2 / 2]
    return np.stack(value, axis=1), np.stack(slope, axis=1)
