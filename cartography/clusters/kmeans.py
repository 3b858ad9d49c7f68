"""k-means: a given number of round clusters, whatever the data (Lloyd 1982)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cartography.clusters.base import Grouping, Task
from cartography.clusters.compact import compact
from cartography.clusters.levels import coarser, split_large
from cartography.parameters import Parameter
from cartography.progress import Progress, part_of, report

__all__ = ["METHOD", "KMeans"]

_STAGE = "Finding clusters"
_COARSE = 12


class KMeans:
    """Lloyd's k-means on a sample."""

    name = "kmeans"
    title = "k-means"
    summary = "As many clusters as asked for, all compact; every item belongs to one."
    spaces = ("map", "original")
    wants_graph = False
    parameters = (Parameter("n_clusters", 12, "How many clusters.", 1, 500, kind=int),)

    def group(self, task: Task) -> Grouping:
        """Return the clusters, joined for the coarse and split for the fine level."""
        report(task.progress, _STAGE, 0.0, "k-means")
        n = len(task.points)
        count = min(task.settings["n_clusters"], n)
        labels, distance = compact(task.points, count, task.seed, _telling(part_of(task.progress, 0.0, 0.5)))
        far = float(np.percentile(distance, 99)) or 1.0
        strengths = np.clip(1 - distance / far, 0, 1).astype(np.float32)
        told = _telling(part_of(task.progress, 0.5, 1.0))
        fine = split_large(task.points, labels, max(6, n // 40), task.seed, told)
        return Grouping((coarser(task.points, labels, _COARSE), labels, fine), 1, strengths)


def _telling(progress: Progress | None) -> Callable[[float], None]:
    return lambda done: report(progress, _STAGE, done, "k-means")


METHOD = KMeans()
