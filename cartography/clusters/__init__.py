"""Vectors, map or graph -> Clustering, coarse to fine, with names. One file per method."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.base import Grouping, Method, Task, method, methods, wants_graph
from cartography.clusters.hamlets import hamlets
from cartography.clusters.names import name_clusters
from cartography.errors import ParameterError
from cartography.medoids import medoids
from cartography.neighbours import find_neighbours
from cartography.orient import oriented
from cartography.parameters import resolve
from cartography.progress import Progress, part_of, report, rising
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
    none are given. With a projection there is one more level, the finest: large clusters divided into compact parts
    of the map, on which towns stand.

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
    grouping = chosen.group(Task(points, where, settings, seed, neighbours, part_of(rising(progress), 0.0, 0.8)))
    labels = [*grouping.levels, *_hamlets(projection, grouping.levels[-1], part_of(progress, 0.8, 0.9))]
    levels = _named(embeddings, projection, labels, points, label_by)
    report(progress, "Finding clusters", 1.0)
    if grouping.persistence is not None:
        main = replace(levels[grouping.main], persistence=grouping.persistence)
        levels = (*levels[: grouping.main], main, *levels[grouping.main + 1 :])
    notes = (*grouping.notes, *_collapse(levels[grouping.main], chosen.title))
    return Clustering(levels, grouping.main, grouping.strengths, where, method, settings, notes)


def _hamlets(
    projection: Projection | None, finest: NDArray[np.int32], progress: Progress | None
) -> list[NDArray[np.int32]]:
    """Return the level on which towns stand; none where there is no map."""
    if projection is None:
        return []
    flat = _within_reach(projection.coordinates[:, :2])
    return [hamlets(flat, finest, lambda done: report(progress, "Finding clusters", done, "towns"))]


def _named(
    embeddings: EmbeddingSet,
    projection: Projection | None,
    labels: list[NDArray[np.int32]],
    points: NDArray[np.float32],
    label_by: str | None,
) -> tuple[Level, ...]:
    """Return the levels with their names and medoids, which are looked for on the map where there is one."""
    places = oriented(projection.coordinates, projection.method)[0] if projection is not None else None
    space = points if places is None else _within_reach(places)
    middles = [medoids(space, one) for one in labels]
    names = name_clusters(embeddings, labels, space, label_by, middles=middles, places=places)
    return tuple(Level(one, name, None, rows) for one, name, rows in zip(labels, names, middles, strict=True))


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
