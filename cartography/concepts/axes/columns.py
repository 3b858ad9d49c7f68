"""The places of items on axes, as columns of the items: to colour, filter, sort and place the map by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.finding import find_axis
from cartography.concepts.axes.span import directions_of, orthonormal, shares_within
from cartography.errors import ParameterError, unknown_name
from cartography.progress import Progress, report
from cartography.records import AxisSpec, EmbeddingSet

__all__ = ["axes_of_specs", "with_axes"]

_STAGE = "Looking along the axes"


def axes_of_specs(embeddings: EmbeddingSet, specs: Sequence[AxisSpec], metric: str) -> dict[str, Axis]:
    """Return the axes that have a direction, by their names.

    Raises `ParameterError` where an axis has the name of a column that is there already, and as `find_axis` does.
    """
    taken = next((spec.name for spec in specs if spec.name in embeddings.items.columns), None)
    if taken is not None:
        raise ParameterError(f"The items have a column called {taken!r} already.", "Give the axis another name.")
    return {spec.name: find_axis(embeddings, spec, metric) for spec in specs if spec.kind != "rest"}


def with_axes(
    embeddings: EmbeddingSet,
    prepared: EmbeddingSet,
    specs: Sequence[AxisSpec],
    axes: dict[str, Axis],
    progress: Progress | None = None,
) -> EmbeddingSet:
    """Return `embeddings` with one float32 column more for each axis, named after it: places of `prepared` vectors.

    `axes` are those that `axes_of_specs` found for the same items.
    """
    columns: dict[str, NDArray[np.float32]] = {}
    for number, spec in enumerate(specs):
        report(progress, _STAGE, number / len(specs), spec.name)
        if spec.kind == "rest":
            columns[spec.name] = unexplained(prepared, [_named(axes, name) for name in spec.of])
        else:
            columns[spec.name] = axes[spec.name].places(prepared.vectors)
    found = replace(embeddings, items=embeddings.items.assign(**columns))
    vars(found)["vectors_fingerprint"] = embeddings.vectors_fingerprint  # the same vectors, which take long to read
    return found


def unexplained(embeddings: EmbeddingSet, axes: Sequence[Axis]) -> NDArray[np.float32]:
    """Return (n,) float32: what share of each item's squared distance from the middle lies outside the axes' span.

    From 0, wholly along the axes, to 1, wholly across them; 0 as well for an item at the middle. Vectors count with
    length 1 where they do for the axes. Raises `ParameterError` when no axis is given.
    """
    basis = orthonormal(directions_of(axes, embeddings.dimensions))
    total, along = shares_within(embeddings.vectors, basis, all(axis.unit for axis in axes))
    left = 1 - along.sum(axis=1) / np.where(total > 0, total, 1)
    return np.where(total > 0, np.clip(left, 0, 1), 0).astype(np.float32)


def _named(axes: dict[str, Axis], name: str) -> Axis:
    if name not in axes:
        raise unknown_name("axis with a direction", name, axes)
    return axes[name]
