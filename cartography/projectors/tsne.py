"""t-SNE: the most faithful picture of who is near whom."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import ParameterError
from cartography.parameters import Parameter
from cartography.progress import part_of
from cartography.projectors.base import Task
from cartography.projectors.outside import run_outside
from cartography.projectors.placing import AmongNeighbours
from cartography.projectors.start import first_coordinates
from cartography.records import Projection

__all__ = ["PROJECTOR", "TSNE"]

_OURS, _THEIRS = "own", "scikit-learn"
_EARLY = 250  # rounds in which groups are packed tightly
_TINY = 1e-4  # spread of the first coordinates
_MANY = 50_000  # items from which fewer neighbours than three times the perplexity must do
_MOST_NEIGHBOURS = 30
_MANY_IN_3D = 20_000


class TSNE:
    """t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008)."""

    name = "tsne"
    title = "t-SNE"
    summary = "Keeps the most neighbours together. Sizes of groups and distances between them mean little."
    parameters = (
        Parameter("perplexity", 30.0, "About how many neighbours an item looks at.", 2, 200),
        Parameter("early_exaggeration", 12.0, "How tightly groups are packed at first.", 1, 100),
        Parameter("late_exaggeration", 1.0, "How tightly they are packed in the end; 1 is plain t-SNE.", 1, 12),
        Parameter("learning_rate", None, "Length of the steps; chosen by size when empty.", 1, 1_000_000),
        Parameter("iterations", 750, "Rounds of the layout.", 250, 10_000, kind=int),
        Parameter("start", "pca", "What the layout begins from.", choices=("pca", "random")),
        Parameter("n_components", 2, "Dimensions of the map; the land shows the first two.", 2, 3, kind=int),
        Parameter("implementation", _OURS, "Ours, or scikit-learn for comparison.", choices=(_OURS, _THEIRS)),
    )

    def neighbours_needed(self, settings: Mapping[str, Any], n: int) -> int:
        """Three times the perplexity, beyond which the kernel is as good as zero; 30 where there are many items."""
        wanted = math.ceil(3 * _perplexity(settings["perplexity"], n) + 1)
        return min(wanted, _MOST_NEIGHBOURS) if n > _MANY and settings["implementation"] == _OURS else wanted

    def fit(self, task: Task) -> Projection:
        """Lay out the neighbour graph."""
        began = time.perf_counter()
        n = len(task.embeddings)
        settings = {**task.settings, "perplexity": _perplexity(task.settings["perplexity"], n)}
        settings["implementation"] = _fitting(settings, n)
        notes = []
        if settings["n_components"] == 3:
            notes.append("Three dimensions are laid out by scikit-learn; the land is drawn on the first two.")
        if settings["perplexity"] < task.settings["perplexity"]:
            notes.append(f"Perplexity was lowered to {settings['perplexity']:g}, the most that {n} items allow.")
        start = first_coordinates(
            task, _TINY if task.start is None else 1.0, settings["start"], settings["n_components"]
        )
        evidence: dict[str, Any] = {"implementation": settings["implementation"]}
        metric = "cosine"
        if n < 5:
            coordinates = start
        elif settings["implementation"] == _OURS:
            metric = task.graph.metric
            coordinates, evidence["kl_divergence"] = _by_kernels(task, settings, start)
            if task.graph.n_neighbors < 3 * settings["perplexity"]:
                notes.append(
                    f"With {n:,} items, affinities reach {task.graph.n_neighbors} neighbours instead of "
                    f"{3 * settings['perplexity']:.0f}; they are as even as that allows."
                )
        else:
            metric = task.graph.metric
            coordinates = _by_sklearn(task, settings, start)
        return Projection(
            coordinates,
            method=self.name,
            params=settings,
            seed=task.seed,
            seconds=time.perf_counter() - began,
            notes=tuple(notes),
            evidence=evidence,
            placer=AmongNeighbours(task.embeddings, coordinates, metric),
        )


def _by_kernels(
    task: Task, settings: Mapping[str, Any], start: NDArray[np.float32]
) -> tuple[NDArray[np.float32], float]:
    from cartography.kernels.compiling import ensure_compiled
    from cartography.projectors.affinities import affinities
    from cartography.projectors.tsne_layout import Schedule, lay_out_tsne

    ensure_compiled(part_of(task.progress, 0.0, 0.2))
    rounds = settings["iterations"]
    schedule = Schedule(
        rounds=rounds,
        early_rounds=min(_EARLY, rounds // 2),
        early=settings["early_exaggeration"],
        late=settings["late_exaggeration"],
        rate=settings["learning_rate"],
    )
    ties = affinities(task.graph, settings["perplexity"])
    rest = part_of(task.progress, 0.2, 1.0)
    return lay_out_tsne(ties, start, schedule, progress=rest, standing=task.standing)


def _by_sklearn(task: Task, settings: Mapping[str, Any], start: NDArray[np.float32]) -> NDArray[np.float32]:
    arrays = {"indices": task.graph.indices, "distances": task.graph.distances, "start": start}
    return run_outside("tsne", arrays, {**settings, "seed": task.seed}, task.progress, "Laying out (t-SNE)")


def _fitting(settings: Mapping[str, Any], n: int) -> str:
    """Our own layout is a flat one."""
    if settings["n_components"] == 2:
        return str(settings["implementation"])
    if n > _MANY_IN_3D:
        raise ParameterError(
            f"t-SNE in three dimensions would take hours for {n:,} items; it is offered up to {_MANY_IN_3D:,}.",
            "Choose umap or pca, two dimensions, or a sample.",
        )
    return _THEIRS


def _perplexity(wanted: float, n: int) -> float:
    """The most that n items allow: scikit-learn asks a given graph for 3 * perplexity + 1 neighbours."""
    return max(1.0, min(wanted, (n - 2) / 3 - 1))


PROJECTOR = TSNE()
