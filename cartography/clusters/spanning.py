"""Minimum spanning trees under mutual reachability: how sparse a place one must cross to get from item to item.

In up to three dimensions, and for few items, the tree is exact. Else it is that of the neighbour graph; parts that
the graph leaves unconnected are tied where a few of their items are nearest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.parts import ties_between
from cartography.curve import along_a_curve
from cartography.neighbours.metrics import Space
from cartography.progress import Progress, report
from cartography.records import NeighbourGraph

__all__ = ["EXACT", "MOST_DIMENSIONS", "SpanningTree", "tree_of_graph", "tree_of_points"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

MOST_DIMENSIONS = 3
"""Dimensions in which the tree is exact for any number of items."""
EXACT = 2_000
"""Items up to which it is exact in any number of dimensions."""
_STAGE = "Finding clusters"
_BLOCK = 16_384
_LISTED = 24  # neighbours kept in the lists, at most
_BEYOND = 8  # of which farther than the one that says how dense it is


@dataclass(frozen=True, eq=False)
class SpanningTree:
    """The n - 1 ties between `heads` and `tails` that hold n items together, shortest first, with `lengths`."""

    heads: Rows
    tails: Rows
    lengths: Floats

    def __len__(self) -> int:
        return len(self.heads) + 1


class _Forest:
    """Parts of n items that grow together, each called by one of its items."""

    def __init__(self, n: int) -> None:
        self.parts = np.arange(n, dtype=np.int32)
        self.links = self.parts.copy()
        self.best = np.full(n, np.inf, np.float32)
        self.best_heads, self.best_tails = np.zeros(n, np.int32), np.zeros(n, np.int32)
        self.heads, self.tails = np.empty(max(n - 1, 0), np.int32), np.empty(max(n - 1, 0), np.int32)
        self.lengths = np.empty(max(n - 1, 0), np.float32)
        self.count = 0

    def unite(self, but: int = -1) -> int:
        """Join the parts, `but` one, along their best ties; return how many ties that made."""
        from cartography.kernels.spanning_tree import unite

        before = self.count
        best = (self.best, self.best_heads, self.best_tails)
        self.count = unite(self.links, self.parts, *best, self.heads, self.tails, self.lengths, before, but)
        return self.count - before

    @property
    def whole(self) -> bool:
        return self.count == len(self.heads)

    def tree(self, order: Rows | None = None) -> SpanningTree:
        """Return the finished tree; `order` says which items the rows stand for."""
        by_length = np.argsort(self.lengths, kind="stable")
        heads, tails = self.heads[by_length], self.tails[by_length]
        if order is not None:
            heads, tails = order[heads], order[tails]
        return SpanningTree(heads, tails, self.lengths[by_length])


def tree_of_points(points: Floats, samples: int, progress: Progress | None = None) -> SpanningTree:
    """Return the exact tree of points (n, d), d up to 3; an item is as dense as its `samples`-th item is near."""
    from cartography.kernels.spanning_tree import LEAF, bound, look, own

    order = along_a_curve(points)
    report(progress, _STAGE, 0.0, "density")
    places = np.ascontiguousarray(points[order], np.float32)
    n, d = places.shape
    rows, apart, core, reach = _lists(places, samples, lambda done: report(progress, _STAGE, 0.6 * done, "density"))
    boxes = 2 * (1 << int(np.ceil(np.log2(max(1, np.ceil(n / LEAF)))))) - 1
    low, high = np.empty((boxes, d), np.float32), np.empty((boxes, d), np.float32)
    least, owners = np.empty(boxes, np.float32), np.empty(boxes, np.int32)
    bound(places, core, low, high, least)
    forest = _Forest(n)
    best = (forest.best, forest.best_heads, forest.best_tails)
    while not forest.whole:
        own(forest.parts, owners)
        largest = int(np.bincount(forest.parts).argmax()) if forest.count else -1
        _offer(forest, rows, apart, core, progress)
        for first in range(0, n, _BLOCK):
            report(progress, _STAGE, 0.6 + 0.4 * forest.count / n, "joining")
            last = min(n, first + _BLOCK)
            look(places, core, reach, forest.parts, low, high, least, owners, *best, largest, first, last)
        forest.unite(largest)
    return forest.tree(order)


def tree_of_graph(
    graph: NeighbourGraph, vectors: Floats, samples: int, progress: Progress | None = None
) -> SpanningTree:
    """Return the tree of the graph, its parts tied together; cosine counts as distance between unit vectors.

    Few items are compared with all others instead.
    """
    rows, apart, core = _all_pairs(vectors, graph.metric, samples) if len(graph) <= EXACT else _known(graph, samples)
    forest = _Forest(len(rows))
    while not forest.whole:
        _offer(forest, rows, apart, core, progress)
        if forest.unite() == 0:
            heads, tails, lengths = ties_between(forest.parts, vectors, graph.metric, progress)
            rest = slice(forest.count, None)
            forest.heads[rest], forest.tails[rest] = heads, tails
            forest.lengths[rest] = np.maximum(lengths, np.maximum(core[heads], core[tails]))
            forest.count = len(forest.heads)
    return forest.tree()


def _known(graph: NeighbourGraph, samples: int) -> tuple[Rows, Floats, Floats]:
    """Return neighbours (n, k), their distances, and each item's core distance (n,), as kernels want them."""
    k = graph.n_neighbors
    rows = np.array(graph.indices, order="C")  # kernels take no read-only arrays
    apart = np.sqrt(2 * graph.distances) if graph.metric == "cosine" else np.array(graph.distances, order="C")
    core = apart[:, min(samples - 2, k - 1)].copy() if samples > 1 else np.zeros(len(rows), np.float32)
    return rows, apart, core


