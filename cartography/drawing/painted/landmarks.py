"""Mountains, hills and woods in ink, as on old maps: they say how dense the ground is, as large on any zoom.

They stand on a jittered lattice whose cells double with every zoom level and hang on the place alone: neighbouring
tiles, all strips of a page and two runs agree on every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.painted.stamps import Stamp, stamps_of
from cartography.drawing.themes import Theme
from cartography.records import Terrain
from cartography.surface import Lens, elevation_at

__all__ = ["BANDS", "Landmarks"]

BANDS = (("peaks", 0.80, 9.0), ("hills", 0.58, 0.80), ("woods", 0.16, 0.46))
"""What stands on which heights; between the woods and the hills the ground is bare."""
_SHARES = {"peaks": 0.80, "hills": 0.55, "woods": 0.42}
"""Share of the lattice's places that are taken: crowded symbols would hide the land."""
_SPACING = 38.0
"""About how far the places lie apart, in units."""
_COARSEST = 8.0
"""Cells along the square's edge on level 0 of the lattice."""
_REACH = 26.0
"""Units that a symbol may reach beyond its place."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Places:
    """Where symbols may stand: shares of the edge (m, 2), and three even random numbers 0..1 for each (m, 3)."""

    at: NDArray[np.float64]
    chance: NDArray[np.float64]


class Landmarks:
    """Draws the symbols of one theme into painted land. Holds tables only, so threads may share it."""

    def __init__(self, terrain: Terrain, theme: Theme) -> None:
        self._terrain = terrain
        self._theme = theme

    def onto(self, picture: Floats, lens: Lens, pixel: float, unit: float) -> None:
        """Draw into `picture` (h, w, 3), sRGB 0..1, which `lens` sees; `pixel` is a share of the edge."""
        places = _places(lens, pixel, unit)
        if not len(places.at):
            return
        terrain = self._terrain
        height = elevation_at(terrain, places.at * terrain.side + terrain.origin)
        stamps = stamps_of(self._theme, round(unit * 4) / 4)
        west, north = round(lens.columns[0] / pixel - 0.5), round(lens.rows[0] / pixel - 0.5)
        for i in np.lexsort((places.at[:, 0], -places.at[:, 1])):  # those in the south stand before the others
            kind = _kind_at(float(height[i]), float(places.chance[i, 2]))
            if kind is None:
                continue
            choice = stamps[kind][int(places.chance[i, 2] * 7919) % len(stamps[kind])]
            column, row = (round(float(value) / pixel - 0.5) for value in places.at[i])
            _press(picture, choice, column - west, north - row)


def _kind_at(height: float, chance: float) -> str | None:
    for kind, low, high in BANDS:
        if low <= height < high:
            return kind if chance < _SHARES[kind] else None
    return None


def _places(lens: Lens, pixel: float, unit: float) -> _Places:
    """The lattice's places on a window and as far beyond it as symbols reach."""
    level = int(np.floor(np.log2(1 / (_COARSEST * _SPACING * unit * pixel)) + 0.5))
    cells = _COARSEST * 2.0 ** max(level, 0)
    beyond = _REACH * unit * pixel
    columns = _cells(lens.columns.min() - beyond, lens.columns.max() + beyond, cells)
    rows = _cells(lens.rows.min() - beyond, lens.rows.max() + beyond, cells)
    column, row = (grid.ravel() for grid in np.meshgrid(columns, rows))
    chance = np.stack([_hashed(column, row, 31 * max(level, 0) + salt) for salt in range(3)], axis=1)
    at = (np.stack([column, row], axis=1) + 0.18 + 0.64 * chance[:, :2]) / cells
    return _Places(at, chance)


def _cells(low: float, high: float, cells: float) -> NDArray[np.int64]:
    first, last = max(0, int(np.floor(low * cells))), min(int(cells) - 1, int(np.floor(high * cells)))
    return np.arange(first, last + 1, dtype=np.int64)


def _hashed(column: NDArray[np.int64], row: NDArray[np.int64], salt: int) -> NDArray[np.float64]:
    """Even numbers 0..1 that hang on a cell alone (the finaliser of MurmurHash3, Appleby, 2011)."""
    with np.errstate(over="ignore"):
        mixed = column.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= (row.astype(np.uint64) + np.uint64(salt) * np.uint64(0x632BE59BD9B4E019)) * np.uint64(
            0xC2B2AE3D27D4EB4F
        )
        for shift, factor in ((33, 0xFF51AFD7ED558CCD), (33, 0xC4CEB9FE1A85EC53)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(33)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53)


def _press(picture: Floats, stamp: Stamp, column: int, row: int) -> None:
    """Lay a stamp over the picture, its foot at (column, row)."""
    height, width = picture.shape[:2]
    left, top = column - stamp.foot[0], row - stamp.foot[1]
    tall, wide = stamp.alpha.shape
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + wide, width), min(top + tall, height)
    if x0 >= x1 or y0 >= y1:
        return
    part = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    under = picture[y0:y1, x0:x1]
    under *= 1 - stamp.alpha[part][..., None]
    under += stamp.colour[part]
