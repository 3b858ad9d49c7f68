"""Items laid out along concept axes: how much that tells of them, and new vectors beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.columns import columns_of
from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.finding import find_axis
from cartography.concepts.axes.regression import drawn
from cartography.concepts.axes.span import orthonormal, shares_within
from cartography.errors import ParameterError, ShapeError
from cartography.records import AxisSpec, EmbeddingSet, Projection
from cartography.sides import numbers_of, placed_by

__all__ = ["AlongConcepts", "place_on_axes", "placed_along"]

_CLOSE = 60  # degrees between two axes below which the map says much of one thing twice

Side = Axis | AxisSpec | str


@dataclass(frozen=True, eq=False)
class AlongConcepts:
    """Places new vectors on a map whose sides are concept axes."""

    axes: tuple[Axis, ...]

    def __call__(self, new_vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return coordinates (m, 2 or 3) for vectors (m, d). Raises `ShapeError` when d is another."""
        dimensions = len(self.axes[0].direction)
        if new_vectors.shape[1] != dimensions:
            raise ShapeError(f"The new vectors have {new_vectors.shape[1]} dimensions; the axes have {dimensions}.")
        return np.column_stack([axis.places(new_vectors) for axis in self.axes])


def place_on_axes(
    embeddings: EmbeddingSet, x: Side, y: Side, z: Side | None = None, metric: str = "cosine"
) -> Projection:
    """Return the map of items (n, d) whose sides are concept axes, or numeric columns of the items.

    Parameters
    ----------
    x, y, z : each an `Axis` in the space of the vectors, an `AxisSpec` that is found under `metric`, or the name of a
        column of numbers or dates

    All sides share one scale: places on an axis under "cosine" are differences of cosines, else in units of the
    vectors. Where all sides are concept axes, `transform` places new vectors, and `evidence` holds
    "variance_explained" (the share of all variance along each), "unexplained" (the share outside their span) and
    "angle" (degrees from x to y, 0 to 180). The notes say that in words, and warn of axes closer than 60 degrees.
    Raises `ParameterError` for a column that is missing or holds no numbers and for axes found under metrics that
    count lengths differently, `ShapeError` for another space's axis.
    """
    found = [
        find_axis(embeddings, one, metric) if isinstance(one, AxisSpec) else one
        for one in (x, y, z)
        if one is not None
    ]
    names = [one.name if isinstance(one, Axis) else one for one in found]
    sides = [(name, _numbers(embeddings, one)) for name, one in zip(names, found, strict=True)]
    coordinates, notes = placed_by(sides, "shared")
    params: dict[str, Any] = dict.fromkeys(("x", "y", "z")) | dict(zip("xyz", names, strict=False))
    projection = Projection(coordinates, method="axes", params=params | {"scale": "shared"}, notes=notes)
    axes = [one for one in found if isinstance(one, Axis)]
    if len({one.unit for one in axes}) > 1:
        raise ParameterError(
            "Some of these axes were found on vectors of length 1, some on vectors as they are: they share no scale.",
            "Find all of them under the same metric.",
        )
    return _with_evidence(projection, axes, embeddings) if len(axes) == len(found) else projection


def placed_along(projection: Projection, axes: Mapping[str, Axis], embeddings: EmbeddingSet) -> Projection:
    """Return a projection "on axes" with its evidence, and able to place new vectors where its scale is shared.

    `axes` by the names of their columns and the `embeddings` that they were found on; any other projection comes back
    as it is, and so does one that has a side which is no concept axis.
    """
    if projection.method != "axes":
        return projection
    names = [projection.params[side] for side in ("x", "y", "z") if projection.params.get(side)]
    if not all(name in axes for name in names):
        return projection
    return _with_evidence(projection, [axes[name] for name in names], embeddings)


def _numbers(embeddings: EmbeddingSet, side: Axis | str) -> NDArray[np.float64]:
    if isinstance(side, str):
        return numbers_of(columns_of(embeddings), side)
    if not isinstance(side, Axis):
        raise ParameterError(
            f"{type(side).__name__} is no side of a map.", "Name an axis, or a column of numbers of the items."
        )
    if len(side.direction) != embeddings.dimensions:
        raise ShapeError(
            f"The axis {side.name!r} has {len(side.direction)} dimensions; the vectors have {embeddings.dimensions}."
        )
    return side.places(embeddings.vectors).astype(np.float64)


def _with_evidence(projection: Projection, axes: Sequence[Axis], embeddings: EmbeddingSet) -> Projection:
    directions = np.stack([axis.direction for axis in axes])
    rows = drawn(np.arange(len(embeddings)), embeddings.dimensions)
    sample = embeddings.vectors if len(rows) == len(embeddings) else embeddings.vectors[rows]
    basis = orthonormal(directions)
    total, along = shares_within(sample, np.concatenate([directions, basis]), axes[0].unit)
    shares = along.sum(axis=0) / (total.sum() or 1.0)
    explained, within = shares[: len(axes)], float(shares[len(axes) :].sum())
    evidence = {
        "variance_explained": tuple(float(share) for share in explained),
        "unexplained": min(max(1 - within, 0.0), 1.0),
        "angle": _degrees(axes[0], axes[1]),
    }
    whom = f"; measured on {len(rows):,} items drawn at random" if len(rows) < len(embeddings) else ""
    named = " and ".join(f"{axis.name} holds {share:.1%}" for axis, share in zip(axes, explained, strict=True))
    said = f"Of what the items differ by {named}; {evidence['unexplained']:.0%} is not on this map{whom}."
    return replace(
        projection,
        evidence={**projection.evidence, **evidence},
        notes=(*projection.notes, said, *_close(axes)),
        placer=AlongConcepts(tuple(axes)) if projection.params.get("scale") == "shared" else None,
    )


def _close(axes: Sequence[Axis]) -> list[str]:
    """A warning for every two axes that say much the same."""
    notes = []
    for one, other in combinations(axes, 2):
        degrees = _degrees(one, other)
        if min(degrees, 180 - degrees) < _CLOSE:
            way = "with" if degrees < 90 else "against"
            notes.append(
                f"{one.name} and {other.name} are only {min(degrees, 180 - degrees):.0f}° apart, so the map repeats "
                f"itself: items rise on one {way} the other."
            )
    return notes


def _degrees(one: Axis, other: Axis) -> float:
    return float(np.degrees(np.arccos(np.clip(one.direction @ other.direction, -1, 1))))
