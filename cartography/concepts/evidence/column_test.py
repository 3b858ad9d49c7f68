"""How well an axis along a column follows the numbers of items that it was made without."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cartography.columns import columns_of
from cartography.concepts.axes.regression import slope_of
from cartography.concepts.evidence.places import Sample, ranks
from cartography.inspection.borders.planes import Standard
from cartography.progress import Progress, report
from cartography.records import EmbeddingSet

__all__ = ["held_out_correlation"]

_FOLDS = 5
_FEWEST = 4 * _FOLDS
_ROWS, _NUMBERS = 10_000, 4_000_000
_SIDES = 1.96  # standard deviations that 95 % of what is normal stays within

Numbers = NDArray[np.float64]


def held_out_correlation(
    embeddings: EmbeddingSet, column: str, sample: Sample, seed: int, progress: Progress | None = None
) -> tuple[float, float] | None:
    """Return the rank correlation of held-out items' places and numbers, and what chance reaches in 5 % of cases.

    The mean over five folds, each placed on the axis made from the others, so that no offset between folds counts.
    For shuffled numbers it is spread about 0 with a standard deviation of one over the root of how many there are.
    None where fewer than 20 items of the sample have a number.
    """
    numbers = columns_of(embeddings).named(column).numbers
    assert numbers is not None, "or there were no axis"  # noqa: S101
    rng = np.random.default_rng(seed)
    known = np.flatnonzero(np.isfinite(numbers[sample.rows]))
    if len(known) < _FEWEST:
        return None
    most = min(_ROWS, max(1_000, _NUMBERS // sample.points.shape[1]))
    known = rng.permutation(known)[:most]
    points, target = sample.points[known], numbers[sample.rows[known]]
    fold, standard, found = np.arange(len(known)) % _FOLDS, _standard(sample), []
    for number in range(_FOLDS):
        report(progress, "Following held-out items", number / _FOLDS)
        own = fold == number
        if target[~own].std() > 0:
            gradient = slope_of(points[~own], target[~own], standard).gradient
            both = ranks(np.column_stack([points[own] @ gradient, target[own]]))
            found.append(float(both[:, 0] @ both[:, 1]))
    return (float(np.mean(found)), _SIDES / math.sqrt(len(known))) if found else None


def _standard(sample: Sample) -> Standard:
    """One scale for all columns, as `find_axis` has it."""
    usual = math.sqrt(sample.total / sample.points.shape[1]) or 1.0
    return Standard(sample.mean, np.full(len(sample.mean), usual))
