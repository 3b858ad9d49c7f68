"""HDBSCAN: clusters of any shape, with noise left out (Campello, Moulavi and Sander 2013), at any size.

The spanning tree gives every level: the coarse one joins clusters along it, the smallest first; the fine one holds
the leaves, to which the rest of a cluster is given along it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.base import Grouping, Task
from cartography.clusters.condensed import CondensedTree, Dendrogram
from cartography.clusters.joining import join_smallest
from cartography.clusters.spanning import EXACT, MOST_DIMENSIONS, SpanningTree, tree_of_graph, tree_of_points
from cartography.clusters.weighted_graph import WeightedGraph
from cartography.parameters import Parameter
from cartography.progress import part_of, report

__all__ = ["HDBSCAN", "METHOD"]

_STAGE = "Finding clusters"
_COARSE = 12
_SAMPLES = 15  # the neighbours of which the graph usually knows
_MUCH_NOISE = 0.6  # of all items
_OTHERS = "Density peaks on the map, or communities, may tell more."


class HDBSCAN:
    """Hierarchical density-based clustering."""

    name = "hdbscan"
    title = "HDBSCAN"
    summary = "Clusters of any shape and density; items between them are left as noise."
    spaces = ("map", "original")
    wants_graph = True
    parameters = (
        Parameter("min_cluster_size", None, "The fewest items in a cluster; by size when empty.", 2, 5000, kind=int),
        Parameter("min_samples", None, "Higher calls more items noise; at most 15 when empty.", 1, 500, kind=int),
        Parameter(
            "selection", "eom", "eom keeps the most stable clusters, leaf the finest.", choices=("eom", "leaf")
        ),
        Parameter("largest", 0.5, "Share of all items above which a cluster is taken apart if it can be.", 0.01, 1.0),
    )

    def group(self, task: Task) -> Grouping:
        """Return HDBSCAN's clusters as the main level, and what its tree has above and below them."""
        n = len(task.points)
        report(task.progress, _STAGE, 0.0, "HDBSCAN")
        least = task.settings["min_cluster_size"] or int(np.clip(n // 60, 5, max(100, n // 1000)))
        if n < max(5, 2 * least):
            note = f"{n:,} items are too few for two clusters of {least:,}; they are shown as one."
            return _as_one(n, note)
        samples = task.settings["min_samples"] or min(least, _SAMPLES)
        spanning, notes = _spanning_tree(task, min(samples, n))
        report(task.progress, _STAGE, 0.9, "taking the tree apart")
        dendrogram = Dendrogram.of(spanning)
        tree = dendrogram.condensed(least)
        chosen, more = _chosen(tree, task.settings["selection"], task.settings["largest"])
        if not chosen.any():
            return _as_one(n, f"HDBSCAN called every item noise; they are shown as one cluster. {_OTHERS}")
        report(task.progress, _STAGE, 0.95)
        main = tree.labels(chosen)
        fine = _fine(spanning, dendrogram.condensed(max(2, min(least, max(5, least // 4)))), main)
        levels = (_coarse(spanning, main), main, fine)
        noise = float((main < 0).mean())
        if noise > _MUCH_NOISE:
            more.append(f"HDBSCAN called {noise:.0%} of the items noise. {_OTHERS}")
        return Grouping(levels, 1, tree.strengths(chosen), (*notes, *more), tree.stability[chosen])


def _as_one(n: int, note: str) -> Grouping:
    return Grouping((np.zeros(n, np.int32),) * 3, 1, np.ones(n, np.float32), (note,))


def _spanning_tree(task: Task, samples: int) -> tuple[SpanningTree, list[str]]:
    from cartography.kernels.compiling import ensure_compiled

    ensure_compiled(part_of(task.progress, 0.0, 0.1))
    progress = part_of(task.progress, 0.1, 0.9)
    graph, notes = task.neighbours, []
    if task.points.shape[1] <= MOST_DIMENSIONS or graph is None:
        return tree_of_points(task.points, samples, progress), []
    if len(graph) > EXACT and samples > graph.n_neighbors + 1:
        notes.append(f"min_samples is {graph.n_neighbors + 1}, as many as the neighbour graph knows.")
    return tree_of_graph(graph, task.points, samples, progress), notes


def _chosen(tree: CondensedTree, selection: str, largest: float) -> tuple[NDArray[np.bool_], list[str]]:
    """Return which clusters are the answer, and what to say about it."""
    if selection == "leaf":
        return tree.leaves, []
    n = len(tree.last)
    usual, chosen = tree.most_stable(n), tree.most_stable(int(largest * n))
    biggest = float(tree.members[usual].max(initial=0)) / n
    if (usual != chosen).any():
        return chosen, [
            f"HDBSCAN's {int(usual.sum())} most stable clusters leave {biggest:.0%} of the items in one; it was "
            f"taken apart into {int((chosen & ~usual).sum())}. With largest = 1 it stays whole."
        ]
    return chosen, []


def _coarse(spanning: SpanningTree, main: NDArray[np.int32]) -> NDArray[np.int32]:
    """Join clusters over the densest ground between them; noise stays noise."""
    from cartography.kernels.density_tree import flood

    m = int(main.max()) + 1
    if m <= _COARSE:
        return main
    near = main.copy()
    flood(spanning.heads, spanning.tails, np.zeros(len(main), np.int32), near)
    heads, tails = near[spanning.heads], near[spanning.tails]
    across = heads != tails
    density = 1 / np.maximum(spanning.lengths[across], 1e-30)
    between = WeightedGraph.of(heads[across], tails[across], density, np.bincount(main[main >= 0]).astype(float))
    joined = join_smallest(
        between, _COARSE, lambda: np.zeros((m, 1), np.float32)
    )  # one tree: nothing is without ties
    return np.where(main >= 0, joined[main], -1).astype(np.int32)


def _fine(spanning: SpanningTree, tree: CondensedTree, main: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the leaves inside the main clusters; every other item of a cluster goes to the leaf it hangs on."""
    from cartography.kernels.density_tree import flood

    labels = np.where(main >= 0, tree.labels(tree.leaves), -1).astype(np.int32)
    flood(spanning.heads, spanning.tails, main, labels)
    _, numbered = np.unique(labels[labels >= 0], return_inverse=True)
    labels[labels >= 0] = numbered
    return labels


METHOD = HDBSCAN()
