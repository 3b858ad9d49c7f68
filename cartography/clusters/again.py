"""A clustering's method on other points, such as a few of its items: for whoever asks whether clusters come back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.clusters.base import Task, method, wants_graph
from cartography.clusters.resolution import Resolution
from cartography.neighbours import find_neighbours
from cartography.parameters import resolve
from cartography.progress import Progress
from cartography.records import Clustering, EmbeddingSet, Level

__all__ = ["grouped_again"]

_NEIGHBOURS = 15


def grouped_again(
    name: str,
    space: str,
    params: Mapping[str, Any],
    *,
    n: int,
    metric: str = "cosine",
    main: bool = True,
    progress: Progress | None = None,
) -> Callable[[NDArray[np.float32], int, int], NDArray[np.int32]]:
    """Return a function of points (m, d), a number of clusters and a seed: the labels (m,) that the method gives.

    With `main` they are the method's own answer, else those of the number asked for, or the nearest there is. The
    least size of a cluster, where one was chosen, shrinks with m as against `n`. `progress` hears of
    every grouping and may stop it.
    """
    chosen = method(name, space)
    settings = resolve(chosen.parameters, params, name)

    def group(points: NDArray[np.float32], count: int, seed: int) -> NDArray[np.int32]:
        given = dict(settings)
        if given.get("min_cluster_size"):
            given["min_cluster_size"] = max(2, round(given["min_cluster_size"] * min(1.0, len(points) / n)))
        graph = None
        if wants_graph(name, space):
            items = EmbeddingSet(points, pd.DataFrame(index=pd.RangeIndex(len(points)).astype(str)))
            graph = find_neighbours(items, _NEIGHBOURS, metric)
        made = chosen.group(Task(points, space, given, seed, graph, progress))
        if main:
            return made.levels[made.main]
        clustering = Clustering(tuple(map(Level, made.levels)), made.main, made.strengths, space, name)
        return Resolution.of(clustering, points).labels(count)

    return group
