"""What several directions span together, and vectors as axes see them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.blocks import for_each, rows_at_once
from cartography.concepts.axes.axis import Axis
from cartography.errors import ParameterError, ShapeError
from cartography.neighbours.metrics import unit_rows

__all__ = ["axes_in", "directions_of", "middle_of_all", "orthonormal", "shares_within"]

_SAME = 1e-4  # length that is left of a unit direction, without the others, below which it says nothing new

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]


def axes_in(given: object) -> list[Axis]:
    """Return the axes in what was given: one, several, or none where it holds anything else."""
    listed = [given] if isinstance(given, Axis) else given
    several = isinstance(listed, Sequence) and all(isinstance(one, Axis) for one in listed)
    return list(listed) if several and isinstance(listed, Sequence) else []


def directions_of(axes: Axis | Sequence[Axis] | ArrayLike, dimensions: int) -> Numbers:
    """Return the directions (k, dimensions) of axes, or of an array of one direction (d,) or several (k, d).

    Raises `ShapeError` for another number of dimensions or numbers that are not finite, `ParameterError` for none.
    """
    listed = [one.direction for one in axes_in(axes)] or axes
    try:
        found = np.atleast_2d(np.asarray(listed, np.float64))
    except (TypeError, ValueError) as error:
        raise ShapeError("These are no directions: expected axes, or an array (k, d) of numbers.") from error
    if not found.shape[-1]:
        raise ParameterError("No axis is named.", "Name at least one.")
    if found.ndim != 2 or found.shape[1] != dimensions:
        raise ShapeError(f"The directions have shape {found.shape}; the vectors have {dimensions} dimensions.")
    if not np.isfinite(found).all():
        raise ShapeError("A direction holds NaN or infinity.", "Every value must be a finite number.")
    return found


def orthonormal(directions: Numbers) -> Numbers:
    """Return an orthonormal basis (r, d) of what directions (k, d) span; r < k where some follow from the others.

    Raises `ParameterError` where a direction has no length.
    """
    from scipy.linalg import qr

    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    if not (lengths > 0).all():
        raise ParameterError("One of the directions has no length.", "Choose axes whose poles differ.")
    basis, triangle, _ = qr((directions / lengths).T, mode="economic", pivoting=True)
    return np.ascontiguousarray(basis[:, np.abs(np.diag(triangle)) > _SAME].T)


def middle_of_all(vectors: Floats, unit: bool, rows: NDArray[np.integer] | None = None) -> Numbers:
    """Return the mean (d,) of vectors (n, d), or of some rows of them, with `unit` of their directions."""
    step, count = rows_at_once(vectors.shape[1]), len(vectors if rows is None else rows)
    starts = range(0, count, step)
    sums = np.zeros((len(starts), vectors.shape[1]))

    def add(first: int) -> None:
        part = slice(first, first + step)
        block = vectors[part] if rows is None else vectors[rows[part]]
        if not unit:
            sums[first // step] = block.sum(axis=0, dtype=np.float64)
            return
        lengths = np.sqrt(np.einsum("ij,ij->i", block, block, dtype=np.float64))
        sums[first // step] = (lengths > 0) / np.where(lengths > 0, lengths, 1) @ block

    for_each(add, starts, lambda _: None)
    return sums.sum(axis=0) / count


def shares_within(vectors: Floats, basis: Numbers, unit: bool) -> tuple[Numbers, Numbers]:
    """Return (n,) each vector's squared distance from the middle of all, and (n, r) its parts along the basis.

    `basis` (r, d) is orthonormal; with `unit` vectors have length 1 first.
    """
    middle = middle_of_all(vectors, unit).astype(np.float32)
    along, total = np.empty((len(vectors), len(basis))), np.empty(len(vectors))
    across = basis.T.astype(np.float32)
    step = rows_at_once(vectors.shape[1])

    def measure(first: int) -> None:
        part = slice(first, first + step)
        block = unit_rows(vectors[part]) if unit else vectors[part]
        block = block - middle
        total[part] = np.einsum("ij,ij->i", block, block)
        along[part] = (block @ across) ** 2

    for_each(measure, range(0, len(vectors), step), lambda _: None)
    return total, along
