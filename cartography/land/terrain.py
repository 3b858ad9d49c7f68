"""From coordinates to land: where items are dense the ground rises, where there are almost none lies the sea."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.records import Terrain
from cartography.surface import Lens, fractal_noise

__all__ = ["build_terrain", "land_kernel"]

SHAPE_CELLS = 512
SEA = 0.36
"""The sea on each side, as a share of the longer side of the items' bounding box."""
DEEPEST = -1.1
DROWNED, FILLED = -0.12, 0.09
"""The heights of specks that were sunk and of lakes that were filled."""
SHALLOW = 0.05
SMALLEST_LAKE = 120  # coarse cells
COAST_NOISE = (24.0, 96.0)
"""Lattice cells per edge of the octaves that bend the coast in the grids; finer ones are added on sampling."""


def build_terrain(coordinates: NDArray[np.float32]) -> Terrain:
    """Return the land under `coordinates` (n, 2): a square world with sea all around.

    The height is the logarithm of the items' density, 0 at the density that becomes coast and 1 near the
    densest ground. Land specks that hold next to no items and pin-hole lakes are removed. Takes about
    a second whatever n is; the same coordinates give the same terrain to the bit.
    """
    from scipy.ndimage import spline_filter

    origin, side = _square(coordinates)
    unit = (np.asarray(coordinates, dtype=np.float64) - origin) / side
    height, detail = _grids(unit)
    shape = spline_filter(height, order=3, output=np.float32)
    return Terrain(origin, side, shape, detail, _frame(height > 0, origin, side))


def _square(coordinates: NDArray[np.float32]) -> tuple[tuple[float, float], float]:
    """South-west corner and edge of the world: the items' bounding square with sea all around."""
    low, high = coordinates.min(axis=0).astype(np.float64), coordinates.max(axis=0).astype(np.float64)
    centre = (low + high) / 2
    longest = max(float((high - low).max()), 1e-5 * float(np.abs(centre).max()), 1e-6)
    side = longest * (1 + 2 * SEA)
    return (float(centre[0] - side / 2), float(centre[1] - side / 2)), side


def _frame(land: NDArray[np.bool_], origin: tuple[float, float], side: float) -> tuple[float, float, float, float]:
    """All land with some sea around it; the whole square when there is no land."""
    rows, columns = np.flatnonzero(land.any(axis=1)), np.flatnonzero(land.any(axis=0))
    if not len(rows):
        return origin[0], origin[1], origin[0] + side, origin[1] + side
    cell = side / len(land)
    margin = 0.07 * cell * max(np.ptp(rows), np.ptp(columns)) + 4 * cell
    west, south = origin[0] + columns[0] * cell - margin, origin[1] + rows[0] * cell - margin
    east, north = origin[0] + (columns[-1] + 1) * cell + margin, origin[1] + (rows[-1] + 1) * cell + margin
    return float(west), float(south), float(east), float(north)


