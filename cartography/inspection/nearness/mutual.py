"""Whether nearness goes both ways: is what is asked about among the nearest of its own neighbours?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.neighbours.lookup import Lookup, count_nearer
from cartography.records import EmbeddingSet, NeighbourGraph

__all__ = ["NO", "UNKNOWN", "YES", "mutual"]

YES, NO, UNKNOWN = 1, 0, -1
"""It is among their nearest, it is not, or that was not looked up."""

Flags = NDArray[np.int8]

_WORK = 1 << 32  # products of two numbers that may be spent on this: half a second or so
_LOOKED_UP = (
    3,
    1 << 28,
)
"""Neighbours looked up one by one where rounding leaves it open: at least, or for so many numbers in all."""


def mutual(
    embeddings: EmbeddingSet,
    lookup: Lookup,
    rows: NDArray[np.int64],
    k: int,
    *,
    item: int | None = None,
    graph: NeighbourGraph | None = None,
) -> Flags:
    """Return for each of these neighbours (m,) whether the query of `lookup` is among its k nearest.

    The query is `item`, or no item: then it is if it would be. What `graph`, which must be of this metric, knows is
    taken from there. The rest is computed while that takes half a second or so, the nearest first; what lies beyond
    that is `UNKNOWN`.
    """
    flags = np.full(len(rows), UNKNOWN, np.int8)
    if graph is not None and graph.n_neighbors:
        flags = _told_by(graph, lookup, rows, min(k, len(embeddings) - 1), item)
    able = _WORK // (len(embeddings) * embeddings.dimensions)
    open_ones = np.flatnonzero(flags == UNKNOWN)[:able]
    if len(open_ones):
        flags[open_ones] = _computed(embeddings, lookup, rows[open_ones], k, item)
    return flags


def _told_by(graph: NeighbourGraph, lookup: Lookup, rows: NDArray[np.int64], k: int, item: int | None) -> Flags:
    """Return what a graph knows: all where it holds k neighbours, else only that some surely are."""
    held = min(k, graph.n_neighbors)
    if item is not None:
        inside = (graph.indices[rows, :held] == item).any(axis=1)
    else:
        inside = lookup.distances(rows) <= graph.distances[rows, held - 1]
    return np.where(inside, YES, NO if held == k else UNKNOWN).astype(np.int8)


def _computed(embeddings: EmbeddingSet, lookup: Lookup, rows: NDArray[np.int64], k: int, item: int | None) -> Flags:
    """Count who is nearer to each neighbour than the query is."""
    others = [Lookup(embeddings, embeddings.vectors[row], lookup.metric) for row in rows]
    own = [[int(row)] if item is None else [int(row), item] for row in rows]
    surely, maybe = count_nearer(others, lookup.measured(rows), own)
    flags = np.where(maybe < k, YES, np.where(surely >= k, NO, UNKNOWN)).astype(np.int8)
    fewest, work = _LOOKED_UP
    for place in np.flatnonzero(flags == UNKNOWN)[: max(fewest, work // embeddings.vectors.size)]:
        flags[place] = _looked_up(others[place], lookup, int(rows[place]), k, item)
    return flags


def _looked_up(other: Lookup, lookup: Lookup, row: int, k: int, item: int | None) -> int:
    found, distances = other.nearest(k, [row])
    if item is not None:
        return YES if item in found else NO
    return YES if len(found) < k or lookup.distances([row])[0] <= distances[-1] else NO
