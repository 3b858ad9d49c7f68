"""Fog where the map is not faithful, dragons where items have no near neighbours."""

from __future__ import annotations

from math import exp, log

import numpy as np
from numpy.typing import NDArray

from cartography.land.terrain import land_kernel
from cartography.records import Dragon, Fidelity, Fog, NeighbourGraph, Terrain

__all__ = ["build_dragons", "build_fog"]

Grid = NDArray[np.float64]

CELLS = 256
MARGIN = 0.25
"""The way from chance to a perfect map; a place that does not come so far lies in fog.

There about three in four true neighbours are somewhere else altogether. Over the places of digits, words and
questions, UMAP and t-SNE come 0.2 to 0.9 of that way, the first two principal components mostly less than 0.2.
"""
_EDGE = 0.125  # of the same way: so far above the line fog begins, so far below it is thickest
_TELLING = 0.2  # between chance and all: with less, no map could be told from a random one
_SHORE = 3.0  # fog fades out from where one item is felt to where only exp(-3) of one is
_BELIEF = 3  # a place is taken to be like the whole map until more items than these say otherwise

LARGEST_SHARE = 0.01
MOST_PLACES = 6
FARTHER = 1.5
"""Dragons are at least so many times as far from their neighbours as the median item, however even the others lie."""
_FIRST = 5  # neighbours whose median distance tells how lonely an item is: two copies are lonely still
_FEWEST = 20  # items, below which nothing is usual or unusual
_SURE = 10  # maps with an exponential tail for each false dragon; normal and uniform data have lighter tails
_PLACE = 0.05  # of the world's edge: dragons nearer to each other share a place
_BLOCK = 1_000_000


def build_fog(terrain: Terrain, coordinates: NDArray[np.float32], fidelity: Fidelity | None) -> Fog | None:
    """Return where the map is not faithful, or None when that was not measured.

    A place is as faithful as the items around it on average: the share of their true neighbours that are in the same
    part of the map (`Fidelity.near`). Fog lies where that is less than a quarter of the way from chance to all. One
    bad item makes no fog, and where chance alone comes next to all, as among a handful of items, there is none. Takes
    a second for ten million items; (256, 256) cells.
    """
    if fidelity is None or not len(coordinates):
        return None
    baseline = fidelity.near_baseline
    threshold = baseline + MARGIN * (1 - baseline)
    cells = _cells(terrain, coordinates)
    kernel = land_kernel(_few(terrain, coordinates)) * CELLS / len(terrain.shape)
    count, near = _summed(cells), _summed(cells, fidelity.near)
    faithful = _averaged(count, near, kernel, fidelity.overall_near)
    edge = max(_EDGE * (1 - baseline), 1e-6)
    thickness = _spread(count, _smooth((threshold + edge - faithful) / (2 * edge)), kernel)
    share = float(count[thickness > 0.5].sum() / len(coordinates))
    if share == 0 or 1 - baseline < _TELLING:
        thickness, share = np.zeros_like(thickness), 0.0
    return Fog(thickness, share, threshold, baseline)


def _cells(terrain: Terrain, coordinates: NDArray[np.float32]) -> NDArray[np.int32]:
    """The cell (n,) of the flattened grid that each item stands in."""
    cells = np.empty(len(coordinates), np.int32)
    for first in range(0, len(cells), _BLOCK):
        unit = (coordinates[first : first + _BLOCK].astype(np.float64) - terrain.origin) / terrain.side
        at = np.clip((unit * CELLS).astype(np.int32), 0, CELLS - 1)
        cells[first : first + _BLOCK] = at[:, 1] * CELLS + at[:, 0]
    return cells


