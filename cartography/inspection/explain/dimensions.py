"""In which dimensions the vectors inside differ most from those outside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import rows_at_once
from cartography.inspection.explain.difference import Difference
from cartography.inspection.explain.sides import Sides
from cartography.inspection.explain.statistics import rank_biserial, strength_of_ranks
from cartography.inspection.explain.tried import Tried

__all__ = ["DRAWN", "compare_dimensions"]

DRAWN = 10_000
"""Items of either side whose vectors are compared, where there are more."""
_LOOKED_AT = 12  # dimensions whose ranks are compared: those with the largest d'
_FARTHEST = 99.0  # standard deviations that are told apart

Floats = NDArray[np.float64]


def compare_dimensions(vectors: NDArray[np.float32], sides: Sides, most: int) -> Tried | None:
    """Compare every dimension of vectors (n, d); None where the two means are the same.

    The dimensions with the largest d' are tested by their ranks, which far values do not sway; the others have p = 1.
    """
    inside, outside = sides.drawn(DRAWN)
    here, there = _moments(vectors, inside), _moments(vectors, outside)
    apart = here[0] - there[0]
    squared = float(apart @ apart)
    if squared == 0:
        return None
    prime = _prime(here, there, len(inside), len(outside))
    looked_at = np.argsort(-np.abs(prime), kind="stable")[:_LOOKED_AT]
    strength, p = np.zeros(len(prime)), np.ones(len(prime))
    for one in looked_at:
        effect, p[one] = rank_biserial(vectors[inside, one], vectors[outside, one])
        strength[one] = strength_of_ranks(effect)

    def told(at: int, corrected: float) -> Difference:
        return Difference(
            kind="dimension",
            column="",
            value=str(at),
            effect=float(prime[at]),
            strength=float(strength[at]),
            p=corrected,
            inside=len(inside),
            outside=len(outside),
            of_inside=len(inside),
            of_outside=len(outside),
            typical_inside=float(here[0][at]),
            typical_outside=float(there[0][at]),
            share=float(apart[at] ** 2 / squared),
        )

    return Tried("dimension", "", prime, strength, p, told, most=most)


def _prime(here: tuple[Floats, Floats], there: tuple[Floats, Floats], n: int, m: int) -> Floats:
    """The differences of the means (d,) in pooled standard deviations within the sides."""
    within = np.sqrt((n * here[1] + m * there[1]) / (n + m))
    apart = here[0] - there[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        prime = np.where(apart == 0, 0.0, apart / within)
    return np.clip(prime, -_FARTHEST, _FARTHEST)


def _moments(vectors: NDArray[np.float32], rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Mean and variance (d,) of some rows, block by block around the first row, so that little cancels."""
    origin = vectors[rows[0]].astype(np.float64)
    total, squares = np.zeros(len(origin)), np.zeros(len(origin))
    step = rows_at_once(len(origin)) // 2 + 1
    for first in range(0, len(rows), step):
        block = vectors[rows[first : first + step]] - origin
        total += block.sum(axis=0)
        squares += np.einsum("ij,ij->j", block, block)
    mean = total / len(rows)
    return mean + origin, np.maximum(squares / len(rows) - mean**2, 0.0)
