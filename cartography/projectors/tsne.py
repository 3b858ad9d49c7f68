"""t-SNE: the most faithful picture of who is near whom."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Any

from cartography.parameters import Parameter
from cartography.projectors.base import Task
from cartography.projectors.outside import run_outside
from cartography.projectors.placing import AmongNeighbours
from cartography.projectors.start import first_coordinates
from cartography.records import Projection

__all__ = ["PROJECTOR", "TSNE"]


class TSNE:
    """t-distributed stochastic neighbour embedding (van der Maaten and Hinton 2008), by scikit-learn."""

    name = "tsne"
    title = "t-SNE"
    summary = "Keeps the most neighbours together. Sizes of groups and distances between them mean little."
    parameters = (
        Parameter("perplexity", 30.0, "About how many neighbours an item looks at.", 2, 200),
        Parameter("early_exaggeration", 12.0, "How tightly groups are packed at first.", 1, 100),
        Parameter("learning_rate", None, "Length of the steps; chosen by size when empty.", 1, 10_000),
        Parameter("iterations", 1000, "Rounds of the layout.", 250, 10_000, kind=int),
    )

    def neighbours_needed(self, settings: Mapping[str, Any], n: int) -> int:
        """Three times the perplexity, beyond which the kernel is as good as zero."""
        return math.ceil(3 * _perplexity(settings["perplexity"], n) + 1)

    def fit(self, task: Task) -> Projection:
        """Lay out the neighbour graph in a process of its own."""
        began = time.perf_counter()
        n = len(task.embeddings)
        settings = {**task.settings, "perplexity": _perplexity(task.settings["perplexity"], n)}
        notes = []
        if settings["perplexity"] < task.settings["perplexity"]:
            notes.append(f"Perplexity was lowered to {settings['perplexity']:g}, the most that {n} items allow.")
        start = first_coordinates(task, 1e-4 if task.start is None else 1.0)
        if n < 5:
            coordinates, metric = start, "cosine"
        else:
            graph, metric = task.graph, task.graph.metric
            arrays = {"indices": graph.indices, "distances": graph.distances, "start": start}
            coordinates = run_outside(
                "tsne", arrays, {**settings, "seed": task.seed}, task.progress, "Laying out (t-SNE)"
            )
        return Projection(
            coordinates,
            method=self.name,
            params=settings,
            seed=task.seed,
            seconds=time.perf_counter() - began,
            notes=tuple(notes),
            evidence={"implementation": "scikit-learn"},
            placer=AmongNeighbours(task.embeddings, coordinates, metric),
        )


def _perplexity(wanted: float, n: int) -> float:
    """The most that n items allow: scikit-learn asks a given graph for 3 * perplexity + 1 neighbours."""
    return max(1.0, min(wanted, (n - 2) / 3 - 1))


PROJECTOR = TSNE()
