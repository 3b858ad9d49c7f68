"""Directions that are learned: along which numbers grow fastest, and across the plane between two groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import one_thread
from cartography.inspection.borders.planes import Standard, axes_of, fit_planes
from cartography.neighbours.metrics import unit_rows

__all__ = ["Plane", "Slope", "drawn", "plane_between", "slope_of", "standard_of"]

_ROWS = 50_000  # rows that are learned from at most ...
_NUMBERS = 20_000_000  # ... and numbers in them
_PENALTIES = np.logspace(-6, 3, 19)  # times the number of items: from nothing to almost everything
_BLOCK = 8192

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Slope:
    """A gradient (d,) and how much of the numbers' variance it explains for items that were each left out in turn."""

    gradient: Numbers
    explained: float


@dataclass(frozen=True, eq=False)
class Plane:
    """The plane normal @ x + offset = 0; the high side is where that is positive."""

    normal: Numbers
    offset: float


def drawn(rows: Rows, dimensions: int, most: int = _ROWS, seed: int = 0) -> Rows:
    """Return at most `most` of the rows, fewer of very wide vectors, drawn at random and in their order."""
    count = min(most, max(1_000, _NUMBERS // dimensions))
    return rows if len(rows) <= count else np.sort(np.random.default_rng(seed).choice(rows, count, replace=False))


def standard_of(vectors: Floats, unit: bool) -> Standard:
    """Return the mean of all items, or of a sample of many, and one scale for all columns: their usual spread.

    One scale, and not one for each column, so that a space that is turned has its directions turned with it, and
    columns that hardly vary are not blown up.
    """
    rows = drawn(np.arange(len(vectors)), vectors.shape[1])
    sample = unit_rows(vectors[rows]) if unit else vectors[rows]
    mean, spread = sample.mean(axis=0, dtype=np.float64), sample.std(axis=0, dtype=np.float64)
    usual = float(np.sqrt((spread**2).mean())) or 1.0
    return Standard(mean, np.full_like(spread, usual))


def plane_between(low: Floats, high: Floats, standard: Standard) -> Plane:
    """Return the plane of a logistic regression between vectors (a, d) and (b, d), on a scale measured beforehand.

    The scale is that of all items, so that it holds for poles of one item too.
    """
    both = np.concatenate([low, high])
    second = np.arange(len(both)) >= len(low)
    with one_thread():
        axes = axes_of(both) if len(both) > both.shape[1] else None
        model = fit_planes(both, second[None], axes, standard=standard)
    return Plane(model.weights[0], float(model.offsets[0]))


def slope_of(vectors: Floats, numbers: Numbers, standard: Standard) -> Slope:
    """Return the gradient of a ridge regression of numbers (m,) on standardised vectors (m, d).

    The penalty is the one, of 19, whose predictions are best for items left out one at a time; that needs one
    decomposition only (Allen 1974, "PRESS").
    """
    points = standard(vectors).astype(np.float32)
    points -= points.mean(axis=0)
    target = (numbers - numbers.mean()) / numbers.std()
    wide = len(points) <= points.shape[1]
    with one_thread():
        values, basis = np.linalg.eigh(_products(points.T if wide else points))
    kept = values > values.max() * 1e-7
    values, basis = values[kept], basis[:, kept]
    turned = basis * np.sqrt(values) if wide else points @ basis.astype(np.float32)
    scores: Numbers = turned.astype(np.float64)  # (m, r)
    along = scores.T @ target
    penalty, explained = _best(scores, values, along, target)
    weights = along / (values + penalty)
    gradient = points.T @ (basis @ (weights / np.sqrt(values))) if wide else basis @ weights
    return Slope(np.asarray(gradient / standard.scale, np.float64), explained)


def _products(points: Floats) -> Numbers:
    """The columns' products with each other, summed block by block in double precision."""
    total = np.zeros((points.shape[1], points.shape[1]))
    for first in range(0, len(points), _BLOCK):
        block = points[first : first + _BLOCK]
        total += block.T @ block
    return total


def _best(scores: Numbers, values: Numbers, along: Numbers, target: Numbers) -> tuple[float, float]:
    """The penalty that predicts items left out best, and how much of their variance is explained then."""
    n = len(target)
    squares = scores**2
    errors = []
    for penalty in _PENALTIES * n:
        shrunk = 1 / (values + penalty)
        leverage = np.minimum(squares @ shrunk + 1 / n, 1 - 1e-9)
        errors.append(float((((target - scores @ (along * shrunk)) / (1 - leverage)) ** 2).mean()))
    best = int(np.argmin(errors))
    return float(_PENALTIES[best] * n), 1 - errors[best] / (n / (n - 1)) ** 2
