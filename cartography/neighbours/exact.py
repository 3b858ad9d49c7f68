"""Exact neighbours: matrix products in blocks, or a k-d tree where the space has few dimensions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each
from cartography.neighbours.metrics import Space
from cartography.neighbours.settling import ROUNDING, SPARE, settle, smallest
from cartography.progress import Progress, report

__all__ = ["exact_neighbours"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

_TREE_DIMENSIONS = 8  # above this a k-d tree looks at nearly every item
_PRODUCTS = 1 << 23  # inner products a thread holds at once: 32 MB of float32
_ROWS = 8192
_STAGE = "Finding neighbours"


def exact_neighbours(vectors: Floats, k: int, metric: str, progress: Progress | None = None) -> tuple[Rows, Floats]:
    """Return rows (n, k) int32 and distances (n, k) float32 of the nearest other items, nearest first.

    Equal distances are ordered by row. Distances are computed from differences, never from inner products,
    so that duplicates are at distance 0.
    """
    n = len(vectors)
    if k == 0:
        return np.empty((n, 0), np.int32), np.empty((n, 0), np.float32)
    if metric == "dot":
        return _by_inner_products(vectors, k, progress)
    space = Space.of(vectors, metric)
    points = space.points(vectors)
    search = _by_tree if vectors.shape[1] <= _TREE_DIMENSIONS else _by_products
    indices, squared = search(points, k, progress)
    report(progress, _STAGE, 1.0)
    return indices, space.distances(squared, points)


def _by_products(points: Floats, k: int, progress: Progress | None) -> tuple[Rows, Floats]:
    """One block of rows per thread at a time; each multiplies on its own.

    Threads inside the matrix product would wait for each other at every block, which costs many times the product
    itself as soon as anything else, such as a browser drawing the map, wants a processor. Where rounding in the
    products could hide a true neighbour, in a group that is tight and far from the middle, all that might be one are
    measured.
    """
    n = len(points)
    lengths = np.einsum("ij,ij->i", points, points)
    indices, squared = np.empty((n, k), np.int32), np.empty((n, k), np.float32)
    slack = np.float32(ROUNDING * float(lengths.max()))

    def search(start: int) -> None:
        rows = np.arange(start, min(n, start + step))
        rank = points[rows] @ points.T
        rank *= -2
        rank += lengths
        rank[np.arange(len(rows)), rows] = np.inf
        candidates = smallest(rank, min(n - 1, k + SPARE))
        indices[rows], squared[rows] = settle(points, points[rows], candidates, k)
        edge = np.take_along_axis(rank, candidates, axis=1).max(axis=1) + lengths[rows]
        for place in np.flatnonzero((squared[rows, -1] + slack > edge) & (squared[rows, -1] > 0)):
            row = rows[place]
            able = np.flatnonzero(rank[place] <= squared[row, -1] + slack - lengths[row])
            indices[row], squared[row] = _nearest_of(points, row, able, k)

    step = max(1, min(n, _PRODUCTS // n))
    for_each(search, range(0, n, step), lambda fraction: report(progress, _STAGE, fraction))
    return indices, squared


def _nearest_of(points: Floats, row: int, able: NDArray[np.intp], k: int) -> tuple[Rows, Floats]:
    """Measure one item against all that may be near it, a few at a time."""
    squared = np.empty(len(able), np.float32)
    for start in range(0, len(able), _ROWS):
        difference = points[able[start : start + _ROWS]] - points[row]
        squared[start : start + _ROWS] = np.einsum("ij,ij->i", difference, difference)
    order = np.argsort(squared, kind="stable")[:k]
    return able[order].astype(np.int32), squared[order]


def _by_inner_products(vectors: Floats, k: int, progress: Progress | None) -> tuple[Rows, Floats]:
    """The largest inner products, in float64, and by how much they fall short of the largest squared length."""
    n = len(vectors)
    longest = Space.of(vectors, "dot").longest ** 2
    indices, distances = np.empty((n, k), np.int32), np.empty((n, k), np.float32)
    step = max(1, min(n, _PRODUCTS // n))

    def search(start: int) -> None:
        rows = np.arange(start, min(n, start + step))
        rank = vectors[rows] @ vectors.T
        np.negative(rank, out=rank)
        rank[np.arange(len(rows)), rows] = np.inf
        candidates = np.sort(smallest(rank, min(n - 1, k + SPARE)), axis=1)
        for row, own in zip(rows, candidates, strict=True):
            products = vectors[own].astype(np.float64) @ vectors[row].astype(np.float64)
            order = np.argsort(-products, kind="stable")[:k]
            indices[row], distances[row] = own[order], np.maximum(longest - products[order], 0)

    for_each(search, range(0, n, step), lambda fraction: report(progress, _STAGE, fraction))
    report(progress, _STAGE, 1.0)
    return indices, distances


def _by_tree(points: Floats, k: int, progress: Progress | None) -> tuple[Rows, Floats]:
    from scipy.spatial import cKDTree

    n = len(points)
    tree = cKDTree(points)
    indices, squared = np.empty((n, k), np.int32), np.empty((n, k), np.float32)
    step = 65_536
    for start in range(0, n, step):
        report(progress, _STAGE, start / n)
        rows = np.arange(start, min(n, start + step))
        _, found = tree.query(points[rows], k=min(n, k + 1), workers=-1)
        candidates = _without_self(np.atleast_2d(found), rows)
        indices[rows], squared[rows] = settle(points, points[rows], candidates, k)
    return indices, squared


def _without_self(found: NDArray[np.intp], rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Drop each row from its own list; where duplicates crowded it out, drop the last instead."""
    is_self = found == rows[:, None]
    is_self[~is_self.any(axis=1), -1] = True
    others: NDArray[np.intp] = found[~is_self].reshape(len(rows), -1)
    return others
