"""Vectors + neighbour graph -> Projection. One file per method; see `base.Projector` for what it must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import ShapeError
from cartography.neighbours import find_neighbours
from cartography.parameters import resolve
from cartography.progress import Progress, part_of
from cartography.projectors.base import Projector, Task, projector, projectors
from cartography.projectors.standing import Standing
from cartography.records import EmbeddingSet, NeighbourGraph, Projection

__all__ = ["BY_COLUMNS", "Projector", "Standing", "Task", "project", "projector", "projectors"]

BY_COLUMNS = ("axes", "given")
"""Methods that show columns of the items, or coordinates that came with them, and look at no vectors."""


def project(
    embeddings: EmbeddingSet,
    method: str = "umap",
    neighbours: NeighbourGraph | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    *,
    metric: str = "cosine",
    start: Projection | NDArray[np.float32] | str | None = None,
    standing: Standing | None = None,
    **params: Any,
) -> Projection:
    """Lay the items out in the plane, or in three dimensions where `n_components` says so.

    A method that works on neighbours uses `neighbours` when it holds enough of them, and else finds its own
    under `metric`. `start` is an earlier projection of the same items, or coordinates (n, 2 or 3), to begin from; or
    the name of a way to begin, for a method that has a parameter of that name.
    A layout that is stopped notes in `standing` how far it came, and goes on from there when it is handed in again.
    Raises `ParameterError` for an unknown method or parameter, `Cancelled` when asked to stop.
    """
    chosen = projector(method)
    if isinstance(start, str):
        params, start = {**params, "start": start}, None
    settings = resolve(chosen.parameters, params, method)
    wanted = min(chosen.neighbours_needed(settings, len(embeddings)), len(embeddings) - 1)
    graph = None
    if wanted > 0:
        graph = neighbours
        if graph is None or graph.n_neighbors < wanted or graph.source != embeddings.vectors_fingerprint:
            graph = find_neighbours(embeddings, wanted, metric, part_of(progress, 0, 0.3), known=neighbours)
            progress = part_of(progress, 0.3, 1)
    task = Task(embeddings, settings, seed, graph, progress, _first(embeddings, start, settings))
    return chosen.fit(task if standing is None else replace(task, standing=standing))


def _first(
    embeddings: EmbeddingSet, start: Projection | NDArray[np.float32] | None, settings: Mapping[str, Any]
) -> NDArray[np.float32] | None:
    """Return the coordinates to begin from, with as many dimensions as are wanted."""
    if start is None:
        return None
    given = start.coordinates if isinstance(start, Projection) else np.asarray(start, np.float32)
    wanted = settings.get("n_components", 2)
    if given.ndim != 2 or len(given) != len(embeddings) or given.shape[1] not in (2, 3):
        raise ShapeError(
            f"start has shape {given.shape}; expected two or three coordinates for each of {len(embeddings)} items.",
            "Begin from a projection of the same items.",
        )
    flat = given[:, :wanted]
    return np.column_stack([flat, np.zeros((len(flat), wanted - flat.shape[1]), np.float32)])
