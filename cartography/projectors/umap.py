"""UMAP: keeps neighbours together, lets far groups drift apart."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import ParameterError
from cartography.parameters import Parameter
from cartography.progress import part_of
from cartography.projectors.base import Task
from cartography.projectors.outside import run_outside
from cartography.projectors.placing import AmongNeighbours
from cartography.projectors.small_layout import SMALL, lay_out_small
from cartography.projectors.start import STARTS, first_coordinates
from cartography.records import Projection

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["PROJECTOR", "UMAP"]

_SPREAD_AT_START = 4.0
_OURS, _THEIRS = "own", "umap-learn"
_GENTLE = 0.4  # the first rate where the start is good already
_MANY = 20_000  # items from which the layout begins from landmarks
_EPOCHS_FROM_LANDMARKS = 120  # after which measures of quality hardly rise
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
        Parameter("start", None, "What the layout begins from; chosen by size when empty.", choices=STARTS),
        Parameter("n_components", 2, "Dimensions of the map; the land shows the first two.", 2, 3, kind=int),
        Parameter("target", None, "A column that helps to part the groups, for a supervised map.", kind=str),
        Parameter("target_weight", None, "How much it counts: 0 not at all, 1 above all; 0.5 when empty.", 0.0, 1.0),
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
        notes = _remarks(settings)
        if n < 4:
            coordinates = first_coordinates(task, 1.0, dimensions=settings["n_components"])
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
            notes=notes,
            evidence={"implementation": used},
            placer=AmongNeighbours(task.embeddings, coordinates, metric),
        )


def _filled_in(settings: Mapping[str, Any], n: int) -> dict[str, Any]:
    """Choose what is left open by the number of items."""
    ours = settings["implementation"] == _OURS
    kernels = ours and n > SMALL
    if not ours and settings["target"] is not None:
        raise ParameterError("umap-learn is called without a column here.", "Choose the implementation 'own'.")
    start = _start(settings, n, kernels)
    epochs = _EPOCHS_FROM_LANDMARKS if start == "landmarks" else 200 if kernels or n > _FEW else 500
    return {
        **settings,
        "n_epochs": settings["n_epochs"] or epochs,
        "negatives": settings["negatives"] or (10 if kernels else 5),
        "start": start,
        "target_weight": _weight(settings),
    }


def _weight(settings: Mapping[str, Any]) -> float | None:
    """How much the target column counts; where there is none, nothing needs to be said of it."""
    if settings["target"] is None:
        return None
    return 0.5 if settings["target_weight"] is None else float(settings["target_weight"])


def _start(settings: Mapping[str, Any], n: int, kernels: bool) -> str:
    """Landmarks where there are many items: more of their neighbours stay together then. Few items have none."""
    wanted = settings["start"] or ("landmarks" if n > _MANY else "pca")
    return "pca" if wanted == "landmarks" and not kernels else str(wanted)


def _remarks(settings: Mapping[str, Any]) -> tuple[str, ...]:
    notes = []
    if settings["target"] is not None:
        notes.append(
            f"The map is supervised: the column {settings['target']!r} pulled its groups apart, "
            f"with a weight of {settings['target_weight']:g}. That they are apart proves nothing."
        )
    if settings["n_components"] == 3:
        notes.append("The map has three dimensions; the land is drawn on the first two.")
    return tuple(notes)


def _ties(task: Task, settings: Mapping[str, Any]) -> csr_array:
    """The membership strengths to lay out, as the target column changes them where there is one."""
    from cartography.projectors.memberships import memberships

    strengths = memberships(task.graph.take(min(settings["n_neighbors"], task.graph.n_neighbors)))
    if settings["target"] is None:
        return strengths
    from cartography.projectors.supervision import supervised

    return supervised(strengths, task.embeddings, settings["target"], settings["target_weight"])


def _begin(task: Task, settings: Mapping[str, Any]) -> NDArray[np.float32]:
    return first_coordinates(task, _SPREAD_AT_START, settings["start"], settings["n_components"])


def _by_numpy(task: Task, settings: Mapping[str, Any]) -> NDArray[np.float32]:
    from cartography.projectors.memberships import curve

    a, b = curve(settings["min_dist"], settings["spread"])
    return lay_out_small(
        _ties(task, settings),
        _begin(task, settings),
        a,
        b,
        epochs=settings["n_epochs"],
        negatives=settings["negatives"],
        seed=task.seed,
        progress=task.progress,
        standing=task.standing,
    )


def _by_kernels(task: Task, settings: Mapping[str, Any]) -> NDArray[np.float32]:
    from cartography.kernels.compiling import ensure_compiled
    from cartography.projectors.landmarks import landmark_start
    from cartography.projectors.memberships import curve
    from cartography.projectors.umap_layout import Course, lay_out_umap

    ensure_compiled(part_of(task.progress, 0.0, 0.2))
    a, b = curve(settings["min_dist"], settings["spread"])
    course = Course(a, b, settings["n_epochs"], settings["negatives"], seed=task.seed)
    ties, start = _ties(task, settings), _begin(task, settings)
    if settings["start"] == "landmarks" and task.start is None:
        if not task.standing.parts:
            start = landmark_start(task, ties, start, course)
        course = replace(course, rate=_GENTLE)
    rest = part_of(task.progress, 0.3, 1.0)
    return lay_out_umap(ties, start, course, progress=rest, standing=task.standing)


def _by_umap_learn(task: Task, settings: Mapping[str, Any]) -> NDArray[np.float32]:
    graph = task.graph.take(min(settings["n_neighbors"], task.graph.n_neighbors))
    arrays = {
        "vectors": task.embeddings.vectors,
        "indices": graph.indices,
        "distances": graph.distances,
        "start": _begin(task, settings),
    }
    return run_outside("umap", arrays, {**settings, "seed": task.seed}, task.progress, "Laying out (UMAP)")


PROJECTOR = UMAP()
