"""Principal components: the directions along which the items differ most. Linear, exact, repeatable."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from cartography.parameters import Parameter
from cartography.principal_axes import SAMPLE, principal_axes
from cartography.progress import report
from cartography.projectors.base import Task
from cartography.projectors.placing import AlongAxes
from cartography.records import Projection

__all__ = ["PROJECTOR", "PCA"]

_KEPT = 10


class PCA:
    """Principal component analysis of the centred vectors (Pearson 1901)."""

    name = "pca"
    title = "PCA"
    summary = "A straight shadow of the space: axes and large distances mean something, fine groups overlap."
    parameters = (
        Parameter("component_x", 1, "The principal component drawn from west to east.", 1, _KEPT, kind=int),
        Parameter("component_y", 2, "The principal component drawn from south to north.", 1, _KEPT, kind=int),
        Parameter("component_z", 3, "The third one, where there are three dimensions.", 1, _KEPT, kind=int),
        Parameter("n_components", 2, "Dimensions of the map; the land shows the first two.", 2, 3, kind=int),
        Parameter(
            "solver",
            None,
            "Exact, or randomised for very wide vectors; chosen by shape when empty.",
            choices=("exact", "randomised"),
        ),
    )

    def neighbours_needed(self, settings: Mapping[str, Any], n: int) -> int:
        """None: PCA looks at all items at once."""
        return 0

    def fit(self, task: Task) -> Projection:
        """Project on two, or three, of the first ten components."""
        began = time.perf_counter()
        report(task.progress, "Principal components", 0.0)
        vectors = task.embeddings.vectors
        settings = task.settings
        mean, axes, variance = principal_axes(vectors, _KEPT, task.seed, solver=settings["solver"])
        names = ("component_x", "component_y", "component_z")[: settings["n_components"]]
        chosen = tuple(settings[name] - 1 for name in names)
        place = AlongAxes(mean, axes, chosen)
        coordinates = place(vectors)
        report(task.progress, "Principal components", 1.0)
        return Projection(
            coordinates,
            method=self.name,
            params=task.settings,
            seed=task.seed,
            seconds=time.perf_counter() - began,
            evidence={"variance_explained": tuple(float(v) for v in variance)},
            notes=_notes(len(axes), len(vectors)),
            placer=place,
        )


def _notes(axes: int, n: int) -> tuple[str, ...]:
    notes = []
    if axes < 2:
        notes.append("There is only one direction to show, so the map is a line.")
    if n > SAMPLE:
        notes.append(f"The principal axes were computed from {SAMPLE:,} items drawn at random, of {n:,}.")
    return tuple(notes)


PROJECTOR = PCA()
