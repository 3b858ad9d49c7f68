"""The nearest items to many vectors at once: products find the candidates, true differences put them in order."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each
from cartography.neighbours.metrics import Space
from cartography.neighbours.settling import SPARE, smallest
from cartography.progress import Progress, report

__all__ = ["nearest_to_many"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

_STAGE = "Finding neighbours"
_AT_ONCE = 1024  # queries; so many share the work of making a block of items ready
_PRODUCTS = 1 << 22  # inner products held at once by a thread: 16 MB of float32
_NUMBERS = 1 << 22  # of items made ready at once: 16 MB
_CROWD = 4  # times as many as are kept, from which it is quicker to look at a whole block


def nearest_to_many(
    vectors: Floats,
    queries: Floats,
    k: int,
    metric: str,
    left_out: NDArray[np.int64],
    *,
    progress: Progress | None = None,
) -> tuple[Rows, Floats]:
    """Return rows (m, k) and distances (m, k) of the items (n, d) nearest to queries (m, d), nearest first.

    `left_out` (m,) is a row to leave out for each query, -1 for none; k is at least 1, and at most the number of
    items that remain. Raises `Cancelled` when `progress` does, which it may after each block of queries.
    """
    space = Space.of(vectors, metric)
    if metric == "cosine" and not queries.any(axis=1).all():
        space = replace(space, widened=True)
    asking = queries if metric == "dot" else space.queries(queries)
    rows = np.empty((len(queries), k), np.int64)
    found = np.empty((len(queries), k), np.float32)
    count = min(len(vectors), k + SPARE)
    at_once = max(1, min(_AT_ONCE, -(-len(queries) // (os.cpu_count() or 1))))

    def search(first: int) -> None:
        part = slice(first, first + at_once)
        candidates = _candidates(vectors, asking[part], count, space, left_out[part])
        near, apart = _without(*_in_order(vectors, asking[part], candidates, space), left_out[part])
        rows[part], found[part] = near[:, :k], apart[:, :k]

    for_each(search, range(0, len(queries), at_once), lambda fraction: report(progress, _STAGE, fraction))
    report(progress, _STAGE, 1.0)
    return rows, found if metric == "dot" else space.distances(found, asking)


def _candidates(vectors: Floats, asking: Floats, count: int, space: Space, left_out: NDArray[np.int64]) -> Rows:
    """Return the rows (m, count) that seem nearest, looking at the items block by block."""
    step = max(count, min(_NUMBERS // vectors.shape[1], _PRODUCTS // len(asking)))
    best, ranks = np.empty((len(asking), 0), np.int64), np.empty((len(asking), 0), np.float32)
    for start in range(0, len(vectors), step):
        rank = _rank(vectors[start : start + step], asking, space)
        here = (left_out >= start) & (left_out < start + rank.shape[1])
        rank[here, left_out[here] - start] = np.inf
        columns, own = _better(rank, ranks.max(axis=1, initial=np.inf if start == 0 else -np.inf), count)
        best, ranks = np.hstack([best, columns + start]), np.hstack([ranks, own])
        if best.shape[1] > count:
            kept = smallest(ranks, count)
            best, ranks = np.take_along_axis(best, kept, axis=1), np.take_along_axis(ranks, kept, axis=1)
    return best


def _rank(block: Floats, asking: Floats, space: Space) -> Floats:
    """What orders the items of a block for each query as their distances do, (m, b)."""
    if space.metric == "dot":
        return np.asarray(-(asking @ block.T))
    points = space.points(block)
    rank = asking @ points.T
    rank *= -2
    rank += np.einsum("ij,ij->i", points, points)
    return np.asarray(rank)


def _better(rank: Floats, edge: Floats, count: int) -> tuple[Rows, Floats]:
    """Return columns and ranks (m, any) of what may be among the `count` smallest, given that these lie below `edge`.

    Once a few blocks have been looked at, that is next to nothing, and far quicker to find than the smallest of all.
    Places left over hold infinity.
    """
    if not np.isfinite(edge).all():
        return _smallest(rank, count)
    queries, columns = np.nonzero(rank < edge[:, None])
    each = np.bincount(queries, minlength=len(rank))
    if each.max() > _CROWD * count:
        return _smallest(rank, count)
    place = np.arange(len(queries)) - np.repeat(np.cumsum(each) - each, each)
    found = np.zeros((len(rank), int(each.max())), np.int64)
    ranks = np.full(found.shape, np.inf, np.float32)
    found[queries, place], ranks[queries, place] = columns, rank[queries, columns]
    return found, ranks


def _smallest(rank: Floats, count: int) -> tuple[Rows, Floats]:
    kept = smallest(rank, min(count, rank.shape[1]))
    return kept, np.take_along_axis(rank, kept, axis=1)


def _in_order(vectors: Floats, asking: Floats, candidates: Rows, space: Space) -> tuple[Rows, Floats]:
    """Order each query's candidates (m, c) by what they truly are apart, then by row."""
    candidates = np.sort(candidates, axis=1)
    apart = np.empty(candidates.shape, np.float32)
    step = max(1, _NUMBERS // (candidates.shape[1] * vectors.shape[1]))
    for start in range(0, len(asking), step):
        part = slice(start, start + step)
        apart[part] = _apart(vectors, candidates[part], asking[part], space)
    order = np.argsort(apart, axis=1, kind="stable")
    return np.take_along_axis(candidates, order, axis=1), np.take_along_axis(apart, order, axis=1)


def _without(rows: Rows, apart: Floats, left_out: NDArray[np.int64]) -> tuple[Rows, Floats]:
    """Put what is to be left out behind all others."""
    last = np.argsort(rows == left_out[:, None], axis=1, kind="stable")
    return np.take_along_axis(rows, last, axis=1), np.take_along_axis(apart, last, axis=1)


def _apart(vectors: Floats, candidates: Rows, asking: Floats, space: Space) -> Floats:
    """Squared distances (m, c) from each query to its candidates; for dot what is missing to the longest squared."""
    chosen = vectors[candidates.ravel()]
    if space.metric == "dot":
        shaped = chosen.reshape(*candidates.shape, -1).astype(np.float64)
        products = np.einsum("ijk,ik->ij", shaped, asking.astype(np.float64))
        return np.asarray(space.longest**2 - products, np.float32)
    difference = space.points(chosen).reshape(*candidates.shape, -1) - asking[:, None]
    return np.asarray(np.einsum("ijk,ijk->ij", difference, difference))
