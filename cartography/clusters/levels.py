"""Coarser and finer levels around the clusters a method found, nested by construction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.compact import compact
from cartography.records.clustering import NOISE

__all__ = ["coarser", "split_large"]

Labels = NDArray[np.int32]


def coarser(points: NDArray[np.float32], labels: Labels, count: int) -> Labels:
    """Join clusters until at most `count` are left, nearest middles first (average linkage); noise stays noise."""
    found = int(labels.max()) + 1
    if found <= count:
        return labels
    from scipy.cluster.hierarchy import fcluster, linkage

    inside = labels >= 0
    sizes = np.bincount(labels[inside], minlength=found)
    middles = np.stack(
        [np.bincount(labels[inside], points[inside, axis], found) / sizes for axis in range(points.shape[1])], axis=1
    )
    joined = fcluster(linkage(middles, "average"), count, criterion="maxclust") - 1
    return np.where(inside, joined[labels], NOISE).astype(np.int32)


def split_large(
    points: NDArray[np.float32],
    labels: Labels,
    largest: int,
    seed: int,
    told: Callable[[float], None] = lambda _: None,
) -> Labels:
    """Split every cluster of more than `largest` items into compact parts of about that size (k-means)."""
    result = np.full(len(labels), NOISE, np.int32)
    taken, count = 0, int(labels.max()) + 1
    for label in range(count):
        rows = np.flatnonzero(labels == label)
        parts = int(np.ceil(len(rows) / largest))
        inside = np.zeros(len(rows), np.int32)
        if parts > 1:
            told(label / count)
            inside, _ = compact(points[rows], parts, seed, partial(_part, told, label, count), starts=1)
        result[rows] = taken + inside
        taken += int(inside.max()) + 1
    return result


def _part(told: Callable[[float], None], label: int, count: int, done: float) -> None:
    told((label + done) / count)
