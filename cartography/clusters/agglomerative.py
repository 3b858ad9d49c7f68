"""Agglomerative clusters: the two nearest join until as many are left as asked for (Ward 1963 by default).

Many items are gathered into compact parts first, and the tree is built over those: a million items take seconds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.agglomeration import LINKAGES, agglomerate
from cartography.clusters.base import Grouping, Task
from cartography.clusters.compact import compact, means
from cartography.parameters import Parameter
from cartography.progress import Progress, part_of, report

__all__ = ["METHOD", "Agglomerative"]

Floats = NDArray[np.float32]
Labels = NDArray[np.int32]

_STAGE = "Finding clusters"
_EXACT = 3_000  # items of which each is a leaf of the tree
_PARTS = 500  # leaves, where there are more items
_ROUNDS = 4  # parts need not be the best
_COARSE, _FINE = 12, 60
_ROWS = 16_384


class Agglomerative:
    """A tree of joins, cut where as many clusters are left as asked for."""

    name = "agglomerative"
    title = "Agglomerative"
    summary = "The nearest clusters join until as many are left as asked for; every level is a cut of one tree."
    spaces = ("map", "original")
    wants_graph = False
    parameters = (
        Parameter("n_clusters", 12, "How many clusters.", 1, 500, kind=int),
        Parameter(
            "linkage",
            "ward",
            "Ward keeps clusters compact; single follows chains, complete and average lie between.",
            choices=LINKAGES,
        ),
    )

    def group(self, task: Task) -> Grouping:
        """Return three cuts of the tree."""
        report(task.progress, _STAGE, 0.0, "agglomerative")
        n, count = len(task.points), task.settings["n_clusters"]
        leaf, notes = _leaves(task.points, task.seed, part_of(task.progress, 0.0, 0.6))
        sizes = np.bincount(leaf)
        middles = task.points if len(sizes) == n else _middles(task.points, leaf, len(sizes))
        tree = agglomerate(middles, task.settings["linkage"], sizes, _telling(part_of(task.progress, 0.6, 0.9)))
        coarse, main, fine = (tree.cut(cut) for cut in (min(count, _COARSE), count, max(count, _FINE)))
        centres = _centres(middles, sizes, main)
        strengths = _strengths(task.points, centres, main[leaf], part_of(task.progress, 0.9, 1.0))
        return Grouping((coarse[leaf], main[leaf], fine[leaf]), 1, strengths, notes)


def _leaves(points: Floats, seed: int, progress: Progress | None) -> tuple[Labels, tuple[str, ...]]:
    """Return which leaf (n,) of the tree every item is, and what to say about it."""
    n = len(points)
    if n <= _EXACT:
        return np.arange(n, dtype=np.int32), ()
    leaf, _ = compact(points, _PARTS, seed, _telling(progress), starts=1, rounds=_ROUNDS)
    found = int(leaf.max()) + 1
    return leaf, (
        f"Agglomerative: the {n:,} items were gathered into {found:,} compact parts first; the tree joins those.",
    )


def _middles(points: Floats, leaf: Labels, count: int) -> Floats:
    return means(points, leaf, np.zeros((count, points.shape[1]), np.float32))


def _centres(middles: Floats, sizes: NDArray[np.int64], main: Labels) -> Floats:
    """Return the mean (count, d) of each cluster's items from its leaves."""
    total = np.zeros((int(main.max()) + 1, middles.shape[1]))
    np.add.at(total, main, middles * sizes[:, None].astype(np.float64))
    return (total / np.bincount(main, sizes)[:, None]).astype(np.float32)


def _strengths(points: Floats, centres: Floats, own: Labels, progress: Progress | None) -> Floats:
    """(n,) how near items are to the middle of their cluster, against those that are farthest from theirs."""
    apart = np.empty(len(points), np.float32)
    for first in range(0, len(points), _ROWS):
        report(progress, _STAGE, first / len(points), "agglomerative")
        part = slice(first, first + _ROWS)
        apart[part] = np.linalg.norm(points[part] - centres[own[part]], axis=1)
    far = float(np.percentile(apart, 99)) or 1.0
    return np.clip(1 - apart / far, 0, 1).astype(np.float32)


def _telling(progress: Progress | None) -> Callable[[float], None]:
    return lambda done: report(progress, _STAGE, done, "agglomerative")


METHOD = Agglomerative()
