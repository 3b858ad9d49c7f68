"""Communities of the neighbour graph: groups with more ties inside than chance would put there, at any size.

No density is compared across the data, so neither bridges nor uneven density make one heap of everything. The main
level divides the graph, the fine one divides every community again, the coarse one joins communities.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.base import Grouping, Task
from cartography.clusters.joining import join_smallest, middles
from cartography.clusters.weighted_graph import WeightedGraph, divided, shared_neighbours
from cartography.curve import along_a_curve
from cartography.parameters import Parameter
from cartography.principal_axes import principal_axes
from cartography.progress import part_of, report

__all__ = ["METHOD", "Communities"]

_STAGE = "Finding clusters"
_COARSE = 12
_FINER = 32.0  # times the resolution
_SOME, _FINEST = 60, 100.0
_FLAT = "In two or three dimensions communities cut wide groups; density peaks or HDBSCAN see them whole."
_NEIGHBOURS = 20  # that are looked at, at most
_MANY, _AXES = 100_000, 3


class Communities:
    """Modularity on shared neighbours, by Leiden's moves."""

    name = "communities"
    title = "Communities"
    summary = "Groups that are tied more closely inside than outside; no number to give, every item belongs to one."
    spaces = ("original",)
    wants_graph = True
    parameters = (Parameter("resolution", 0.5, "Higher makes more and smaller communities.", 0.01, 100.0),)

    def group(self, task: Task) -> Grouping:
        """Return communities, joined for the coarse and divided again for the fine level."""
        from cartography.kernels.compiling import ensure_compiled

        n = len(task.points)
        if task.neighbours is None or task.neighbours.n_neighbors == 0:
            return Grouping((np.zeros(n, np.int32),) * 3, 1, np.ones(n, np.float32))
        ensure_compiled(part_of(task.progress, 0.0, 0.1))
        known = task.neighbours.take(min(_NEIGHBOURS, task.neighbours.n_neighbors))
        order = _order(task)
        graph = shared_neighbours(known.indices, order, part_of(task.progress, 0.1, 0.3))
        resolution = task.settings["resolution"]
        everywhere = np.zeros(n, np.int32)
        main = divided(graph, resolution, everywhere, task.seed, part_of(task.progress, 0.3, 0.7))
        notes = [_FLAT] if task.points.shape[1] <= _AXES else []
        while main.max() == 0 and n > _SOME and resolution < _FINEST:
            resolution *= 2
            main = divided(graph, resolution, everywhere, task.seed, part_of(task.progress, 0.3, 0.7))
        if resolution > task.settings["resolution"] and main.max() > 0:
            notes.append(f"All items were one community; it was divided at a resolution of {resolution:g}.")
        fine = divided(graph, _FINER * resolution, main, task.seed, part_of(task.progress, 0.7, 0.9))
        place = np.empty(n, np.int32)
        place[order] = np.arange(n, dtype=np.int32)
        strengths = _strengths(graph, main)[place]
        between = graph.joined(main, part_of(task.progress, 0.9, 1.0))
        main, fine = main[place], fine[place]
        coarse = join_smallest(between, _COARSE, lambda: middles(task.points, main))[main]
        report(task.progress, _STAGE, 1.0)
        return Grouping((coarse, main, fine), 1, strengths, tuple(notes))


def _order(task: Task) -> NDArray[np.int32]:
    """Return the items in the order in which the graph is worked on: where there are many, near ones together."""
    n, d = task.points.shape
    if n <= _MANY:
        return np.arange(n, dtype=np.int32)
    report(task.progress, _STAGE, 0.1, "sorting")
    if d <= _AXES:
        return along_a_curve(task.points)
    mean, axes, _ = principal_axes(task.points, _AXES, task.seed, most=_MANY)
    return along_a_curve(np.asarray((task.points - mean) @ axes.T, np.float32))


def _strengths(graph: WeightedGraph, main: NDArray[np.int32]) -> NDArray[np.float32]:
    """(n,) the share of an item's ties, by weight, that stay in its community."""
    heads = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(graph.starts))
    inside = np.where(main[heads] == main[graph.tails], graph.weights, 0)
    kept = np.bincount(heads, inside, len(graph)) / np.maximum(graph.strengths, 1e-12)
    return np.clip(kept, 0, 1).astype(np.float32)


METHOD = Communities()
