"""Clusters as peaks of density, coarse to fine: no size or number to guess, and never one heap of everything.

The density is a Gaussian count on a grid, so a map of any size takes about a second. A peak's height is the square
root of the items it gathers, whose chance error is 1/2 whatever the density; so a peak's life over its saddle,
doubled, reads in standard errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.base import Grouping, Task
from cartography.clusters.joining import join_smallest, middles
from cartography.clusters.merge_tree import MergeTree, build_merge_tree
from cartography.clusters.weighted_graph import WeightedGraph
from cartography.parameters import Parameter
from cartography.progress import report

__all__ = ["METHOD", "Peaks"]

_STAGE = "Finding clusters"
_COARSE, _MAIN = 12, 60  # the most clusters on the coarse and on the main level
_KERNEL_ITEMS = 12.0  # items that a typical kernel should gather
_GRID = 512
_HEAP = 0.5  # of all items
_TYPICAL = 200_000
_BLOCK = 1 << 20


class Peaks:
    """Persistence-based clustering of the density (Chazal, Guibas, Oudot and Skraba 2013)."""

    name = "peaks"
    title = "Density peaks"
    summary = "Every hill of items is a cluster; small hills join the larger ones they lean on."
    spaces = ("map",)
    wants_graph = False
    parameters = (
        Parameter("prominence", 3.0, "How many standard errors a cluster rises above its saddle.", 0.5, 50),
        Parameter(
            "finest",
            None,
            "The most hills on the fine level, before towns divide them; by size when empty.",
            1,
            5000,
            kind=int,
        ),
    )

    def group(self, task: Task) -> Grouping:
        """Return coarse, main and fine labels; every item belongs to a cluster on each."""
        report(task.progress, _STAGE, 0.0)
        density = _on_map(task.points, lambda done: report(task.progress, _STAGE, 0.8 * done))
        report(task.progress, _STAGE, 0.8)
        tree = density.tree
        n = len(task.points)
        finest = task.settings["finest"] or int(np.clip(n / 12, 6, 2500))
        fine = max(tree.life_for(finest), 0.4)
        main = max(tree.life_for(_MAIN), task.settings["prominence"] / 2, fine)
        coarse = max(tree.life_for(_COARSE), main)
        cuts = [density.labels(tree.settled(life)) for life in (main, fine)]
        report(task.progress, _STAGE, 0.9)
        levels = (_coarse(density, task.points, coarse, main), *cuts)
        report(task.progress, _STAGE, 0.95)
        report(task.progress, _STAGE, 1.0)
        return Grouping(levels, 1, density.strengths(), persistence=density.standard_errors(main))


@dataclass(frozen=True)
class _Density:
    """A density over nodes with its merge tree, the node (n,) that each item stands on, and which nodes touch."""

    tree: MergeTree
    height: NDArray[np.float64]
    node: NDArray[np.int64]
    ties: tuple[NDArray[np.int64], NDArray[np.int64]]

    def labels(self, settled: NDArray[np.int32]) -> NDArray[np.int32]:
        """(n,) labels of the items by falling size, where each peak (p,) settled in some cluster."""
        return _rank(self.sizes(settled))[settled][self.tree.peak][self.node]

    def sizes(self, settled: NDArray[np.int32]) -> NDArray[np.int64]:
        """How many items each cluster of peaks holds."""
        on_node = np.bincount(self.node, minlength=len(self.height))
        return np.bincount(settled[self.tree.peak], on_node).astype(np.int64)

    def standard_errors(self, life: float) -> NDArray[np.float64]:
        """How high each cluster of peaks with a longer life, by falling size, rises above its saddle."""
        settled = self.tree.settled(life)
        own = np.zeros(int(settled.max()) + 1)
        stands = (self.tree.life >= life) | (self.tree.parent == np.arange(len(settled)))
        np.maximum.at(own, settled[stands], 2 * self.tree.life[stands])
        sizes = self.sizes(settled)
        lives = np.empty_like(own)
        lives[_rank(sizes)] = own
        return lives[: int((sizes > 0).sum())]

    def strengths(self) -> NDArray[np.float32]:
        """An item's height as a share of its own peak's."""
        tops = np.zeros(len(self.tree.parent))
        np.maximum.at(tops, self.tree.peak, self.height)
        own = self.height[self.node] / np.maximum(tops[self.tree.peak[self.node]], 1e-12)
        return np.clip(own, 0, 1).astype(np.float32)


def _rank(sizes: NDArray[np.int64]) -> NDArray[np.int32]:
    """Number clusters from 0 by falling size; those without items come last and leave no gap."""
    rank = np.empty(len(sizes), np.int32)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes), dtype=np.int32)
    return rank


def _coarse(density: _Density, points: NDArray[np.float32], life: float, main: float) -> NDArray[np.int32]:
    """Return the clusters with a longer life; where they are many or one heap, the main ones joined over borders."""
    by_life = density.labels(density.tree.settled(life))
    few = np.bincount(by_life)
    if len(few) <= _COARSE and few.max() <= _HEAP * len(points):
        return by_life
    tree = density.tree
    settled = tree.settled(main)
    sizes = density.sizes(settled)
    settled, m = _rank(sizes)[settled], int((sizes > 0).sum())
    if m <= _COARSE:
        return by_life
    on = settled[tree.peak]
    starts, touching = density.ties
    here = np.repeat(np.arange(len(on)), np.diff(starts))
    heads, tails = on[here], on[touching]
    across = (heads < tails) & (tails < m)
    ground = np.minimum(density.height[here], density.height[touching])[across] ** 2
    between = WeightedGraph.of(heads[across], tails[across], ground, np.sort(sizes)[::-1][:m].astype(float))
    labels = settled[tree.peak][density.node]
    joined = join_smallest(between, _COARSE, lambda: middles(points, labels))[labels]
    return _rank(np.bincount(joined))[joined]


def _on_map(points: NDArray[np.float32], told: Callable[[float], None]) -> _Density:
    """Count items under a Gaussian on a grid; nodes are the cells that gather anything."""
    from scipy.ndimage import gaussian_filter

    low = points[:, :2].min(axis=0).astype(np.float64)
    side = float((points[:, :2].max(axis=0) - low).max()) or 1.0
    margin = 0.05 * side
    cell = np.empty(len(points), np.int64)
    for first in range(0, len(points), _BLOCK):
        told(0.2 * first / len(points))
        part = slice(first, first + _BLOCK)
        at = np.clip(((points[part, :2] - low + margin) / (side + 2 * margin) * _GRID).astype(int), 0, _GRID - 1)
        cell[part] = at[:, 1] * _GRID + at[:, 0]
    counts = np.bincount(cell, minlength=_GRID * _GRID).reshape(_GRID, _GRID)
    told(0.2)
    width = _kernel_width(points[:, :2], (side + 2 * margin) / _GRID)
    gathered = gaussian_filter(counts.astype(np.float64), width, truncate=3) * (2 * np.pi * width**2)
    used = gathered > 0.05
    used.ravel()[cell] = True
    number = np.cumsum(used.ravel()) - 1
    height = np.sqrt(gathered[used])
    indptr, indices = _grid_ties(used, number)
    node = number[cell]
    told(0.4)
    tree = build_merge_tree(height, indptr, indices, lambda done: told(0.4 + 0.6 * done))
    return _Density(tree, height, node, (indptr, indices))


def _kernel_width(points: NDArray[np.floating], cell: float) -> float:
    """Return the Gaussian's width, in cells, that lets it gather about a dozen items where a typical item stands.

    The distance to the k-th neighbour r of a typical item gives the local density k / (pi r²); a Gaussian of
    width w gathers 2 pi w² times that. Of very many items every m-th stands for m.
    """
    from scipy.spatial import cKDTree

    n = len(points)
    k = min(10, n - 1)
    if k < 1:
        return 2.0
    each = max(1, n // _TYPICAL)
    some = points[::each]
    sample = some[:: max(1, len(some) // 5000)]
    reach = np.median(cKDTree(some).query(sample, k=k + 1, workers=-1)[0][:, -1]) / np.sqrt(each)
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
