"""Clusters as peaks of density, coarse to fine: no size or number to guess, and never one heap of everything.

The density is a Gaussian count on a grid, so a map of any size takes about a second. A peak's height is the square
root of the items it gathers, whose chance error is 1/2 whatever the density; so a peak's life over its saddle,
doubled, reads in standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.base import Grouping, Task
from cartography.clusters.levels import coarser
from cartography.clusters.merge_tree import MergeTree, build_merge_tree
from cartography.parameters import Parameter
from cartography.progress import report

__all__ = ["METHOD", "Peaks"]

_STAGE = "Finding clusters"
_COARSE, _MAIN = 12, 60  # the most clusters on the coarse and on the main level
_KERNEL_ITEMS = 12.0  # items that a typical kernel should gather
_GRID = 512


class Peaks:
    """Persistence-based clustering of the density (Chazal, Guibas, Oudot and Skraba 2013)."""

    name = "peaks"
    title = "Density peaks"
    summary = "Every hill of items is a cluster; small hills join the larger ones they lean on."
    spaces = ("map",)
    wants_graph = False
    parameters = (
        Parameter("prominence", 3.0, "How many standard errors a cluster rises above its saddle.", 0.5, 50),
        Parameter("finest", None, "The most clusters on the finest level; by size when empty.", 1, 5000, kind=int),
    )

    def group(self, task: Task) -> Grouping:
        """Return coarse, main and fine labels; every item belongs to a cluster on each."""
        report(task.progress, _STAGE, 0.0)
        density = _on_map(task.points)
        report(task.progress, _STAGE, 0.8)
        tree = density.tree
        n = len(task.points)
        finest = task.settings["finest"] or int(np.clip(n / 12, 6, 2500))
        fine = max(tree.life_for(finest), 0.4)
        main = max(tree.life_for(_MAIN), task.settings["prominence"] / 2, fine)
        coarse = max(tree.life_for(_COARSE), main)
        cuts = [_dense_labels(tree.cut(life)[density.node]) for life in (coarse, main, fine)]
        levels = (_dense_labels(coarser(task.points, cuts[0], _COARSE)), cuts[1], cuts[2])
        report(task.progress, _STAGE, 1.0)
        return Grouping(levels, 1, density.strengths())


@dataclass(frozen=True)
class _Density:
    """A density over nodes with its merge tree, and the node (n,) that each item stands on."""

    tree: MergeTree
    height: NDArray[np.float64]
    node: NDArray[np.int64]

    def strengths(self) -> NDArray[np.float32]:
        """An item's height as a share of its own peak's."""
        tops = np.zeros(len(self.tree.parent))
        np.maximum.at(tops, self.tree.peak, self.height)
        own = self.height[self.node] / np.maximum(tops[self.tree.peak[self.node]], 1e-12)
        return np.clip(own, 0, 1).astype(np.float32)


def _dense_labels(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Number clusters from 0 by falling size; nodes without items leave no gap."""
    found, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    rank = np.empty(len(found), np.int32)
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(found), dtype=np.int32)
    return rank[inverse]


def _on_map(points: NDArray[np.float32]) -> _Density:
    """Count items under a Gaussian on a grid; nodes are the cells that gather anything."""
    from scipy.ndimage import gaussian_filter

    flat = points[:, :2].astype(np.float64)
    low = flat.min(axis=0)
    side = float((flat.max(axis=0) - low).max()) or 1.0
    margin = 0.05 * side
    cell = np.clip(((flat - low + margin) / (side + 2 * margin) * _GRID).astype(int), 0, _GRID - 1)
    counts = np.bincount(cell[:, 1] * _GRID + cell[:, 0], minlength=_GRID * _GRID).reshape(_GRID, _GRID)
    width = _kernel_width(flat, (side + 2 * margin) / _GRID)
    gathered = gaussian_filter(counts.astype(np.float64), width, truncate=3) * (2 * np.pi * width**2)
    used = gathered > 0.05
    used.ravel()[cell[:, 1] * _GRID + cell[:, 0]] = True
    number = np.cumsum(used.ravel()) - 1
    height = np.sqrt(gathered[used])
    indptr, indices = _grid_ties(used, number)
    node = number[cell[:, 1] * _GRID + cell[:, 0]]
    return _Density(build_merge_tree(height, indptr, indices), height, node)


def _kernel_width(points: NDArray[np.float64], cell: float) -> float:
    """Return the Gaussian's width, in cells, that lets it gather about a dozen items where a typical item stands.

    The distance to the k-th neighbour r of a typical item gives the local density k / (pi r²); a Gaussian of
    width w gathers 2 pi w² times that.
    """
    from scipy.spatial import cKDTree

    n = len(points)
    k = min(10, n - 1)
    if k < 1:
        return 2.0
    sample = points[:: max(1, n // 5000)]
    reach = np.median(cKDTree(points).query(sample, k=k + 1, workers=-1)[0][:, -1])
    width = reach * np.sqrt(_KERNEL_ITEMS / (2 * k)) / cell
    return float(np.clip(width, 1.2, _GRID / 20))


def _grid_ties(used: NDArray[np.bool_], number: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return CSR ties between used cells that touch, corners included."""
    from scipy.sparse import coo_array

    size = used.shape[0]
    names = number.reshape(size, size)
    heads, tails = [], []
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        here = (slice(0, size - dy), slice(max(0, -dx), size - max(0, dx)))
        there = (slice(dy, size), slice(max(0, dx), size - max(0, -dx)))
        both = used[here] & used[there]
        heads += [names[here][both], names[there][both]]
        tails += [names[there][both], names[here][both]]
    head, tail = np.concatenate(heads), np.concatenate(tails)
    m = int(used.sum())
    ties = coo_array((np.ones(len(head), np.int8), (head, tail)), shape=(m, m)).tocsr()
    return ties.indptr, ties.indices


METHOD = Peaks()
