"""HDBSCAN: clusters of any shape, with noise left out (Campello, Moulavi and Sander 2013), by scikit-learn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.base import Grouping, Task
from cartography.clusters.levels import coarser, split_large
from cartography.errors import ParameterError
from cartography.parameters import Parameter
from cartography.progress import report

__all__ = ["HDBSCAN", "METHOD"]

_STAGE = "Finding clusters"
_MOST = 30_000
_COARSE = 12


class HDBSCAN:
    """Hierarchical density-based clustering."""

    name = "hdbscan"
    title = "HDBSCAN"
    summary = "Clusters of any shape and density; items between them are left as noise."
    spaces = ("map", "original")
    parameters = (
        Parameter("min_cluster_size", None, "The fewest items in a cluster; by size when empty.", 2, 5000, kind=int),
        Parameter(
            "min_samples", None, "Higher calls more items noise; as min_cluster_size when empty.", 1, 500, kind=int
        ),
        Parameter(
            "selection", "eom", "eom keeps the most stable clusters, leaf the finest.", choices=("eom", "leaf")
        ),
    )

    def group(self, task: Task) -> Grouping:
        """Return HDBSCAN's clusters as the main level, joined for the coarse and split for the fine one."""
        n = len(task.points)
        if n > _MOST:
            raise ParameterError(
                f"HDBSCAN would take minutes on {n:,} items; it is offered up to {_MOST:,}.",
                "Choose peaks or kmeans, or draw a sample.",
            )
        report(task.progress, _STAGE, 0.0, "HDBSCAN")
        labels, strengths = _fit(task)
        report(task.progress, _STAGE, 0.9)
        notes = []
        if labels.max() < 0:
            labels = np.zeros(n, np.int32)
            notes.append("HDBSCAN called every item noise; they are shown as one cluster.")
        coarse = coarser(task.points, labels, _COARSE)
        fine = split_large(task.points, labels, max(6, n // 40), task.seed)
        return Grouping((coarse, labels, fine), 1, strengths, tuple(notes))


def _fit(task: Task) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    from sklearn.cluster import HDBSCAN as Reference

    n = len(task.points)
    if n < 5:
        return np.zeros(n, np.int32), np.ones(n, np.float32)
    size = min(task.settings["min_cluster_size"] or int(np.clip(n // 60, 5, 100)), n)
    samples = task.settings["min_samples"]
    model = Reference(
        min_cluster_size=size,
        min_samples=min(samples, n) if samples else None,
        cluster_selection_method=task.settings["selection"],
        copy=True,
        n_jobs=-1,
    ).fit(task.points)
    return model.labels_.astype(np.int32), np.clip(model.probabilities_, 0, 1).astype(np.float32)


METHOD = HDBSCAN()
