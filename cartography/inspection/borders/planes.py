"""Many logistic regressions on the same vectors at once: the same planes as scikit-learn's, sooner.

Each minimises sum(log(1 + exp(-y z))) + |w|² / 2 with z = X w + b, which is scikit-learn's LogisticRegression with
its usual L2 penalty, C = 1. The columns of X are turned onto their principal axes, which changes neither penalty nor
planes, and each axis is measured by its curvature where all is undecided: (s² / 4 + 1) / m. There L-BFGS needs few
steps, and all labellings take them together, so that a step is two matrix products.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LinearModel", "Standard", "axes_of", "fit_planes"]

Numbers = NDArray[np.float64]
Vectors = NDArray[np.float32]
Flags = NDArray[np.bool_]

_STEPS = 1_000
_SMALL = 1e-6  # gradient of the mean loss at which a plane is good
_TURNED = 1_536  # dimensions up to which finding axes costs less than it saves


@dataclass(frozen=True, eq=False)
class Standard:
    """Brings columns to mean 0 and variance 1, (d,) each; a column without variance only to mean 0."""

    mean: Numbers
    scale: Numbers

    @classmethod
    def of(cls, vectors: Vectors) -> Standard:
        """Measure the columns of the vectors (m, d)."""
        mean, scale = vectors.mean(axis=0, dtype=np.float64), vectors.std(axis=0, dtype=np.float64)
        return cls(mean, np.where(scale > 1e-7 * np.abs(mean), scale, 1.0))

    def __call__(self, vectors: Vectors) -> Numbers:
        """Return the vectors (m, d) on this scale."""
        return (vectors - self.mean) / self.scale


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Planes for L labellings: weights (L, d) and offsets (L,), for vectors as they are."""

    weights: Numbers
    offsets: Numbers

    def probability(self, vectors: Vectors) -> Numbers:
        """Return (L, m) how probable it is that each vector (m, d) belongs to the second group."""
        from scipy.special import expit

        return np.asarray(expit(self.weights @ vectors.T + self.offsets[:, None]))


def axes_of(vectors: Vectors) -> Numbers | None:
    """Return the principal axes (d, d) of the standardised columns; None where that would take too long."""
    if vectors.shape[1] > _TURNED:
        return None
    standard = Standard.of(vectors)(vectors)
    return np.linalg.eigh(standard.T @ standard)[1]


def fit_planes(
    vectors: Vectors,
    labellings: Flags,
    axes: Numbers | None,
    told: Callable[[], None] = lambda: None,
    *,
    standard: Standard | None = None,
) -> LinearModel:
    """Return the planes that divide vectors (m, d) as each of the labellings (L, m) does.

    `axes` are those of `axes_of` of these or of similar vectors; `told` is called at every step and may raise.
    `standard` is the scale of the columns, where that of so few vectors says little; by default their own.
    """
    standard = standard or Standard.of(vectors)
    points = standard(vectors) if axes is None else standard(vectors) @ axes
    weights, offsets = _solved(points, labellings, told)
    weights = (weights if axes is None else weights @ axes.T) / standard.scale
    return LinearModel(weights, offsets - weights @ standard.mean)


def _solved(points: Numbers, labellings: Flags, told: Callable[[], None]) -> tuple[Numbers, Numbers]:
    """The weights (L, d) and offsets (L,) for points (m, d) whose columns have mean 0."""
    from scipy.optimize import minimize
    from scipy.special import expit

    m, d = points.shape
    unit = np.sqrt((np.einsum("ij,ij->j", points, points) / 4 + 1) / m)  # (d,)
    points = points / unit
    penalty = 1 / (unit**2 * m)
    second = labellings.astype(np.float64)

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        told()
        both = flat.reshape(len(second), d + 1)
        weights, offsets = both[:, :-1], 2 * both[:, -1:]
        z = weights @ points.T + offsets
        slope = np.empty_like(both)
        residual = (expit(z) - second) / m
        slope[:, :-1] = residual @ points + penalty * weights
        slope[:, -1] = 2 * residual.sum(axis=1)
        fit = (np.logaddexp(0, z) - second * z).sum() / m
        return float(fit + (penalty * weights**2).sum() / 2), slope.ravel()

    start = np.zeros((len(second), d + 1)).ravel()
    options = {"maxiter": _STEPS, "maxfun": 2 * _STEPS, "gtol": _SMALL, "ftol": 0.0, "maxcor": 10}
    found = minimize(loss, start, method="L-BFGS-B", jac=True, options=options).x.reshape(len(second), d + 1)
    return found[:, :-1] / unit, 2 * found[:, -1]
