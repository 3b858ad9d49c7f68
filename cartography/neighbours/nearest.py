"""The nearest items to any vectors: the same distances as the graph, for a handful of queries."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.errors import ShapeError, unknown_name
from cartography.neighbours.many import nearest_to_many
from cartography.neighbours.metrics import METRICS, Space, unit_rows
from cartography.progress import Progress
from cartography.records import EmbeddingSet

__all__ = ["nearest_to"]

_MANY = 8  # queries from which looking for all at once is quicker
_BLOCK = 1 << 24  # elements of the items looked at in one go: 64 MB of float32


def nearest_to(
    embeddings: EmbeddingSet,
    queries: ArrayLike,
    k: int = 10,
    metric: str = "cosine",
    exclude: ArrayLike | None = None,
    *,
    progress: Progress | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return rows (m, k) and distances (m, k) of the items nearest to `queries` (m, d), nearest first.

    `exclude` (m,) names for each query one row to leave out, usually the query itself; -1 leaves none out.
    Raises `ShapeError` when d differs, `ParameterError` for an unknown metric, `Cancelled` when `progress` does.
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
    if len(points) >= _MANY and k > 0:
        return nearest_to_many(embeddings.vectors, points, k, metric, left_out, progress=progress)
    space = Space.of(embeddings.vectors, metric) if metric == "dot" else Space(metric)
    found = [_one(embeddings.vectors, q, k, space, int(e)) for q, e in zip(points, left_out, strict=True)]
    rows = np.array([rows for rows, _ in found], dtype=np.int64).reshape(len(points), k)
    distances = np.array([d for _, d in found], dtype=np.float32).reshape(len(points), k)
    return rows, distances


def _one(
    vectors: NDArray[np.float32], query: NDArray[np.float32], k: int, space: Space, exclude: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    squared = _squared_distances(vectors, query, space)
    if exclude >= 0:
        squared[exclude] = np.inf
    furthest = np.partition(squared, k - 1)[k - 1] if k else -1
    candidates = np.flatnonzero(squared <= furthest)  # with ties at the edge, so that the first row wins
    order = np.lexsort((candidates, squared[candidates]))[:k]
    rows = candidates[order]
    return rows, space.distances(squared[rows][None], query[None])[0]


def _squared_distances(vectors: NDArray[np.float32], query: NDArray[np.float32], space: Space) -> NDArray[np.float32]:
    """Squared distances (n,) from one query to every item, block by block so that a memory map stays one."""
    cosine, dot = space.metric == "cosine", space.metric == "dot"
    point = unit_rows(query[None])[0] if cosine else query
    result = np.empty(len(vectors), dtype=np.float32)
    step = max(1, _BLOCK // vectors.shape[1])
    for start in range(0, len(vectors), step):
        block = vectors[start : start + step]
        if dot:
            result[start : start + step] = float(query @ query) + space.longest**2 - 2 * (block @ query)
            continue
        block = unit_rows(block) if cosine else block
        difference = block - point
        squared = np.einsum("ij,ij->i", difference, difference)
        if cosine:  # a zero vector has no direction: cosine 0 with every other
            squared[block.any(axis=1) != point.any()] = 2
        result[start : start + step] = squared
    return result
