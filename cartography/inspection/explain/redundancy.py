"""Whether a difference says anything that a stronger one has not said: values that imply each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.inspection.explain.difference import Difference
from cartography.words import pieces_of_one

__all__ = ["Held", "says_the_same"]

Held = NDArray[np.bool_] | NDArray[np.float64]

_ALIKE = 0.8  # of the items that have either have both
_CONTAINED = 0.02  # of a thing's items may lack what it implies
_ADDS = 0.2  # a small effect by Cohen's convention
_FEWEST = 5
_CORRELATED = 0.95


def says_the_same(one: Difference, held: Held, known: Difference, knew: Held, inside: NDArray[np.bool_]) -> bool:
    """Whether `one` only repeats the stronger difference `known`.

    `held` and `knew` say who of the probe's rows have the one and the other, `inside` which of those are selected.
    """
    if one.kind == known.kind == "word" and one.column == known.column and pieces_of_one(one.value, known.value):
        return True
    if held.dtype != knew.dtype or (one.kind == "category" and known.kind == "word"):
        return False  # a value says more than the word that gave it away
    if held.dtype != bool:
        return _correlated(held, knew)
    same_column = one.kind == known.kind == "category" and one.column == known.column
    if same_column and (one.effect > 0) != (known.effect > 0):
        return True  # where one value is more frequent, others are less so
    return _implied(held == (one.effect > 0), knew == (known.effect > 0), inside)


def _correlated(one: Held, other: Held) -> bool:
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < _FEWEST:
        return False
    first, second = (np.argsort(np.argsort(values[both])).astype(float) for values in (one, other))
    return abs(float(np.corrcoef(first, second)[0, 1])) > _CORRELATED


def _implied(one: NDArray[np.bool_], known: NDArray[np.bool_], inside: NDArray[np.bool_]) -> bool:
    """Whether one thing's difference follows from the other's, as "toyota" follows from "Japan" or the reverse."""
    both, either = np.count_nonzero(one & known), np.count_nonzero(one | known)
    if either == 0 or both >= _ALIKE * either:
        return True
    if both >= (1 - _CONTAINED) * np.count_nonzero(one):
        return not _adds(one, among=known, inside=inside)
    if both >= (1 - _CONTAINED) * np.count_nonzero(known):
        return not _adds(one, among=~known, inside=inside)
    return False


def _adds(one: NDArray[np.bool_], among: NDArray[np.bool_], inside: NDArray[np.bool_]) -> bool:
    """Whether the thing is still more frequent inside than outside among these rows alone."""
    here, there = one[among & inside], one[among & ~inside]
    if min(len(here), len(there)) < _FEWEST:
        return False
    return float(2 * (np.arcsin(np.sqrt(here.mean())) - np.arcsin(np.sqrt(there.mean())))) > _ADDS
