"""Directions taken out of vectors, or kept alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.blocks import for_each, rows_at_once
from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.regression import drawn
from cartography.concepts.axes.span import axes_in, directions_of, orthonormal, shares_within
from cartography.errors import ParameterError, ShapeError
from cartography.progress import Progress, report
from cartography.records import EmbeddingSet

__all__ = ["Removal", "removal_of", "remove_direction", "removed"]

_NOTHING = 1e-6  # of a vector's length: what is left of it is rounding
_LITTLE = 0.1  # of a vector's length: what is left of it says little

Floats = NDArray[np.float32]
Axes = Axis | Sequence[Axis] | ArrayLike


@dataclass(frozen=True, eq=False)
class Removal:
    """x -> x without its parts along `basis` (r, d), orthonormal; with `keep` only these parts.

    With `unit` x is brought to length 1 first. The result is not scaled again, so that its length says how much of
    an item is left; where less than a millionth is, it is zero. It is computed in double precision and rounded once,
    so that a new vector equal to an item lands on it.
    """

    basis: NDArray[np.float64]
    unit: bool
    keep: bool = False

    def __call__(self, vectors: Floats, progress: Progress | None = None) -> Floats:
        """Return (m, d) float32 for vectors (m, d). Raises `ShapeError` when d is another."""
        if vectors.shape[1] != self.basis.shape[1]:
            raise ShapeError(
                f"The vectors have {vectors.shape[1]} dimensions; the directions have {self.basis.shape[1]}."
            )
        found = np.empty(vectors.shape, np.float32)
        step = rows_at_once(8 * vectors.shape[1])

        def fill(first: int) -> None:
            found[first : first + step] = self._block(vectors[first : first + step].astype(np.float64))

        told = "Keeping only these directions" if self.keep else "Taking directions out"
        for_each(fill, range(0, len(vectors), step), lambda done: report(progress, told, done))
        return found

    def _block(self, block: NDArray[np.float64]) -> NDArray[np.float64]:
        lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
        if self.unit:
            block /= np.where(lengths > 0, lengths, 1)[:, None]
            lengths = np.minimum(lengths, 1)
        parts = (block @ self.basis.T) @ self.basis
        left = parts if self.keep else np.subtract(block, parts, out=block)
        left[np.sqrt(np.einsum("ij,ij->i", left, left)) < _NOTHING * lengths] = 0
        return left


def removal_of(axes: Axes, dimensions: int, keep: bool = False) -> Removal:
    """Return what takes the span of axes, or of directions (k, d), out of vectors (m, d), or keeps only that.

    Raises `ParameterError` for axes found under different metrics, and where nothing would be left.
    """
    units = {one.unit for one in axes_in(axes)}
    if len(units) > 1:
        raise ParameterError(
            "Some of these axes were found on vectors of length 1 and some on vectors as they are.",
            "Find all of them under the same metric.",
        )
    basis = orthonormal(directions_of(axes, dimensions))
    if len(basis) == dimensions and not keep:
        raise ParameterError(
            f"The axes span all {dimensions:,} dimensions; nothing would be left.", "Take out fewer of them."
        )
    return Removal(basis, unit=units == {True}, keep=keep)


def remove_direction(
    embeddings: EmbeddingSet, axes: Axes, keep: bool = False, *, progress: Progress | None = None
) -> EmbeddingSet:
    """Return the items with vectors (n, d) without their parts along the span of axes; with `keep` only these parts.

    Parameters
    ----------
    axes : an axis, several, or directions (d,) or (k, d) of any length, in the space of the vectors. Those that
        follow from the others are left out, by QR with a rank check. Under axes of "cosine" all vectors are brought
        to length 1 first; under others and under an array they are taken as they are.

    The result is not scaled to length 1 again, and its notes say what was done and how much of the variance it took.
    This is the linear projection of Bolukbasi et al. 2016 ("hard debiasing" without its equalising): along the axes
    all items are equal afterwards, but what they stood for may still be told from other directions (Gonen and
    Goldberg 2019); see `before_and_after`.
    Raises `ShapeError` when the directions do not fit the vectors, `ParameterError` for none, for axes of different
    metrics, and where nothing would be left.
    """
    removal = removal_of(axes, embeddings.dimensions, keep)
    return removed(embeddings, removal, [one.name for one in axes_in(axes)], progress)


def removed(
    embeddings: EmbeddingSet, removal: Removal, names: list[str], progress: Progress | None = None
) -> EmbeddingSet:
    """Return the items as a removal leaves them; `names` are those of its axes, for the notes."""
    vectors = removal(embeddings.vectors, progress)
    notes = _notes(embeddings.vectors, vectors, removal, names)
    provenance = {**embeddings.provenance, "kept" if removal.keep else "removed": names or len(removal.basis)}
    return replace(embeddings, vectors=vectors, provenance=provenance, notes=(*embeddings.notes, *notes))


def _notes(before: Floats, after: Floats, removal: Removal, names: list[str]) -> list[str]:
    r = len(removal.basis)
    rows = drawn(np.arange(len(before)), before.shape[1])
    total, along = shares_within(before[rows], removal.basis, removal.unit)
    share = along.sum() / (total.sum() or 1.0)
    vectors = "every vector, brought to length 1," if removal.unit else "every vector"
    done = f"Kept of {vectors} is only" if removal.keep else f"Taken out of {vectors} is"
    what = " and ".join(names) or "what was named"
    span = "1 direction" if r == 1 else f"{r} directions"
    notes = [f"{done} its part along {what}: {span} with {share:.1%} of what the items differ by."]
    if names and r < len(names):
        notes.append(f"Of these {len(names)} axes, {r} say it all: the others follow from them.")
    whole, left = (np.linalg.norm(vectors[rows], axis=1) for vectors in (before, after))
    few = int((left < _LITTLE * (np.minimum(whole, 1) if removal.unit else whole)).sum())
    if few and not removal.keep:
        notes.append(f"{few:,} items lie almost wholly along it: what is left of them says little.")
    return notes
