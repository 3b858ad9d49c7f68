"""Approximate neighbours: cells, matrix products between near cells, and true distances for the best candidates."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cartography.neighbours.blocks import for_each
from cartography.neighbours.cells import Cells, cells_of, reduced
from cartography.neighbours.metrics import from_squared, prepare
from cartography.progress import Progress, part_of, report

__all__ = ["approximate_neighbours"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

_FEW = 96  # dimensions in which candidates are looked for
_WORTH = 1.3  # times more dimensions than that before reducing pays
_PROBED = 24  # cells that each item looks into
_MOST_CELLS = 4096
_IN_A_CELL = 128  # items, at least
_CANDIDATES = 2.0  # times k
_TURNS = 1
_REACH = 8  # neighbours whose neighbours are tried
_BLOCK = 4096
_CHECKED = 400  # items whose true neighbours are found, to measure the recall
_STAGE = "Finding neighbours"


def approximate_neighbours(
    vectors: Floats, k: int, metric: str, progress: Progress | None = None, seed: int = 0
) -> tuple[Rows, Floats, float]:
    """Return rows (n, k), distances (n, k) and the recall measured on a sample.

    The distances are exact; a few of the neighbours are not the nearest. The same seed finds the same ones.
    """
    points = np.ascontiguousarray(prepare(vectors, metric), np.float32)
    n, d = points.shape
    report(progress, _STAGE, 0.0, "sorting into cells")
    few = reduced(points, _FEW, seed) if d > _FEW * _WORTH else points
    count = int(max(1, min(_MOST_CELLS, n / max(_IN_A_CELL, np.sqrt(n) / 2))))
    cells = cells_of(few, count, min(_PROBED, count), seed)
    report(progress, _STAGE, 0.15, "comparing cells")
    candidates = _candidates(few, cells, min(n - 1, int(_CANDIDATES * k) + 2), part_of(progress, 0.15, 0.6))
    del few
    rows, squared = _measured(points, cells.order, candidates, k, part_of(progress, 0.6, 0.95))
    indices, found = np.empty((n, k), np.int32), np.empty((n, k), np.float32)
    indices[cells.order], found[cells.order] = cells.order[rows], squared
    recall = _recall(points, indices, seed)
    report(progress, _STAGE, 1.0)
    return indices, from_squared(found, metric), recall


def _candidates(few: Floats, cells: Cells, count: int, progress: Progress | None) -> Rows:
    """Return for each place the places (n, count) that seem nearest; -1 where too few were looked at."""
    from cartography.kernels.neighbour_search import join, push

    sorted_points = few[cells.order]
    lengths = np.einsum("ij,ij->i", sorted_points, sorted_points)
    n = len(sorted_points)
    rows, rank = np.full((n, count), -1, np.int32), np.full((n, count), np.inf, np.float32)

    def compare(begin: int) -> None:
        """Let a block of items look into the cells near each; all that look into one cell do so in one product."""
        probes = cells.probes[begin : begin + _BLOCK]
        askers, asked = np.divmod(np.argsort(probes, axis=None, kind="stable"), probes.shape[1])
        wanted = probes[askers, asked]
        edges = np.flatnonzero(np.diff(wanted, prepend=-1, append=-1))
        for low, high in pairwise(edges):
            own = (begin + askers[low:high]).astype(np.int32)
            first, last = cells.starts[wanted[low]], cells.starts[wanted[low] + 1]
            products = sorted_points[own] @ sorted_points[first:last].T
            push(products, lengths[first:last], own, first, rows, rank)

    for_each(compare, range(0, n, _BLOCK), partial(_say, part_of(progress, 0.0, 0.6), "comparing"))
    rank += lengths[:, None]
    np.maximum(rank, 0, out=rank)
    itself = np.arange(n, dtype=np.int32)
    reach = min(_REACH, count)
    for turn in range(_TURNS):
        known = rows.copy()

        def better(first: int, known: Rows = known) -> None:
            join(sorted_points, itself, known, rows, rank, reach, first, min(n, first + _BLOCK))

        tell = part_of(progress, 0.6 + 0.4 * turn / _TURNS, 0.6 + 0.4 * (turn + 1) / _TURNS)
        for_each(better, range(0, n, _BLOCK), partial(_say, tell, "refining"))
    return rows


def _measured(
    points: Floats, order: Rows, candidates: Rows, k: int, progress: Progress | None
) -> tuple[Rows, Floats]:
    """Measure the candidates in all dimensions; return the nearest (n, k) as places, and their distances²."""
    from cartography.kernels.neighbour_search import rerank

    n = len(order)
    rows, squared = np.empty((n, k), np.int32), np.empty((n, k), np.float32)

    def measure(first: int) -> None:
        rerank(points, order, candidates, rows, squared, first, min(n, first + _BLOCK))

    for_each(measure, range(0, n, _BLOCK), partial(_say, progress, "measuring"))
    return rows, squared


def _say(progress: Progress | None, what: str, done: float) -> None:
    report(progress, _STAGE, done, what)


def _recall(points: Floats, indices: Rows, seed: int) -> float:
    """The share of true neighbours among those found, for a sample of the items."""
    n, k = indices.shape
    sample = np.sort(np.random.default_rng(seed).choice(n, min(n, _CHECKED), replace=False))
    lengths = np.einsum("ij,ij->i", points, points)
    hits = 0
    for first in range(0, len(sample), 100):
        rows = sample[first : first + 100]
        rank = points[rows] @ points.T
        rank *= -2
        rank += lengths
        rank[np.arange(len(rows)), rows] = np.inf
        true = np.argpartition(rank, k - 1, axis=1)[:, :k]
        hits += sum(len(np.intersect1d(a, b)) for a, b in zip(true, indices[rows], strict=True))
    return hits / (k * len(sample))
