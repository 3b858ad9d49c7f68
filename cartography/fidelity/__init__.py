"""Where a map lies: per item and overall, with what chance alone would give."""

from __future__ import annotations

import numpy as np

from cartography.errors import ShapeError
from cartography.fidelity.nearness import Nearness
from cartography.neighbours import find_neighbours
from cartography.progress import Progress, part_of, report
from cartography.records import EmbeddingSet, Fidelity, NeighbourGraph, Projection

__all__ = ["measure_fidelity"]

_NEIGHBOURS = 15
_ROWS = 20_000


def measure_fidelity(
    embeddings: EmbeddingSet,
    projection: Projection,
    neighbours: NeighbourGraph | None = None,
    progress: Progress | None = None,
    *,
    metric: str = "cosine",
) -> Fidelity:
    """Return how many of each item's 15 nearest in the original space are among its 15 nearest on the map.

    Beside it, how many are at least near: among the nearest percent of all items (`Fidelity.near`). Every item is
    measured, none is sampled. A million items take some seconds.
    `neighbours` is used when it belongs to these embeddings and holds enough, else found under `metric`.
    Raises `ShapeError` when the projection is of other items, `Cancelled` when `progress` does.
    """
    from scipy.spatial import cKDTree

    n = len(embeddings)
    if len(projection) != n:
        raise ShapeError(f"The projection places {len(projection)} items, but there are {n}.")
    k = min(_NEIGHBOURS, n - 1)
    if neighbours is None or neighbours.n_neighbors < k or neighbours.source != embeddings.vectors_fingerprint:
        neighbours = find_neighbours(embeddings, k, metric, part_of(progress, 0.0, 0.5))
    nearness = Nearness(projection.coordinates, k)
    kept, near = np.ones(n, np.float32), np.ones(n, np.float32)
    if k > 0:
        tree = cKDTree(projection.coordinates)
        for first in range(0, n, _ROWS):
            report(progress, "Measuring the map", 0.5 + 0.5 * first / n)
            rows = tree.indices[first : first + _ROWS]  # in the order of the tree: next to each other on the map
            _, found = tree.query(projection.coordinates[rows], k + 1, workers=-1)
            true = neighbours.indices[rows, :k]
            kept[rows] = (true[:, :, None] == found[:, None, :]).any(axis=2).sum(axis=1) / k
            near[rows] = nearness.of(rows, true)
    report(progress, "Measuring the map", 1.0)
    return Fidelity(kept, k, k / max(1, n - 1), near, nearness.reach, nearness.baseline)
