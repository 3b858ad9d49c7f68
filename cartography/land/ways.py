"""Ways over land and sea: least-cost paths on a coarse grid of the elevation, smoothed, and the curves of ferries.

Dijkstra, "A note on two problems in connexion with graphs", Numerische Mathematik 1, 1959, with sixteen directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.land.polylines import evenly, lengths
from cartography.records import Terrain
from cartography.surface import Window, elevation_on, fractal_noise
from cartography.surface.noise import noise_at

__all__ = ["Ground", "ferry_line", "paths_between", "share_at_sea", "survey"]

CELLS = 224
"""Cells along the longer edge of the part of the world that is worth showing."""
BAY = 3.0
"""Cells of water that a road may cross by a bridge; what is wider takes a ferry."""
_AT_SEA, _AT_SHORE, _CLIMB, _TOWN, _WINDING = 24.0, 1.2, 30.0, 1.5, 0.4  # what they add to the cost of a cell's width
_SHORE = 0.04  # height
_BEND, _BENT = 7.0, 0.5  # cells between the bends of a road, and how far it swings
_STEPS = ((0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1))
_BOWS = (0.07, -0.07, 0.12, -0.12, 0.18, -0.18, 0.25, -0.25)

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ground:
    """The world as a traveller meets it, on a grid with the south in row 0.

    Attributes
    ----------
    corner, cell : (2,) the south-west corner and the width of a cell, in map units
    height : (h, w) float32, above 0 on land
    cost : (h, w), what it costs to cross a cell on the level, about 1 on open land
    piece : (h, w) int32, the number of the land that a cell belongs or is nearest to; a bay's width parts no land
    ways : sparse (h * w, h * w), the cost of each step
    """

    terrain: Terrain
    corner: Points
    cell: float
    height: NDArray[np.float32]
    cost: Points
    piece: NDArray[np.int32]
    ways: Any

    def cells_of(self, points: Points) -> NDArray[np.intp]:
        """Return the (m,) numbers of the cells in which points (m, 2) in map units lie."""
        at = np.floor((points - self.corner) / self.cell).astype(np.intp)
        high, wide = self.height.shape
        return np.clip(at[:, 1], 0, high - 1) * wide + np.clip(at[:, 0], 0, wide - 1)

    def middles(self, cells: NDArray[np.intp]) -> Points:
        """Return the middles (m, 2) of cells, in map units."""
        down, along = np.divmod(cells, self.height.shape[1])
        return self.corner + (np.stack([along, down], axis=1) + 0.5) * self.cell


def survey(terrain: Terrain, towns: Points) -> Ground:
    """Return the ground of a terrain with towns (t, 2), which roads to other towns go around."""
    x0, y0, x1, y1 = terrain.frame
    low, high = np.minimum((x0, y0), towns.min(axis=0)), np.maximum((x1, y1), towns.max(axis=0))
    cell = float((high - low).max()) / CELLS
    wide, tall = (max(1, int(np.ceil(edge / cell))) for edge in high - low)
    window = Window(low[0], low[1], low[0] + wide * cell, low[1] + tall * cell, wide, tall)
    lens = window.lens(terrain)
    height = elevation_on(terrain, window, lens).height[::-1]
    winding = fractal_noise(terrain.side / cell / 14, terrain.side / cell / 5, 0.6, lens, layer=40).value[::-1]
    cost = _cost(height, (towns - low) / cell) * np.exp(_WINDING * winding)
    return Ground(terrain, low, cell, height, cost, _pieces(height > 0), _ways(height, cost))


def _cost(height: NDArray[np.float32], towns: Points) -> Points:
    """What it costs (h, w) to cross a cell, 1 on open land."""
    from scipy.ndimage import gaussian_filter

    marks = np.zeros(height.shape)
    at = np.clip(towns[:, ::-1].astype(int), 0, np.array(height.shape) - 1)
    marks[at[:, 0], at[:, 1]] = 1.0
    near = np.minimum(gaussian_filter(marks, 1.2) * (2 * np.pi * 1.2**2), 1.0)
    shore = np.clip(1 - height / _SHORE, 0, 1)
    return np.asarray(1 + np.where(height > 0, _AT_SHORE * shore, _AT_SEA) + _TOWN * near)


def _pieces(land: NDArray[np.bool_]) -> NDArray[np.int32]:
    from scipy.ndimage import distance_transform_edt, label

    away = distance_transform_edt(~land)
    pieces, _ = label(away <= BAY / 2, np.ones((3, 3)))
    nearest = distance_transform_edt(pieces == 0, return_distances=False, return_indices=True)
    return np.asarray(pieces[tuple(nearest)], dtype=np.int32)


def _ways(height: NDArray[np.float32], cost: Points) -> Any:
    """Steps to the sixteen cells around each, dearer the dearer both ends are and the steeper it is."""
    from scipy.sparse import coo_array

    tall, wide = height.shape
    number = np.arange(tall * wide, dtype=np.int32).reshape(tall, wide)
    heads, tails, costs = [], [], []
    for down, along in _STEPS:
        one = (slice(0, tall - down), slice(max(0, -along), wide - max(0, along)))
        two = (slice(down, tall), slice(max(0, along), wide - max(0, -along)))
        climb = np.abs(np.maximum(height[two], 0) - np.maximum(height[one], 0))
        heads.append(number[one].ravel())
        tails.append(number[two].ravel())
        costs.append((np.hypot(down, along) * (cost[one] + cost[two]) / 2 + _CLIMB * climb).ravel())
    head, tail, price = np.concatenate(heads), np.concatenate(tails), np.concatenate(costs)
    both = (np.concatenate([price, price]), (np.concatenate([head, tail]), np.concatenate([tail, head])))
    return coo_array(both, shape=(tall * wide, tall * wide)).tocsr()


def paths_between(ground: Ground, first: Points, second: Points) -> list[tuple[Points, float]]:
    """Return the cheapest way from each of `first` (m, 2) to its partner, in map units, and the widest water on it.

    Water is measured in cells' widths. Ways with one beginning are looked for together.
    """
    starts, ends = ground.cells_of(first), ground.cells_of(second)
    found: dict[int, NDArray[np.intp]] = {}
    for start in np.unique(starts):
        which = np.flatnonzero(starts == start)
        found |= zip(which.tolist(), _routes(ground, int(start), ends[which]), strict=True)
    lines = [
        _smoothed(ground, np.concatenate([first[i : i + 1], ground.middles(found[i])[1:-1], second[i : i + 1]]))
        for i in range(len(first))
    ]
    return [(line, _widest_water(ground, found[i])) for i, line in enumerate(_wound(ground, lines))]


def _routes(ground: Ground, start: int, ends: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The cells from `start` to each of `ends`; no further is searched than a straight line would cost."""
    from scipy.sparse.csgraph import dijkstra

    limit = max(_straight(ground, start, int(end)) for end in ends)
    while True:
        away, before = dijkstra(ground.ways, indices=start, limit=limit, return_predecessors=True)
        if np.isfinite(away[ends]).all():
            return [_traced(before, start, int(end)) for end in ends]
        limit *= 1.5


