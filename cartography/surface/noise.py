"""Deterministic fractal noise with exact slopes: coasts that stay ragged and slopes that stay rough at any zoom.

Lattice noise after Perlin, "An image synthesizer", SIGGRAPH 1985, on one endless (periodic) lattice of
random numbers smoothed by the same cubic B-splines as the terrain. It depends on the place alone: never
on the seed, the tile or the machine, so that neighbouring tiles and all zooms agree.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cartography.surface.splines import Block, Field, Lens

__all__ = ["fractal_noise", "noise_at"]

_PERIOD = 256
_SPREAD = 0.479  # standard deviation that the B-spline leaves of a lattice of unit deviation


@lru_cache(maxsize=1)
def _lattice() -> NDArray[np.float32]:
    values = np.random.default_rng(20_240_229).standard_normal((_PERIOD, _PERIOD))
    lattice = (np.clip(values, -2.2, 2.2) / _SPREAD).astype(np.float32)
    lattice.flags.writeable = False
    return lattice


def fractal_noise(coarsest: float, finest: float, gain: float, lens: Lens, layer: int = 0) -> Field:
    """Sum octaves from `coarsest` up to `finest` cells per edge, each `gain` times as high as the one before.

    The first has unit deviation; the last fades in as `finest` grows, so nothing pops up while zooming.
    Another `layer` is another noise.
    """
    value, dx, dy = (np.zeros(lens.shape, dtype=np.float32) for _ in range(3))
    for number, (cells, weight) in enumerate(_octaves(coarsest, finest, gain)):
        octave = lens.field(_block(layer + number), cells)
        value += weight * octave.value
        dx += weight * octave.dx
        dy += weight * octave.dy
    return Field(value, dx, dy)


def noise_at(
    coarsest: float, finest: float, gain: float, points: NDArray[np.float64], layer: int = 0
) -> NDArray[np.float32]:
    """The same sum at single `points` (m, 2), shares 0..1 of the square."""
    from scipy.ndimage import map_coordinates

    x, y = points.T
    total = np.zeros(len(points), dtype=np.float32)
    for number, (cells, weight) in enumerate(_octaves(coarsest, finest, gain)):
        shift = _shift(layer + number)
        at = np.stack([y * cells - 0.5 + shift, x * cells - 0.5 + 3 * shift]) % _PERIOD
        total += weight * map_coordinates(
            _lattice(), at, order=3, prefilter=False, mode="grid-wrap", output=np.float32
        )
    return total


def _block(layer: int) -> Block:
    shift = _shift(layer)

    def block(down: NDArray[np.intp], along: NDArray[np.intp]) -> NDArray[np.float32]:
        return _lattice()[((down + shift) % _PERIOD)[:, None], (along + 3 * shift) % _PERIOD]

    return block


def _shift(layer: int) -> int:
    return 61 * layer + 17


def _octaves(coarsest: float, finest: float, gain: float) -> list[tuple[float, np.float32]]:
    """(cells, weight) of every octave that shows; the last is weighted by how far it has faded in."""
    count = np.log2(max(finest / coarsest, 1e-9)) + 1
    steps = range(max(0, int(np.ceil(count))))
    return [(coarsest * 2.0**i, np.float32(gain**i * min(1.0, count - i))) for i in steps]
