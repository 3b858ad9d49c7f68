"""Items laid out along concept axes, and new vectors beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.axes.axis import Axis
from cartography.records import Projection

__all__ = ["AlongConcepts", "placed_along"]


@dataclass(frozen=True, eq=False)
class AlongConcepts:
    """Places new vectors on a map whose sides are concept axes."""

    axes: tuple[Axis, ...]

    def __call__(self, new_vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return coordinates (m, 2 or 3) for vectors (m, d)."""
        return np.column_stack([axis.places(new_vectors) for axis in self.axes])


def placed_along(projection: Projection, axes: Mapping[str, Axis]) -> Projection:
    """Return a projection "on axes" that can place new vectors, where all its sides are concept axes of one scale."""
    if projection.method != "axes" or projection.params.get("scale") != "shared":
        return projection
    names = [projection.params[side] for side in ("x", "y", "z") if projection.params.get(side)]
    if not all(name in axes for name in names):
        return projection
    return replace(projection, placer=AlongConcepts(tuple(axes[name] for name in names)))