def _grids(unit: NDArray[np.float64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    from scipy.ndimage import spline_filter

    cells = 2048 if len(unit) >= 50_000 else 1024
    kernel = land_kernel(unit)
    density = _density(unit, SHAPE_CELLS, kernel)
    level, gain = _levels(density, unit, kernel)
    height = np.log(density / level + 2e-3) * gain
    height = _tidied(_bent(np.maximum(height, DEEPEST)), unit)
    detail = _detail(unit, density, cells, kernel, level) * gain
    return height, spline_filter(_calmed(detail, height), order=3, output=np.float32)


def land_kernel(unit: NDArray[np.float64]) -> float:
    """Standard deviation, in coarse cells, of the kernel that makes land: wider when items are few.

    When a few far-off items stretch the square, the kernel shrinks with the room that all others are left.
    """
    low, high = np.percentile(unit[:: max(1, len(unit) // 50_000)], (1, 99), axis=0)
    crowded = float((high - low).max()) * (1 + 2 * SEA)
    return max(1.3, 2.4 * max(1.0, (1e6 / len(unit)) ** (1 / 6)) * min(1.0, 1.3 * crowded))


def _density(unit: NDArray[np.float64], cells: int, kernel: float) -> NDArray[np.float32]:
    """Items per coarse cell: a sharp kernel for the towns, a broad one for the skirts of the land."""
    from scipy.ndimage import gaussian_filter

    counts = _counts(unit, cells)
    sharp = gaussian_filter(counts, kernel, mode="constant", truncate=4)
    broad = gaussian_filter(counts, 2.2 * kernel, mode="constant", truncate=4)
    return np.asarray(0.6 * sharp + 0.4 * broad, dtype=np.float32)


def _counts(unit: NDArray[np.float64], cells: int) -> NDArray[np.float32]:
    at = np.clip((unit * cells).astype(np.int32), 0, cells - 1)
    counts = np.bincount(at[:, 1] * cells + at[:, 0], minlength=cells * cells)
    return counts.reshape(cells, cells).astype(np.float32)


def _levels(density: NDArray[np.float32], unit: NDArray[np.float64], kernel: float) -> tuple[float, float]:
    """The density that becomes coast, and the factor that brings the densest ground to height 1."""
    at = np.clip((unit * len(density)).astype(np.int32), 0, len(density) - 1)
    felt = np.sort(density[at[:, 1], at[:, 0]])
    lone = 1.0 / (2 * np.pi * kernel**2)
    summit = float(felt[int(0.995 * (len(felt) - 1))])
    coast = max(0.55 * float(felt[int(0.015 * (len(felt) - 1))]), 1.3 * lone, 0.004 * summit)
    coast = min(coast, 0.5 * float(felt[len(felt) // 2]))
    return coast, 1 / np.log(max(summit / coast, 3.0))


def _bent(height: NDArray[np.float32]) -> NDArray[np.float32]:
    """Move the coast sideways by low noise: a coast has capes and bays, a kernel density has circles."""
    cells = len(height)
    centres = (np.arange(cells) + 0.5) / cells
    coarsest, finest = COAST_NOISE
    noise = fractal_noise(coarsest, finest, 0.55, Lens(centres, centres)).value
    reach = np.float32(0.13 / coarsest) * (1 - np.clip(height / 0.5, 0, 1))
    slope = np.hypot(*np.gradient(height)) * cells
    coast = np.abs(height) < SHALLOW
    usual = float(np.median(slope[coast])) if coast.any() else 0.0
    return np.asarray(height + np.minimum(slope, usual) * reach * noise, dtype=np.float32)


def _tidied(height: NDArray[np.float32], unit: NDArray[np.float64]) -> NDArray[np.float32]:
    """Sink specks of land that hold next to no items and shoals near the surface; fill pin-hole lakes and dips."""
    counts = _counts(unit, len(height))
    smallest = max(2 if len(unit) >= 30 else 1, int(3e-4 * len(unit)))
    height = _pushed(height, _small(height > 0, counts, smallest), DROWNED)
    height = _pushed(height, _small(height <= 0, np.ones_like(counts), SMALLEST_LAKE), FILLED)
    height = _pushed(height, _small(height > -SHALLOW, height > 0, 1), DROWNED)
    return _pushed(height, _small(height < SHALLOW, height <= 0, 1), FILLED)


def _small(mask: NDArray[np.bool_], weights: NDArray[np.generic], smallest: float) -> NDArray[np.bool_]:
    """The pieces of a mask whose cells weigh less than `smallest` together."""
    from scipy.ndimage import label

    pieces, count = label(mask)
    weight = np.bincount(pieces.ravel(), weights.ravel(), minlength=count + 1)
    weight[0] = np.inf
    return np.asarray(weight[pieces] < smallest)


def _pushed(height: NDArray[np.float32], where: NDArray[np.bool_], target: float) -> NDArray[np.float32]:
    """Lead `height` smoothly over to `target` where the mask is set."""
    from scipy.ndimage import binary_dilation, gaussian_filter

    if not where.any():
        return height
    mask = gaussian_filter(binary_dilation(where, iterations=4).astype(np.float32), 1.2)
    return np.asarray(height * (1 - mask) + target * mask, dtype=np.float32)


def _detail(
    unit: NDArray[np.float64], density: NDArray[np.float32], cells: int, kernel: float, level: float
) -> NDArray[np.float32]:
    """What a finer kernel adds to the logarithm of the density, damped where it counts single items."""
    from scipy.ndimage import gaussian_filter, zoom

    ratio = cells / len(density)
    fine = max(2.0, kernel * ratio / 3.2)
    counts = gaussian_filter(_counts(unit, cells), fine, mode="constant", truncate=3) * ratio**2
    smooth = zoom(density, ratio, order=1, grid_mode=True, mode="nearest")
    damp = 4.0 * level + 3 / (2 * np.pi * (fine / ratio) ** 2)
    return np.log((counts + damp) / (smooth + damp))


def _calmed(detail: NDArray[np.float32], height: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fade the detail out towards the coast, which belongs to the coarse grid alone: no specks, no pin-holes."""
    from scipy.ndimage import zoom

    ground = zoom(height, len(detail) / len(height), order=1, grid_mode=True, mode="nearest")
    inland = np.clip((ground - 0.02) / 0.35, 0, 1)
    faded = 0.8 * detail * inland * inland * (3 - 2 * inland)
    deepest = 0.5 * np.maximum(ground, 1e-3)
    return np.asarray(np.where(faded < 0, deepest * np.tanh(faded / deepest), faded), dtype=np.float32)
