"""The nearest items to any vectors: the same distances as the graph, for a handful of queries."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.errors import ShapeError, unknown_name
from cartography.neighbours.lookup import Lookup
from cartography.neighbours.many import nearest_to_many
from cartography.neighbours.metrics import METRICS
from cartography.progress import Progress
from cartography.records import EmbeddingSet

__all__ = ["nearest_to"]

_MANY = 8  # queries from which looking for all at once is quicker


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
    found = [
        Lookup(embeddings, query, metric).nearest(k, [own] if own >= 0 else [])
        for query, own in zip(points, left_out.tolist(), strict=True)
    ]
    rows = np.array([r[:k] for r, _ in found], dtype=np.int64).reshape(len(points), k)
    distances = np.array([d[:k] for _, d in found], dtype=np.float32).reshape(len(points), k)
    return rows, distances