def _all_pairs(vectors: Floats, metric: str, samples: int) -> tuple[Rows, Floats, Floats]:
    """Like `_known`, for a few items: every item is a neighbour of every one."""
    points = Space.of(vectors, metric).points(vectors).astype(np.float64)
    lengths = (points**2).sum(axis=1)
    squared = lengths[:, None] + lengths - 2 * points @ points.T
    np.fill_diagonal(squared, 0)
    apart = np.sqrt(np.maximum(squared, 0)).astype(np.float32)
    n = len(points)
    rows = np.tile(np.arange(n, dtype=np.int32), (n, 1))
    return rows, apart, np.partition(apart, samples - 1, axis=1)[:, samples - 1].copy()


def _offer(forest: _Forest, rows: Rows, apart: Floats, core: Floats, progress: Progress | None) -> None:
    from cartography.kernels.spanning_tree import offer

    n = len(rows)
    best = (forest.best, forest.best_heads, forest.best_tails)
    for first in range(0, n, _BLOCK * 2):
        report(progress, _STAGE, 0.6 + 0.4 * forest.count / n, "joining")
        offer(rows, apart, core, forest.parts, *best, first, min(n, first + _BLOCK * 2))


def _lists(points: Floats, samples: int, told: Callable[[float], None]) -> tuple[Rows, Floats, Floats, Floats]:
    """Return neighbours (n, k), their distances, each item's core distance and how far its list reaches."""
    from scipy.spatial import cKDTree

    n = len(points)
    asked = min(n, samples + _BEYOND)
    kept = min(asked - 1, _LISTED)
    rows, apart = np.empty((n, kept), np.int32), np.empty((n, kept), np.float32)
    core = np.empty(n, np.float32)
    tree = cKDTree(points)
    for first in range(0, n, _BLOCK):
        told(first / n)
        part = slice(first, min(n, first + _BLOCK))
        distances, found = tree.query(points[part], k=range(1, asked + 1), workers=-1)
        core[part] = distances[:, min(samples, n) - 1]
        rows[part], apart[part] = found[:, 1 : kept + 1], distances[:, 1 : kept + 1]
    return rows, apart, core, apart[:, -1].copy() if kept else np.zeros(n, np.float32)
