"""The directions along which vectors differ most: what PCA, preparation and the start of a layout share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each, one_thread

__all__ = ["SAMPLE", "principal_axes"]

SAMPLE = 50_000
"""Rows that the axes are computed from at most."""
_ROWS = 8192
_WIDE = 1500  # dimensions up to which the covariance matrix is the quickest way

Floats = NDArray[np.floating]


def principal_axes(
    vectors: NDArray[np.float32], count: int, seed: int = 0, *, solver: str | None = None, most: int | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return the mean (d,), the first axes (c, d) and the share of the variance along each (c,).

    c is `count` or as many as the vectors have. More than `most` rows are sampled to find the axes. `solver` is
    "exact" or "randomised" (Halko, Martinsson and Tropp 2011), by default what suits the shape. Each axis points to
    where its largest entry is positive, so that a map is never mirrored from one run to the next.
    """
    n, d = vectors.shape
    sample = vectors
    most = most or SAMPLE
    if n > most:
        sample = vectors[np.sort(np.random.default_rng(seed).choice(n, most, replace=False))]
    mean = sample.mean(axis=0, dtype=np.float64)
    kept = min(count, n, d)
    centred = (sample - mean).astype(np.float32)
    whole = solver == "exact" or (solver is None and (d <= _WIDE or 4 * kept >= d))
    axes, variance = _by_covariance(centred, kept) if whole else _by_library(centred, kept, seed)
    strongest = np.abs(axes).argmax(axis=1)
    axes *= np.where(axes[np.arange(len(axes)), strongest] < 0, -1, 1)[:, None]
    return mean.astype(np.float32), axes.astype(np.float32), variance.astype(np.float32)


def _by_covariance(centred: NDArray[np.float32], count: int) -> tuple[Floats, Floats]:
    """Eigenvectors of the (d, d) covariance: exact, and nothing to import for the first map."""
    covariance = _scatter(centred)
    with one_thread():
        values, vectors = np.linalg.eigh(covariance)
    values = np.maximum(values, 0)
    total = values.sum() or 1.0
    return vectors[:, ::-1][:, :count].T.copy(), values[::-1][:count] / total


def _scatter(centred: NDArray[np.float32]) -> NDArray[np.float64]:
    """The sum of the rows' outer products (d, d), block by block; the same on any number of threads."""
    blocks = range(0, len(centred), _ROWS)
    parts: dict[int, NDArray[np.float32]] = {}

    def multiply(first: int) -> None:
        rows = centred[first : first + _ROWS]
        parts[first] = rows.T @ rows

    for_each(multiply, blocks, lambda _: None)
    total = np.zeros((centred.shape[1], centred.shape[1]))
    for first in blocks:
        total += parts[first]
    return total


def _by_library(centred: NDArray[np.float32], count: int, seed: int) -> tuple[Floats, Floats]:
    """scikit-learn's randomised decomposition, for vectors too wide for a covariance matrix."""
    from sklearn.decomposition import PCA as Decomposition

    with np.errstate(invalid="ignore", divide="ignore"):  # one row, or equal rows, have no variance to share out
        model = Decomposition(count, svd_solver="randomized", random_state=seed).fit(centred)
    return model.components_.astype(np.float64), np.nan_to_num(model.explained_variance_ratio_)
