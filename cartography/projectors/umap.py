"""UMAP: keeps neighbours together, lets far groups drift apart."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.parameters import Parameter
from cartography.progress import part_of
from cartography.projectors.base import Task
from cartography.projectors.outside import run_outside
from cartography.projectors.placing import AmongNeighbours
from cartography.projectors.small_layout import SMALL, lay_out_small
from cartography.projectors.start import first_coordinates
from cartography.records import Projection

__all__ = ["PROJECTOR", "UMAP"]

_SPREAD_AT_START = 4.0
_OURS, _THEIRS = "own", "umap-learn"
_FEW = 10_000  # items up to which umap-learn takes 500 epochs


class UMAP:
    """Uniform manifold approximation and projection (McInnes, Healy and Melville 2018)."""

    name = "umap"
    title = "UMAP"
    summary = "Islands of items that are near each other. Distances between islands mean little."
    parameters = (
        Parameter("n_neighbors", 15, "How many neighbours hold an item in its place.", 2, 200, kind=int),
        Parameter("min_dist", 0.1, "How close items may lie on the map.", 0.0, 0.99),
        Parameter("spread", 1.0, "How wide the map as a whole is spun out.", 0.5, 5.0),
        Parameter("n_epochs", None, "Rounds of the layout; chosen by size when empty.", 10, 5000, kind=int),
        Parameter(
            "negatives",
            None,
            "Items that push for each that pulls; 10 when empty, 5 for umap-learn.",
            1,
            50,
            kind=int,
        ),
        Parameter("implementation", _OURS, "Ours, or umap-learn for comparison.", choices=(_OURS, _THEIRS)),
    )

    def neighbours_needed(self, settings: Mapping[str, Any], n: int) -> int:
        """`n_neighbors`, of the original space."""
        return int(settings["n_neighbors"])

    def fit(self, task: Task) -> Projection:
        """Lay out the neighbour graph."""
        began = time.perf_counter()
        n = len(task.embeddings)
        settings = _filled_in(task.settings, n)
        used = settings["implementation"]
        if n < 4:
            coordinates = first_coordinates(task, 1.0)
        elif used == _THEIRS:
            coordinates = _by_umap_learn(task, settings)
        elif n <= SMALL:
            used = "own, in numpy"
            coordinates = _by_numpy(task, settings)
        else:
            coordinates = _by_kernels(task, settings)
        metric = task.neighbours.metric if task.neighbours is not None else "cosine"
        return Projection(
            coordinates,
            method=self.name,
            params=settings,
            seed=task.seed,
            seconds=time.perf_counter() - began,
            evidence={"implementation": used},
            placer=AmongNeighbours(task.embeddings, coordinates, metric),
        )


def _filled_in(settings: Mapping[str, Any], n: int) -> dict[str, Any]:
    """Choose what is left open by the number of items."""
    kernels = settings["implementation"] == _OURS and n > SMALL
    epochs = 200 if kernels or n > _FEW else 500
    return {
        **settings,
        "n_epochs": settings["n_epochs"] or epochs,
        "negatives": settings["negatives"] or (10 if kernels else 5),
    }


def _by_numpy(task: Task, settings: Mapping[str, Any]) -> NDArray[np.float32]:
    from cartography.projectors.memberships import curve, memberships

    graph = task.graph.take(min(settings["n_neighbors"], task.graph.n_neighbors))
    a, b = curve(settings["min_dist"], settings["spread"])
    start = first_coordinates(task, _SPREAD_AT_START)
    course = {"epochs": settings["n_epochs"], "negatives": settings["negatives"], "seed": task.seed}
    return lay_out_small(memberships(graph), start, a, b, progress=task.progress, **course)


def _by_kernels(task: Task, settings: Mapping[str, Any]) -> NDArray[np.float32]:
    from cartography.kernels.compiling import ensure_compiled
    from cartography.projectors.memberships import curve, memberships
    from cartography.projectors.umap_layout import Course, lay_out_umap

    ensure_compiled(part_of(task.progress, 0.0, 0.2))
    graph = task.graph.take(min(settings["n_neighbors"], task.graph.n_neighbors))
    a, b = curve(settings["min_dist"], settings["spread"])
    course = Course(a, b, settings["n_epochs"], settings["negatives"], seed=task.seed)
    start = first_coordinates(task, _SPREAD_AT_START)
    return lay_out_umap(memberships(graph), start, course, progress=part_of(task.progress, 0.2, 1.0))


def _by_umap_learn(task: Task, settings: Mapping[str, Any]) -> NDArray[np.float32]:
    graph = task.graph.take(min(settings["n_neighbors"], task.graph.n_neighbors))
    arrays = {
        "vectors": task.embeddings.vectors,
        "indices": graph.indices,
        "distances": graph.distances,
        "start": first_coordinates(task, _SPREAD_AT_START),
    }
    return run_outside("umap", arrays, {**settings, "seed": task.seed}, task.progress, "Laying out (UMAP)")


PROJECTOR = UMAP()
