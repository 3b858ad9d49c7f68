"""Density peaks and how they merge (Chazal, Guibas, Oudot and Skraba 2013: persistence-based clustering).

Nodes are visited from the densest to the sparsest. A node without a denser neighbour starts a peak; otherwise it
joins the peak of its densest neighbour. Where a node touches two peaks, the lower one merges into the higher: it
has lived from its own height down to this saddle. Cutting the tree at one height of life gives the clusters;
cutting it at another gives coarser or finer ones that nest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["MergeTree", "build_merge_tree"]

_BETWEEN = 16_384  # nodes between two reports


@dataclass(frozen=True)
class MergeTree:
    """Peaks of a density over m nodes.

    `peak` (m,) is each node's own peak, 0..p-1 by falling height. `parent` (p,) is the higher peak that it merges
    into (itself for the highest of a separate part) and `life` (p,) its height above that saddle.
    """

    peak: NDArray[np.int32]
    parent: NDArray[np.int32]
    life: NDArray[np.float64]

    def cut(self, least_life: float) -> NDArray[np.int32]:
        """Return (m,) labels 0..count-1 when every peak with a shorter life joins its parent."""
        return self.settled(least_life)[self.peak]

    def settled(self, least_life: float) -> NDArray[np.int32]:
        """Return (p,) labels 0..count-1 of the peaks when each with a shorter life joins its parent."""
        target = np.arange(len(self.parent))
        for peak in range(len(self.parent)):  # a parent is higher, so it comes first and is settled already
            if self.life[peak] < least_life:
                target[peak] = target[self.parent[peak]]
        _, labels = np.unique(target, return_inverse=True)
        return labels.astype(np.int32)

    def life_for(self, count: int) -> float:
        """Return the least life at which at most `count` clusters are left."""
        if len(self.life) <= count:
            return 0.0
        return float(np.nextafter(np.sort(self.life)[::-1][count], np.inf))


def build_merge_tree(
    height: NDArray[np.floating],
    indptr: NDArray[np.integer],
    indices: NDArray[np.integer],
    told: Callable[[float], None] = lambda _: None,
) -> MergeTree:
    """Return the tree of `height` (m,) over the graph whose node i touches `indices[indptr[i]:indptr[i + 1]]`.

    The graph should hold each tie both ways. Ties in height go to the smaller index. m log m plus one look at
    every tie. `told` hears how far it has come.
    """
    m = len(height)
    order = np.argsort(-np.asarray(height, dtype=np.float64), kind="stable")
    rank = np.empty(m, np.int64)
    rank[order] = np.arange(m)
    peak = [-1] * m
    parent: list[int] = []
    link: list[int] = []  # like parent, but shortened while searching for roots
    tops: list[int] = []
    saddle: list[int] = []
    ranks, starts, ties, visits = rank.tolist(), indptr.tolist(), indices.tolist(), order.tolist()

    def root(one: int) -> int:
        while link[one] != one:
            link[one] = link[link[one]]
            one = link[one]
        return one

    for place, node in enumerate(visits):
        if place % _BETWEEN == 0:
            told(place / m)
        higher = [t for t in ties[starts[node] : starts[node + 1]] if ranks[t] < place]
        if not higher:
            peak[node] = len(parent)
            link.append(len(parent))
            parent.append(len(parent))
            tops.append(node)
            saddle.append(-1)
            continue
        peak[node] = peak[min(higher, key=ranks.__getitem__)]
        roots = sorted({root(peak[t]) for t in higher})
        for lower in roots[1:]:
            parent[lower] = link[lower] = roots[0]
            saddle[lower] = node
    heights = np.asarray(height, dtype=np.float64)
    top = heights[tops] if tops else np.empty(0)
    low = np.array([0.0 if s < 0 else heights[s] for s in saddle])
    return MergeTree(np.array(peak, np.int32), np.array(parent, np.int32), top - low)
