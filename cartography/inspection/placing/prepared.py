"""Where vectors of the space that a map was made in stand on it, such as sums of its items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.inspection.placing.newcomers import Known
from cartography.neighbours import nearest_to
from cartography.neighbours.between import PLACED_BY, between
from cartography.orient import turned
from cartography.progress import Progress

__all__ = ["place_prepared"]


def place_prepared(
    vectors: NDArray[np.float32], known: Known, progress: Progress | None = None
) -> tuple[NDArray[np.float32], str]:
    """Return places (m, 2) in map units for vectors (m, d) of the prepared space, and a sentence on how.

    A vector equal to an item's stands on that item, but on maps that are read off axes not exactly so.
    """
    projection = known.projection
    if projection.placer is not None and projection.placing_metric is None:
        # vectors that were prepared already need not go through what prepares raw ones first
        placer = getattr(projection.placer, "placer", projection.placer)
        said = "Each is read off the map's own axes; the map does not move."
        return turned(placer(vectors), known.scene.turn), said
    metric = projection.placing_metric or known.metric
    k = min(PLACED_BY, len(known.prepared))
    rows, distances = nearest_to(known.prepared, vectors, k, metric, progress=progress)
    why = "" if projection.placer is not None else ", because this map's coordinates came with the file"
    said = f"Each stands among its {k} nearest items by {metric} distance{why}; the map does not move."
    return turned(between(projection.coordinates, rows, distances), known.scene.turn), said
