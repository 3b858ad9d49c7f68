"""The nearest items to any vectors: the same distances as the graph, for a handful of queries."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.blocks import for_each
from cartography.errors import ShapeError, unknown_name
from cartography.neighbours.lookup import Lookup
from cartography.neighbours.metrics import METRICS, Space
from cartography.neighbours.settling import SPARE, smallest
from cartography.records import EmbeddingSet

__all__ = ["nearest_to"]

_MANY = 8  # queries from which looking for all at once is quicker
_AT_ONCE = 256
_PRODUCTS = 1 << 22
_BLOCK = 1 << 24  # elements of the items looked at in one go: 64 MB of float32


def nearest_to(
    embeddings: EmbeddingSet,
    queries: ArrayLike,
    k: int = 10,
    metric: str = "cosine",
    exclude: ArrayLike | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return rows (m, k) and distances (m, k) of the items nearest to `queries` (m, d), nearest first.

    `exclude` (m,) names for each query one row to leave out, usually the query itself; -1 leaves none out.
    Raises `ShapeError` when d differs, `ParameterError` for an unknown metric.
    """
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    points = np.atleast_2d(np.asarray(queries, dtype=np.float32))
    if points.shape[1] != embeddings.dimensions:
        raise ShapeError(
            f"The new vectors have {points.shape[1]} dimensions; the items have {embeddings.dimensions}."
        )
    left_out = np.full(len(points), -1) if exclude is None else np.asarray(exclude)
    room = len(embeddings) - int((left_out >= 0).any())
    k = max(0, min(k, room))
    if len(points) >= _MANY and k > 0 and metric != "dot":
        return _many(embeddings.vectors, points, k, metric, left_out)
    found = [
        Lookup(embeddings, query, metric).nearest(k, [own] if own >= 0 else [])
        for query, own in zip(points, left_out.tolist(), strict=True)
    ]
    rows = np.array([r[:k] for r, _ in found], dtype=np.int64).reshape(len(points), k)
    distances = np.array([d[:k] for _, d in found], dtype=np.float32).reshape(len(points), k)
    return rows, distances


def _many(
    vectors: NDArray[np.float32], queries: NDArray[np.float32], k: int, metric: str, left_out: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Look for many at once: matrix products find the candidates, true differences put them in order."""
    space = Space.of(vectors, metric)
    if metric == "cosine" and not queries.any(axis=1).all():
        space = replace(space, widened=True)
    asking = space.queries(queries)
    rows = np.empty((len(queries), k), np.int64)
    squared = np.empty((len(queries), k), np.float32)

    def search(first: int) -> None:
        part = slice(first, first + _AT_ONCE)
        candidates = _candidates(vectors, asking[part], min(len(vectors), k + SPARE), space, left_out[part])
        for place, own in enumerate(candidates, first):
            apart = space.points(vectors[own]) - asking[place]
            true = np.einsum("ij,ij->i", apart, apart)
            true[own == left_out[place]] = np.inf
            order = np.lexsort((own, true))[:k]
            rows[place], squared[place] = own[order], true[order]

    for_each(search, range(0, len(queries), _AT_ONCE), lambda _: None)
    return rows, space.distances(squared, asking)


def _candidates(
    vectors: NDArray[np.float32],
    asking: NDArray[np.float32],
    count: int,
    space: Space,
    left_out: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return the rows (m, count) that seem nearest, looking at the items block by block."""
    best, ranks = np.empty((len(asking), 0), np.int64), np.empty((len(asking), 0), np.float32)
    step = max(count, min(_BLOCK // vectors.shape[1] // 4, _PRODUCTS // len(asking)))
    for start in range(0, len(vectors), step):
        points = space.points(vectors[start : start + step])
        rank = np.einsum("ij,ij->i", points, points) - 2 * (asking @ points.T)
        here = (left_out >= start) & (left_out < start + len(points))
        rank[here, left_out[here] - start] = np.inf
        rows = np.broadcast_to(np.arange(start, start + len(points)), rank.shape)
        best, ranks = np.hstack([best, rows]), np.hstack([ranks, rank])
        if best.shape[1] > count:
            kept = smallest(ranks, count)
            best, ranks = np.take_along_axis(best, kept, axis=1), np.take_along_axis(ranks, kept, axis=1)
    return best
