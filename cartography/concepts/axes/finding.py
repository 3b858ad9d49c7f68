"""From what a person says an axis is, to its direction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.poles import rows_of
from cartography.errors import ParameterError
from cartography.inspection.nearness.query import middle_of
from cartography.records import AxisSpec, EmbeddingSet

__all__ = ["find_axis"]

Numbers = NDArray[np.float64]


def find_axis(embeddings: EmbeddingSet, spec: AxisSpec, metric: str = "cosine") -> Axis:
    """Return the axis that `spec` describes, in the space of `embeddings.vectors`.

    Under "cosine" all vectors count with length 1. Raises `ParameterError` where the items or the column are not
    there, where the poles share all their items or have the same mean, and for a spec of the kind "rest".
    """
    low, high = _both(embeddings, spec)
    means = [middle_of(embeddings.vectors, rows, metric).astype(np.float64) for rows in (low, high)]
    direction = _unit(means[1] - means[0], spec)
    return Axis(spec, direction, float(direction @ (means[0] + means[1]) / 2), metric == "cosine", low, high)


def _both(embeddings: EmbeddingSet, spec: AxisSpec) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    assert spec.low is not None and spec.high is not None, "checked by the spec"  # noqa: S101
    return rows_of(embeddings, spec.low), rows_of(embeddings, spec.high)


def _unit(direction: Numbers, spec: AxisSpec) -> Numbers:
    length = float(np.linalg.norm(direction))
    if not length > 1e-9:
        raise ParameterError(
            f"The two poles of the axis {spec.name!r} are at the same place, so there is no direction between them.",
            "Choose poles that differ.",
        )
    return direction / length
