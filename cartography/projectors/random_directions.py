"""Random projection: directions that know nothing of the data, as a yardstick for all others."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from cartography.blocks import mean_of
from cartography.parameters import Parameter
from cartography.progress import report
from cartography.projectors.base import Task
from cartography.projectors.placing import AlongAxes
from cartography.records import Projection

__all__ = ["PROJECTOR", "RandomDirections"]

_STAGE = "Random projection"


class RandomDirections:
    """Gaussian random projection (Johnson and Lindenstrauss 1984), with directions at right angles."""

    name = "random"
    title = "Random projection"
    summary = "Directions drawn by chance. A method worth its time shows more than this."
    parameters = (
        Parameter("n_components", 2, "Dimensions of the map; the land shows the first two.", 2, 3, kind=int),
    )

    def neighbours_needed(self, settings: Mapping[str, Any], n: int) -> int:
        """None: it looks at nothing."""
        return 0

    def fit(self, task: Task) -> Projection:
        """Project the centred vectors on directions drawn by the seed."""
        began = time.perf_counter()
        report(task.progress, _STAGE, 0.0)
        vectors, count = task.embeddings.vectors, task.settings["n_components"]
        drawn = np.random.default_rng(task.seed).normal(size=(vectors.shape[1], count))
        basis, _ = np.linalg.qr(drawn)
        mean = mean_of(vectors).astype(np.float32)
        place = AlongAxes(mean, np.ascontiguousarray(basis.T, np.float32), tuple(range(count)))
        coordinates = place(vectors)
        report(task.progress, _STAGE, 1.0)
        return Projection(
            coordinates,
            method=self.name,
            params=task.settings,
            seed=task.seed,
            seconds=time.perf_counter() - began,
            placer=place,
        )


PROJECTOR = RandomDirections()
