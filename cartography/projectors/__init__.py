"""Vectors + neighbour graph -> Projection. One file per method; see `base.Projector` for what it must be."""

from __future__ import annotations

from typing import Any

from cartography.neighbours import find_neighbours
from cartography.parameters import resolve
from cartography.progress import Progress, part_of
from cartography.projectors.base import Projector, Task, projector, projectors
from cartography.records import EmbeddingSet, NeighbourGraph, Projection

__all__ = ["Projector", "Task", "project", "projector", "projectors"]


def project(
    embeddings: EmbeddingSet,
    method: str = "umap",
    neighbours: NeighbourGraph | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    *,
    metric: str = "cosine",
    **params: Any,
) -> Projection:
    """Lay the items out in the plane.

    A method that works on neighbours uses `neighbours` when it holds enough of them, and else finds its own
    under `metric`. Raises `ParameterError` for an unknown method or parameter, `Cancelled` when asked to stop.
    """
    chosen = projector(method)
    settings = resolve(chosen.parameters, params, method)
    wanted = min(chosen.neighbours_needed(settings, len(embeddings)), len(embeddings) - 1)
    graph = None
    if wanted > 0:
        graph = neighbours
        if graph is None or graph.n_neighbors < wanted or graph.source != embeddings.vectors_fingerprint:
            graph = find_neighbours(embeddings, wanted, metric, part_of(progress, 0, 0.3), known=neighbours)
            progress = part_of(progress, 0.3, 1)
    return chosen.fit(Task(embeddings, settings, seed, graph, progress))
