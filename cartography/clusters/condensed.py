"""The tree of clusters that split off from each other as one asks for more and more density.

Campello, Moulavi and Sander 2013: a cluster lives from the density at which it splits off to those at which its items
fall out of it; the sum of those spans is its stability. Clusters of one tree nest or have nothing in common, and so
do those of two trees over the same items with different least sizes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.spanning import SpanningTree

__all__ = ["CondensedTree", "Dendrogram"]

Labels = NDArray[np.int32]

_DENSEST = 1000.0  # times the middle one: duplicates would be infinitely dense
_GIVES_WAY = 0.2


@dataclass(frozen=True, eq=False)
class Dendrogram:
    """Who joins whom along a spanning tree: (n - 1, 2) `children` and (n - 1,) `density` of nodes n, n + 1, ..."""

    children: NDArray[np.int32]
    sizes: NDArray[np.int32]
    density: NDArray[np.float64]

    @classmethod
    def of(cls, tree: SpanningTree) -> Dendrogram:
        """Join the items of `tree`, shortest ties first."""
        from cartography.kernels.density_tree import link

        n = len(tree)
        children, sizes = np.empty((n - 1, 2), np.int32), np.empty(2 * n - 1, np.int32)
        link(tree.heads, tree.tails, children, sizes)
        some = tree.lengths[tree.lengths > 0]
        shortest = float(np.median(some)) / _DENSEST if len(some) else 1.0
        return cls(children, sizes, 1 / np.maximum(tree.lengths.astype(np.float64), shortest))

    def condensed(self, least: int) -> CondensedTree:
        """Return the clusters of at least `least` items."""
        from cartography.kernels.density_tree import condense

        n = len(self.density) + 1
        most = 2 * (n // least) + 1
        cluster, left_at = np.empty(2 * n - 1, np.int32), np.empty(2 * n - 1)
        parents, births, members = np.empty(most, np.int32), np.empty(most), np.empty(most, np.int32)
        count = condense(self.children, self.sizes, self.density, least, cluster, left_at, parents, births, members)
        return CondensedTree(cluster[:n], left_at[:n], parents[:count], births[:count], members[:count])


@dataclass(frozen=True, eq=False)
class CondensedTree:
    """Clusters 0..c-1, a parent before its children; cluster 0 is everything.

    Attributes
    ----------
    last : (n,) the smallest cluster that an item belongs to
    left_at : (n,) the density at which it falls out of it
    parents, births, members : (c,) each cluster's parent, the density at which it splits off, its size
    """

    last: NDArray[np.int32]
    left_at: NDArray[np.float64]
    parents: NDArray[np.int32]
    births: NDArray[np.float64]
    members: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.parents)

    @property
    def leaves(self) -> NDArray[np.bool_]:
        """(c,) which clusters never split; everything is none."""
        is_leaf = np.ones(len(self), bool)
        is_leaf[self.parents] = False
        is_leaf[0] = False
        return is_leaf

    @property
    def stability(self) -> NDArray[np.float64]:
        """(c,) how many items a cluster keeps over how much density."""
        spans = np.bincount(self.last, self.left_at - self.births[self.last], len(self)).astype(np.float64)
        inner = np.arange(1, len(self))
        above = self.parents[inner]
        spans += np.bincount(above, (self.births[inner] - self.births[above]) * self.members[inner], len(self))
        return spans

    def most_stable(self, largest: int) -> NDArray[np.bool_]:
        """(c,) the clusters that are more stable than what they split into (excess of mass).

        One of more than `largest` items gives way already to parts that are a fifth as stable together. A round heap
        falls into parts of a tenth at most; real ones that hang together by bridges have a quarter and more.
        """
        stability = self.stability
        worth = np.where(self.members > largest, _GIVES_WAY * stability, stability)
        within = np.zeros(len(self))
        chosen = np.zeros(len(self), bool)
        for one in range(len(self) - 1, 0, -1):
            chosen[one] = worth[one] >= within[one]
            within[self.parents[one]] += stability[one] if chosen[one] else within[one]
        covered = np.zeros(len(self), bool)  # by a chosen cluster above
        for one in range(1, len(self)):
            above = self.parents[one]
            covered[one] = covered[above] or chosen[above]
        return chosen & ~covered

    def labels(self, chosen: NDArray[np.bool_]) -> Labels:
        """(n,) labels 0..count-1 of the chosen clusters, none of which holds another; -1 outside."""
        owner = np.where(chosen, np.cumsum(chosen) - 1, -1).astype(np.int32)
        for one in range(1, len(self)):
            if owner[self.parents[one]] >= 0:
                owner[one] = owner[self.parents[one]]
        return owner[self.last]

    def strengths(self, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        """(n,) how far into its chosen cluster an item stays, as a share of that cluster's densest; 0 outside."""
        labels = self.labels(chosen)
        inside = labels >= 0
        deepest = np.zeros(int(chosen.sum()))
        np.maximum.at(deepest, labels[inside], self.left_at[inside])
        share = np.zeros(len(labels), np.float32)
        share[inside] = self.left_at[inside] / deepest[labels[inside]]
        return share
