"""Finds the middle, the axes and the spreads that the steps need."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import in_blocks, mean_of
from cartography.errors import ParameterError
from cartography.preparation.steps import MOST_AXES, Preparation
from cartography.preparation.transformation import STAGE, Transformation
from cartography.principal_axes import SAMPLE, principal_axes
from cartography.progress import Progress, report

__all__ = ["fit", "said"]

_FLOOR = 1e-5  # of the largest variance: below it, float32 vectors hold rounding and no more

Floats = NDArray[np.float64]


def fit(
    vectors: NDArray[np.float32], wanted: Preparation, progress: Progress | None = None
) -> tuple[Transformation, tuple[str, ...]]:
    """Return what `wanted` does to vectors like these (n, d), and the sentences that say so."""
    d = vectors.shape[1]
    report(progress, STAGE, 0.0)
    if not (wanted.center or wanted.needs_axes):
        return Transformation(d, unit=wanted.unit), (said(wanted),)
    mean = mean_of(vectors)
    if not wanted.needs_axes:
        return Transformation(d, mean, unit=wanted.unit), (said(wanted),)
    report(progress, STAGE, 0.2, "principal axes")
    return _along_axes(vectors, wanted, mean)


def said(wanted: Preparation, variance: float | None = None) -> str:
    """Return one sentence on what is done to the vectors; `variance` is the share that the components keep."""
    top = wanted.remove_top
    share = "" if variance is None else f" ({variance:.1%} of the variance)"
    steps = (
        (wanted.center or wanted.needs_axes, "centred"),
        (top > 0, "freed of their main direction" if top == 1 else f"freed of their {top} main directions"),
        (wanted.pca > 0, f"reduced to {wanted.pca:,} principal components{share}"),
        (wanted.whiten, "whitened"),
        (wanted.unit, "scaled to length 1"),
    )
    *most, last = [words for taken, words in steps if taken] or ["left as they are"]
    return f"The vectors were {', '.join(most)}{' and ' if most else ''}{last}."


def _along_axes(
    vectors: NDArray[np.float32], wanted: Preparation, mean: Floats
) -> tuple[Transformation, tuple[str, ...]]:
    n, d = vectors.shape
    top, there = wanted.remove_top, min(n, d)
    if top >= there:
        raise ParameterError(
            f"remove_top is {top}, but {n:,} vectors of {d:,} dimensions have {there} main directions at most.",
            "Choose a smaller number, or 0.",
        )
    wished = wanted.pca or (d if wanted.whiten else 0)
    _, found, variance = principal_axes(vectors, top + min(wished, MOST_AXES))
    if not wished:
        return Transformation(d, mean, removed=found.astype(np.float64), unit=wanted.unit), _notes(wanted, n)
    axes, shares = found[top:].astype(np.float64), variance[top:].astype(np.float64)
    if wanted.whiten:
        axes = axes / _spreads(shares, _total_variance(vectors, mean))[:, None]
    notes = _notes(wanted, n, float(shares.sum()))
    if len(axes) < min(wished, d):
        notes = (*notes, f"There were {len(axes):,} principal components to keep, not {wished:,}.")
    return Transformation(d, mean, axes=axes, unit=wanted.unit), notes


def _notes(wanted: Preparation, n: int, variance: float | None = None) -> tuple[str, ...]:
    sentences = [said(wanted, variance if wanted.pca else None)]
    if n > SAMPLE:
        sentences.append(f"The principal axes were computed from {SAMPLE:,} items drawn at random, of {n:,}.")
    return tuple(sentences)


def _spreads(shares: Floats, total: float) -> Floats:
    """Return the standard deviations (k,) along the axes, none of them so small that rounding would be blown up."""
    variances = np.maximum(shares, _FLOOR * shares[0]) * total
    return np.sqrt(np.where(variances > 0, variances, 1.0))


def _total_variance(vectors: NDArray[np.float32], mean: Floats) -> float:
    return float(sum(np.square(block - mean).sum() for block in in_blocks(vectors))) / len(vectors)