def _few(terrain: Terrain, coordinates: NDArray[np.float32]) -> NDArray[np.float64]:
    """Some of the items, as shares of the world's edge."""
    few = coordinates[:: max(1, len(coordinates) // 50_000)].astype(np.float64)
    return np.asarray((few - terrain.origin) / terrain.side)


def _summed(cells: NDArray[np.int32], weights: NDArray[np.float32] | None = None) -> Grid:
    return np.bincount(cells, weights, CELLS * CELLS).reshape(CELLS, CELLS).astype(np.float64)


def _averaged(count: Grid, near: Grid, kernel: float, overall: float) -> Grid:
    """How faithful the map is around each cell; `overall` where only an item or two could say."""
    items, sums = _blurred(count, kernel), _blurred(near, kernel)
    return (sums + _BELIEF * overall) / (items + _BELIEF)


def _spread(count: Grid, verdict: Grid, kernel: float) -> NDArray[np.float32]:
    """Lay what is said of the items over the ground around them, as far as land would reach."""
    items = _blurred(count, kernel)
    mean = _blurred(count * verdict, kernel) / np.maximum(items, 1e-9)
    shore = 1 + np.log(np.maximum(items, 1e-9)) / _SHORE
    return (np.clip(mean, 0, 1) * _smooth(shore)).astype(np.float32)


def _blurred(grid: Grid, kernel: float) -> Grid:
    """A Gaussian average under which an item counts as one where it stands."""
    from scipy.ndimage import gaussian_filter

    return np.asarray(gaussian_filter(grid, kernel, mode="constant", truncate=4) * (2 * np.pi * kernel**2))


def _smooth(share: Grid) -> Grid:
    t = np.clip(share, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def build_dragons(
    terrain: Terrain, coordinates: NDArray[np.float32], neighbours: NeighbourGraph | None
) -> tuple[Dragon, ...]:
    """Return the places of items that are near nothing in the original space, most populous first.

    An item is as lonely as its median distance to its first 5 neighbours; how lonely is unusual is read off the tail
    of the logarithms of these distances. At most 1 % of the items are dragons, in at most 6 places, the loneliest
    before others. None under the inner product, which is no distance: short vectors are near nothing.
    """
    if neighbours is None or neighbours.n_neighbors == 0 or neighbours.metric == "dot":
        return ()
    alone = _loneliness(neighbours)
    rows = np.flatnonzero(alone > _unusual(alone))
    most = max(1, int(LARGEST_SHARE * len(alone)))
    rows = rows[np.argsort(-alone[rows], kind="stable")][:most]
    return _places(terrain, coordinates, rows, alone)


def _loneliness(neighbours: NeighbourGraph) -> NDArray[np.float64]:
    """The distance (n,) to nearby items as a multiple of the median one; copies have 0 and count for nothing."""
    first = min(_FIRST, neighbours.n_neighbors)
    away = neighbours.distances[:, first // 2].astype(np.float64)
    apart = away[away > 0]
    return away / np.median(apart) if len(apart) else away


def _unusual(alone: NDArray[np.float64]) -> float:
    """How lonely none of n items is when the logarithms of these distances have an exponential tail.

    Its slope is that between the last 5 % and the last 1 % (of a few items 15 % and 3 %): there whole groups of loose
    items, or heavy tails, show.
    """
    apart = alone[alone > 0]
    if len(apart) < _FEWEST:
        return float("inf")
    last = min(max(LARGEST_SHARE, 10 / len(apart)), 0.03)
    begin, end = np.log(np.quantile(apart, (1 - 5 * last, 1 - last)))
    slope = float(end - begin) / log(5)
    return max(FARTHER, exp(float(end) + slope * max(0.0, log(last * len(apart) * _SURE))))


def _places(
    terrain: Terrain, coordinates: NDArray[np.float32], rows: NDArray[np.intp], alone: NDArray[np.float64]
) -> tuple[Dragon, ...]:
    """Gather `rows` (m,), loneliest first, each with all that are left near it on the map."""
    places: list[Dragon] = []
    while len(rows) and len(places) < MOST_PLACES:
        steps = coordinates[rows] - coordinates[rows[0]]
        here = np.hypot(steps[:, 0], steps[:, 1]) <= _PLACE * terrain.side
        x, y = coordinates[rows[here]].mean(axis=0, dtype=np.float64)
        loneliest = int(rows[0])
        places.append(Dragon(float(x), float(y), int(here.sum()), loneliest, float(alone[loneliest])))
        rows = rows[~here]
    return tuple(sorted(places, key=lambda place: (-place.population, -place.distance)))
