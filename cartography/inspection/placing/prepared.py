"""Where vectors of the space that a map was made in stand on it, such as sums of its items."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cartography.inspection.placing.newcomers import Known, where_from
from cartography.neighbours import nearest_to
from cartography.neighbours.between import PLACED_BY, between
from cartography.orient import turned
from cartography.progress import Progress

__all__ = ["place_prepared"]


def place_prepared(
    vectors: NDArray[np.float32],
    known: Known,
    left_out: Sequence[int] = (),
    progress: Progress | None = None,
) -> tuple[NDArray[np.float32], str]:
    """Return places (m, 2) in map units for vectors (m, d) of the prepared space, and a sentence on how.

    A vector equal to an item's stands on that item. Where the nearest items say where it stands, those in the rows
    `left_out` have no say: a sum is near to what it is made of. They also say it on a map along directions that were
    taken out of the prepared space.
    """
    projection = known.projection
    beyond = getattr(projection.placer, "transformation", None) is not known.prepare
    if projection.placer is not None and projection.placing_metric is None and not beyond:
        # vectors that were prepared already need not go through what prepares raw ones first
        placer = getattr(projection.placer, "placer", projection.placer)
        said = "Each is read off the map's own axes; the map does not move."
        return turned(placer(vectors), known.scene.turn), said
    metric = projection.placing_metric or known.metric
    rows, distances = nearest_to(known.prepared, vectors, PLACED_BY + len(left_out), metric, progress=progress)
    rows, distances = _without(rows, distances, left_out)
    why = f", because {where_from(projection)}" if projection.placer is None else ""
    if projection.placer is not None and beyond:
        why = ", because the map's axes were taken out of the vectors"
    others = ", those of the formula left out" if len(left_out) else ""
    whom = f"its {rows.shape[1]} nearest items by {metric} distance{others}"
    said = f"Each stands among {whom}{why}; the map does not move."
    return turned(between(projection.coordinates, rows, distances), known.scene.turn), said


def _without(
    rows: NDArray[np.int64], distances: NDArray[np.float32], left_out: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The few nearest (m, k) that are not left out; all where nothing else is there."""
    gone = np.isin(rows, np.asarray(left_out, np.int64))
    k = min(PLACED_BY, rows.shape[1] - int(gone.sum(axis=1).max(initial=0)))
    if k < 1:
        return rows[:, :PLACED_BY], distances[:, :PLACED_BY]
    order = np.argsort(gone, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(rows, order, 1), np.take_along_axis(distances, order, 1)
