"""From what a person says an axis is, to its direction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.columns import columns_of
from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.poles import rows_of
from cartography.concepts.axes.regression import drawn, plane_between, slope_of, standard_of
from cartography.concepts.axes.span import middle_of_all
from cartography.errors import ParameterError, unknown_name
from cartography.neighbours.metrics import METRICS, unit_rows
from cartography.records import AxisSpec, EmbeddingSet

__all__ = ["find_axis"]

_LEARNED = 4_000  # items of a pole that a separator learns from
_FEWEST = 3  # numbers that a direction can be learned from

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]


def find_axis(embeddings: EmbeddingSet, spec: AxisSpec, metric: str = "cosine") -> Axis:
    """Return the axis that `spec` describes, in the space of `embeddings.vectors`.

    Under "cosine" all vectors count with length 1. What was sampled, and how well a column is followed, is said in
    its notes. Raises `ParameterError` where the items or the column are not there, where the poles are at the same
    place or the column says nothing, for a spec of the kind "rest", and for an unknown metric.
    """
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    if spec.kind == "rest":
        raise ParameterError(
            f"{spec.name!r} is what other axes leave unexplained; it has no direction.", "Choose another axis."
        )
    if spec.kind == "column":
        return _along_column(embeddings, spec, metric == "cosine")
    assert spec.low is not None and spec.high is not None, "checked by the spec"  # noqa: S101
    low, high = rows_of(embeddings, spec.low), rows_of(embeddings, spec.high)
    for rows, pole in ((low, spec.low), (high, spec.high)):
        if not len(rows):
            raise ParameterError(f"The pole {pole.name!r} has no items here.", "Choose a pole that has some.")
    if np.array_equal(np.unique(low), np.unique(high)):
        raise ParameterError(
            f"The two poles of the axis {spec.name!r} are the same items.", "Choose poles that differ."
        )
    if spec.kind == "separator":
        return _across_plane(embeddings, spec, metric == "cosine", low, high)
    return _between(embeddings, spec, metric == "cosine", low, high)


def _between(embeddings: EmbeddingSet, spec: AxisSpec, unit: bool, low: Rows, high: Rows) -> Axis:
    """From mean to mean, which for pairs is the mean of their differences; or along what these have in common."""
    if spec.kind == "pairs" and len(low) != len(high):
        raise ParameterError(
            f"The axis {spec.name!r} pairs {len(low):,} items with {len(high):,}.",
            "Give as many on one side as on the other.",
        )
    means = [middle_of_all(embeddings.vectors, unit, rows) for rows in (low, high)]
    direction, notes = means[1] - means[0], tuple[str, ...]()
    if spec.kind == "pairs" and spec.component:
        direction, notes = _component(_vectors(embeddings, high, unit) - _vectors(embeddings, low, unit), direction)
    direction = _unit(direction, spec)
    zero = float(direction @ (means[0] + means[1]) / 2)
    return Axis(spec, direction, zero, unit, low, high, notes)


def _component(differences: NDArray[np.float32], mean: Numbers) -> tuple[Numbers, tuple[str, ...]]:
    """The first principal component of differences (m, d), which points from low to high, and what it explains.

    About zero and not about their mean, as a pair's two halves about its middle (Bolukbasi et al. 2016).
    """
    _, values, rows = np.linalg.svd(differences.astype(np.float64), full_matrices=False)
    total = float((values**2).sum())
    if not total > 0:
        return mean, ()
    sign = np.sign((differences @ rows[0]).mean()) or 1.0
    share = values[0] ** 2 / total
    return rows[0] * sign, (f"It holds {share:.0%} of what the {len(differences):,} pairs differ by.",)


def _across_plane(embeddings: EmbeddingSet, spec: AxisSpec, unit: bool, low: Rows, high: Rows) -> Axis:
    learned = [drawn(rows, embeddings.dimensions, _LEARNED, seed) for seed, rows in enumerate((low, high))]
    notes = tuple(
        f"The plane was learned from {len(few):,} of the {len(rows):,} items of {pole.name!r}, drawn at random."
        for few, rows, pole in zip(learned, (low, high), (spec.low, spec.high), strict=True)
        if len(few) < len(rows) and pole is not None
    )
    both = [_vectors(embeddings, rows, unit) for rows in learned]
    plane = plane_between(both[0], both[1], standard_of(embeddings.vectors, unit))
    length = float(np.linalg.norm(plane.normal))
    return Axis(spec, _unit(plane.normal, spec), -plane.offset / length, unit, low, high, notes)


def _along_column(embeddings: EmbeddingSet, spec: AxisSpec, unit: bool) -> Axis:
    column = columns_of(embeddings).named(str(spec.column))
    numbers = column.numbers
    if numbers is None:
        raise ParameterError(
            f"The column {column.name!r} holds no numbers, so nothing grows along it.",
            "Choose a column of numbers or dates, or make an axis between two of its values.",
        )
    known = np.flatnonzero(np.isfinite(numbers)).astype(np.int64)
    rows = drawn(known, embeddings.dimensions)
    if len(rows) < _FEWEST or not _vary(numbers[rows]):
        raise ParameterError(
            f"The numbers in the column {column.name!r} are too few or all the same.", "Choose another column."
        )
    standard = standard_of(embeddings.vectors, unit)
    slope = slope_of(_vectors(embeddings, rows, unit), numbers[rows], standard)
    direction = _unit(slope.gradient, spec)
    return Axis(spec, direction, float(direction @ standard.mean), unit, notes=_learned(slope.explained, rows, known))


def _vary(numbers: Numbers) -> bool:
    """Whether numbers differ by more than rounding, which the deviation of equal ones is made of."""
    return bool(np.ptp(numbers) > 1e-12 * np.abs(numbers).max())


def _learned(explained: float, rows: Rows, known: Rows) -> tuple[str, ...]:
    said = "Numbers of items left out follow it not at all: the vectors do not tell them."
    if explained > 0:
        said = f"For items left out it tells {explained:.0%} of what the numbers vary by."
    if len(rows) == len(known):
        return (said,)
    return (said, f"It was learned from {len(rows):,} of {len(known):,} items with a number, drawn at random.")


def _vectors(embeddings: EmbeddingSet, rows: Rows, unit: bool) -> NDArray[np.float32]:
    block = embeddings.vectors[rows]
    return unit_rows(block) if unit else block


def _unit(direction: Numbers, spec: AxisSpec) -> Numbers:
    length = float(np.linalg.norm(direction))
    if not length > 1e-9:
        what = "poles of" if spec.has_poles else "numbers along"
        raise ParameterError(
            f"The {what} the axis {spec.name!r} show no direction: they are at the same place.",
            "Choose what differs.",
        )
    return direction / length
