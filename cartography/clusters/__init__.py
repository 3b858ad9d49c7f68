"""Vectors, map or graph -> Clustering, coarse to fine, with names. One file per method."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.base import Grouping, Method, Task, method, methods, wants_graph
from cartography.clusters.names import name_clusters
from cartography.errors import ParameterError
from cartography.neighbours import find_neighbours
from cartography.parameters import resolve
from cartography.progress import Progress, part_of, rising
from cartography.records import Clustering, EmbeddingSet, Level, NeighbourGraph, Projection

__all__ = ["Grouping", "Method", "Task", "find_clusters", "method", "methods", "name_clusters", "wants_graph"]

_NEIGHBOURS = 15
_SMALLEST, _LARGEST = 1e-12, 1e12
_HEAP = 0.75  # of all items


def find_clusters(
    embeddings: EmbeddingSet,
    projection: Projection | None = None,
    neighbours: NeighbourGraph | None = None,
    method: str = "hdbscan",
    *,
    space: str | None = None,
    label_by: str | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    **params: Any,
) -> Clustering:
    """Group the items and name the groups.

    `space` is "map" (the default when a projection is given) or "original". `label_by` names the column that
    names are drawn from; by default the items' label, then their text. Methods that want `neighbours` find them when
    none are given.

    Raises `ParameterError` for an unknown method, space or parameter, `Cancelled` when `progress` does.
    """
    where = space or ("map" if projection is not None else "original")
    if where == "map" and projection is None:
        raise ParameterError("Clusters on the map need the map.", "Pass projection= or choose space='original'.")
    chosen = _method(method, where)
    settings = resolve(chosen.parameters, params, method)
    points = projection.coordinates if projection is not None and where == "map" else embeddings.vectors
    if neighbours is None and wants_graph(method, where):
        metric = "euclidean" if embeddings.dimensions <= 3 else "cosine"
        neighbours = find_neighbours(embeddings, _NEIGHBOURS, metric, part_of(progress, 0.0, 0.5))
        progress = part_of(progress, 0.5, 1.0)
    points = _within_reach(points)
    grouping = chosen.group(Task(points, where, settings, seed, neighbours, rising(progress)))
    names = name_clusters(embeddings, grouping.levels, points, label_by)
    lives = [grouping.persistence if place == grouping.main else None for place in range(len(names))]
    levels = tuple(map(Level, grouping.levels, names, lives))
    notes = (*grouping.notes, *_collapse(levels[grouping.main], chosen.title))
    return Clustering(levels, grouping.main, grouping.strengths, where, method, settings, notes)


def _within_reach(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return points whose squared distances float32 can hold; clusters are the same at any scale."""
    low, high = points.min(axis=0).astype(np.float64), points.max(axis=0).astype(np.float64)
    span = float((high - low).max())
    if span == 0 or _SMALLEST < span < _LARGEST:
        return points
    return ((points - low) / span).astype(np.float32)


def _collapse(level: Level, title: str) -> list[str]:
    """Say so where one cluster is nearly everything."""
    share = float(level.sizes.max(initial=0)) / max(len(level.labels), 1)
    if share < _HEAP or level.count < 2:
        return []
    return [f"{title}: one of {level.count} clusters holds {share:.0%} of the items. Another method may tell more."]


_method = method  # the parameter of the same name hides it inside `find_clusters`