def _straight(ground: Ground, start: int, end: int) -> float:
    """About what the straight way costs."""
    line = ground.middles(np.array([start, end]))
    length = float(np.hypot(*(line[1] - line[0]))) / ground.cell
    cells = ground.cells_of(evenly(line, int(length) + 1))
    climb = float(np.abs(np.diff(np.maximum(ground.height.ravel()[cells], 0))).sum())
    return 1.05 * length * float(ground.cost.ravel()[cells].mean()) + _CLIMB * climb + 1


def _traced(before: NDArray[np.int32], start: int, end: int) -> NDArray[np.intp]:
    cells = [end]
    while cells[-1] != start:
        cells.append(int(before[cells[-1]]))
    return np.array(cells[::-1], dtype=np.intp)


def _widest_water(ground: Ground, cells: NDArray[np.intp]) -> float:
    """The longest stretch at sea, in cells' widths."""
    wet = ground.height.ravel()[cells] <= 0
    steps = np.hypot(*np.diff(ground.middles(cells), axis=0).T) / ground.cell
    longest = now = 0.0
    for step, both in zip(steps, wet[1:] & wet[:-1], strict=True):
        now = now + float(step) if both else 0.0
        longest = max(longest, now)
    return longest


def _smoothed(ground: Ground, raw: Points) -> Points:
    """The way without the grid's corners, in even steps; less smooth where it would leave the land."""
    from scipy.ndimage import gaussian_filter1d

    length = float(lengths(raw)[-1]) / ground.cell
    line = even = evenly(raw, max(2, int(2 * length)))
    wet = _wet(ground, even)
    for width in (4.0, 2.0, 1.0):
        mirrored = gaussian_filter1d(_mirrored(even), width, axis=0, mode="nearest")
        line = mirrored[len(even) - 1 : 2 * len(even) - 1]
        if _wet(ground, line) <= wet:
            break
    line[0], line[-1] = raw[0], raw[-1]
    return line


