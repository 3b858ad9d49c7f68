"""k-means: a given number of round clusters, whatever the data (Lloyd 1982), by scikit-learn."""

from __future__ import annotations

import numpy as np

from cartography.clusters.base import Grouping, Task
from cartography.clusters.levels import coarser, split_large
from cartography.parameters import Parameter
from cartography.progress import report

__all__ = ["METHOD", "KMeans"]

_STAGE = "Finding clusters"
_COARSE = 12


class KMeans:
    """Mini-batch k-means."""

    name = "kmeans"
    title = "k-means"
    summary = "As many clusters as asked for, all compact; every item belongs to one."
    spaces = ("map", "original")
    wants_graph = False
    parameters = (Parameter("n_clusters", 12, "How many clusters.", 1, 500, kind=int),)

    def group(self, task: Task) -> Grouping:
        """Return the clusters, joined for the coarse and split for the fine level."""
        from sklearn.cluster import MiniBatchKMeans

        report(task.progress, _STAGE, 0.0, "k-means")
        n = len(task.points)
        model = MiniBatchKMeans(
            min(task.settings["n_clusters"], n), n_init=3, random_state=task.seed, batch_size=4096
        ).fit(task.points)
        _, numbered = np.unique(model.labels_, return_inverse=True)
        labels = np.asarray(numbered, dtype=np.int32)
        distance = np.linalg.norm(task.points - model.cluster_centers_[model.labels_], axis=1)
        far = float(np.percentile(distance, 99)) or 1.0
        strengths = np.clip(1 - distance / far, 0, 1).astype(np.float32)
        fine = split_large(task.points, labels, max(6, n // 40), task.seed)
        return Grouping((coarser(task.points, labels, _COARSE), labels, fine), 1, strengths)


METHOD = KMeans()
