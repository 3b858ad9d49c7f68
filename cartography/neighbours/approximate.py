"""Approximate neighbours: cells, matrix products between near cells, true distances, then neighbours' neighbours."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each
from cartography.neighbours.cells import SAMPLE, WIDE, Cells, Shadow, cells_of, sampled
from cartography.neighbours.metrics import Space
from cartography.neighbours.widening import ENOUGH, Pair, Search
from cartography.progress import Progress, part_of, report

__all__ = ["approximate_neighbours", "more_neighbours"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

_PROBED = 26  # cells that each item looks into
_MOST_CELLS = 4096
_CELL_SIZE = 0.3  # items in a cell, times the root of all
_SMALLEST = 64
_CANDIDATES = 1.9  # times k
_AT_ONCE = 1 << 22  # inner products that a thread holds at once
_TURNS = 4  # of trying neighbours' neighbours; for dot those are hardly nearer than others
_BLOCK = 4096
_STAGE = "Finding neighbours"


def approximate_neighbours(
    vectors: Floats, k: int, metric: str, progress: Progress | None = None, seed: int = 0
) -> tuple[Rows, Floats, float]:
    """Return rows (n, k), distances (n, k) and the recall measured on a sample.

    The distances are exact; a few of the neighbours are not the nearest. The same seed finds the same ones. Vectors
    are read in blocks; what is held is one sorted copy in float32, and one in fewer dimensions.
    """
    n = len(vectors)
    report(progress, _STAGE, 0.0, "sorting into cells")
    space = Space.of(vectors, metric)
    probed = _PROBED if space.symmetric else 3 * _PROBED
    fewer = _ready(vectors, space, _shadow(vectors, space, seed))
    count = int(max(1, min(_MOST_CELLS, n / max(_SMALLEST, _CELL_SIZE * np.sqrt(n)))))
    cells = cells_of(fewer.found, fewer.asking, count, min(probed, count), seed)
    fewer = _sorted(fewer, cells.order)
    report(progress, _STAGE, 0.15, "comparing cells")
    candidates = _candidates(fewer, cells, min(n - 1, int(_CANDIDATES * k) + 2), part_of(progress, 0.15, 0.5))
    search = Search(_ready(vectors, space, order=cells.order), fewer, k, part_of(progress, 0.5, 1.0))
    search.measure(*candidates)
    del candidates
    search.widen(seed, _TURNS if space.symmetric else 0)
    return _unsorted(search, cells.order, space)


def more_neighbours(
    vectors: Floats, known: Rows, k: int, metric: str, progress: Progress | None = None
) -> tuple[Rows, Floats, float]:
    """Return what `approximate_neighbours` does for a larger k, beginning with the rows (n, fewer) known already.

    Where too few are found from there, the search begins anew.
    """
    n = len(known)
    space = Space.of(vectors, metric)
    order = np.argsort(known[:, 0], kind="stable").astype(np.int32)  # those with one nearest item lie together
    places = np.empty(n, np.int32)
    places[order] = np.arange(n, dtype=np.int32)
    points = _ready(vectors, space, order=order)
    search = Search(points, points, k, progress)
    search.begin(places[known[order]])
    search.widen(0, 2 * _TURNS)
    if search.recall < ENOUGH:
        return approximate_neighbours(vectors, k, metric, progress)
    return _unsorted(search, order, space)


def _shadow(vectors: Floats, space: Space, seed: int) -> Shadow | None:
    """Fewer dimensions, where the vectors have many; not for dot, whose queries lie elsewhere than its points."""
    if not space.symmetric:
        return None
    sample = space.points(vectors[sampled(len(vectors), SAMPLE, seed)])
    return Shadow.of(sample) if sample.shape[1] > WIDE else None


def _ready(vectors: Floats, space: Space, shadow: Shadow | None = None, order: Rows | None = None) -> Pair:
    """Make all items ready, block by block: in `order`, so that what is near is mostly near in memory."""

    def made(ready: Callable[[Floats], Floats]) -> Floats:
        first = ready(vectors[:1]) if shadow is None else shadow(ready(vectors[:1]))
        out = np.empty((len(vectors), first.shape[1]), np.float32)

        def fill(first: int) -> None:
            part = slice(first, first + _BLOCK)
            block = ready(vectors[part] if order is None else vectors[order[part]])
            out[part] = block if shadow is None else shadow(block)

        for_each(fill, range(0, len(vectors), _BLOCK), lambda _: None)
        return out

    found = made(space.points)
    return Pair(found, found if space.symmetric else made(space.queries))


def _sorted(pair: Pair, order: Rows) -> Pair:
    found = pair.found[order]
    return Pair(found, found if pair.asking is pair.found else pair.asking[order])


def _candidates(fewer: Pair, cells: Cells, count: int, progress: Progress | None) -> tuple[Rows, Floats]:
    """Return for each place the places (n, count) that seem nearest, and their squared distances there, ascending.

    Where too few were looked at, places are -1.
    """
    from cartography.kernels.neighbour_search import push

    points, queries = fewer.found, fewer.asking
    asking, lengths = fewer.lengths
    n, count_of_cells = len(points), len(cells.starts) - 1
    rows, rank = np.full((n, count), -1, np.int32), np.full((n, count), np.inf, np.float32)

    def compare(begin: int) -> None:
        """Let a block of items look into the cells near each; all that look into one cell do so in one product.

        The nearest cells come first: what is found there keeps most others out.
        """
        probes = cells.probes[begin : begin + _BLOCK]
        turns = probes + count_of_cells * _turn(probes.shape[1])
        askers, asked = np.divmod(np.argsort(turns, axis=None, kind="stable"), probes.shape[1])
        wanted = turns[askers, asked]
        edges = np.flatnonzero(np.diff(wanted, prepend=-1, append=-1))
        for begins, ends in pairwise(edges):
            own = (begin + askers[begins:ends]).astype(np.int32)
            cell = wanted[begins] % count_of_cells
            first, last = cells.starts[cell], cells.starts[cell + 1]
            step = max(256, _AT_ONCE // len(own))  # a cell full of duplicates may hold very many
            for low in range(first, last, step):
                high = min(last, low + step)
                push(queries[own] @ points[low:high].T, lengths[low:high], own, low, rows, rank)

    for_each(compare, range(0, n, _BLOCK), lambda done: report(progress, _STAGE, done, "comparing"))
    rank += asking[:, None]
    return rows, np.maximum(rank, 0, out=rank)


def _turn(probed: int) -> Rows:
    """Return when an item looks into the cells near it: the nearest by itself, then three, then the others."""
    return np.searchsorted([1, 4], np.arange(probed), side="right").astype(np.int32)


def _unsorted(search: Search, order: Rows, space: Space) -> tuple[Rows, Floats, float]:
    n, k = search.rows.shape
    indices, found = np.empty((n, k), np.int32), np.empty((n, k), np.float32)
    indices[order] = order[search.rows]
    found[order] = np.maximum(space.distances(search.squared, search.points.asking), 0)
    return indices, found, search.recall