def _wound(ground: Ground, lines: list[Points]) -> list[Points]:
    """The ways with bends, of noise that depends on the place alone; none at the ends nor where it would get wet."""
    if not lines:
        return []
    unit = (np.concatenate(lines) - ground.terrain.origin) / ground.terrain.side
    coarsest = ground.terrain.side / ground.cell / _BEND
    noise = np.stack([noise_at(coarsest, 2 * coarsest, 0.5, unit, layer) for layer in (42, 45)], axis=1)
    bends = np.split(_BENT * ground.cell * noise, np.cumsum([len(line) for line in lines])[:-1])
    return [_simplified(_bent(ground, *pair), 0.04 * ground.cell) for pair in zip(lines, bends, strict=True)]


def _bent(ground: Ground, line: Points, bends: Points) -> Points:
    steps = np.arange(len(line))
    bent = line + bends * np.minimum(np.minimum(steps, steps[::-1]) / 8, 1)[:, None]
    return bent if _wet(ground, bent) <= _wet(ground, line) else line


def _mirrored(line: Points) -> Points:
    """The line with its point reflection at both ends, so that a filter leaves the ends where they are."""
    return np.concatenate([2 * line[0] - line[:0:-1], line, 2 * line[-1] - line[-2::-1]])


def _wet(ground: Ground, line: Points) -> int:
    return int((ground.height.ravel()[ground.cells_of(line)] <= 0).sum())


def _simplified(line: Points, tolerance: float) -> Points:
    """The line with no more points than it takes to stay within `tolerance` (Douglas and Peucker, 1973)."""
    kept = np.zeros(len(line), dtype=bool)
    kept[[0, -1]] = True
    waiting = [(0, len(line) - 1)]
    while waiting:
        a, b = waiting.pop()
        if b - a < 2:
            continue
        chord = line[b] - line[a]
        between = line[a + 1 : b] - line[a]
        off = np.abs(chord[0] * between[:, 1] - chord[1] * between[:, 0]) / max(float(np.hypot(*chord)), 1e-300)
        worst = int(off.argmax())
        if off[worst] > tolerance:
            kept[a + 1 + worst] = True
            waiting += [(a, a + 1 + worst), (a + 1 + worst, b)]
    return line[kept]


def share_at_sea(ground: Ground, first: Points, second: Points) -> Points:
    """Return which shares (m,) of the straight lines from `first` (m, 2) to `second` lie at sea."""
    t = np.linspace(0, 1, 49)[:, None, None]
    cells = ground.cells_of((first + t * (second - first)).reshape(-1, 2))
    return np.asarray((ground.height.ravel()[cells] <= 0).reshape(len(t), -1).mean(axis=0))


def ferry_line(ground: Ground, first: Points, second: Points) -> Points:
    """Return one bowed curve between two places (2,), with little land on its way and little bow."""
    lines = [_bowed(first, second, bow) for bow in _BOWS]
    dry = [float((ground.height.ravel()[ground.cells_of(line)] > 0).mean()) for line in lines]
    return lines[int(np.argmin(np.array(dry) + np.abs(_BOWS)))]


def _bowed(first: Points, second: Points, bow: float) -> Points:
    """A quadratic curve whose middle lies `bow` of the distance to the left of the straight line."""
    across = second - first
    middle = (first + second) / 2 + 2 * bow * np.array([-across[1], across[0]])
    t = np.linspace(0, 1, 33)[:, None]
    return np.asarray((1 - t) ** 2 * first + 2 * t * (1 - t) * middle + t**2 * second)
