"""Principal components: the directions along which the items differ most. Linear, exact, repeatable."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import ShapeError
from cartography.parameters import Parameter
from cartography.progress import report
from cartography.projectors.base import Task
from cartography.records import Projection

__all__ = ["PROJECTOR", "PCA", "principal_axes"]

_SAMPLE = 50_000  # rows that the axes are computed from; every row is then placed on them
_WIDE = 1500  # dimensions up to which the covariance matrix is the quickest way
_KEPT = 10

Floats = NDArray[np.floating]


class PCA:
    """Principal component analysis of the centred vectors (Pearson 1901)."""

    name = "pca"
    title = "PCA"
    summary = "A straight shadow of the space: axes and large distances mean something, fine groups overlap."
    parameters = (
        Parameter("component_x", 1, "The principal component drawn from west to east.", 1, _KEPT, kind=int),
        Parameter("component_y", 2, "The principal component drawn from south to north.", 1, _KEPT, kind=int),
    )

    def neighbours_needed(self, settings: Mapping[str, Any], n: int) -> int:
        """None: PCA looks at all items at once."""
        return 0

    def fit(self, task: Task) -> Projection:
        """Project on two of the first ten components."""
        began = time.perf_counter()
        report(task.progress, "Principal components", 0.0)
        vectors = task.embeddings.vectors
        mean, axes, variance = principal_axes(vectors, _KEPT, task.seed)
        chosen = [task.settings["component_x"] - 1, task.settings["component_y"] - 1]

        def place(new_vectors: NDArray[np.float32]) -> NDArray[np.float32]:
            if new_vectors.shape[1] != vectors.shape[1]:
                raise ShapeError(
                    f"The new vectors have {new_vectors.shape[1]} dimensions; the map was made from "
                    f"{vectors.shape[1]}."
                )
            scores = (new_vectors - mean) @ axes.T
            found = [scores[:, c] if c < len(axes) else np.zeros(len(scores)) for c in chosen]
            return np.stack(found, axis=1).astype(np.float32)

        coordinates = place(vectors)
        report(task.progress, "Principal components", 1.0)
        return Projection(
            coordinates,
            method=self.name,
            params=task.settings,
            seed=task.seed,
            seconds=time.perf_counter() - began,
            evidence={"variance_explained": tuple(float(v) for v in variance)},
            notes=_notes(len(axes), len(vectors)),
            placer=place,
        )


def principal_axes(
    vectors: NDArray[np.float32], count: int, seed: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return the mean (d,), the first axes (c, d) and the share of the variance along each (c,).

    c is `count` or as many as the vectors have. More than 50,000 rows are sampled to find the axes. Each axis
    points to where its largest entry is positive, so that a map is never mirrored from one run to the next.
    """
    n, d = vectors.shape
    sample = vectors
    if n > _SAMPLE:
        sample = vectors[np.sort(np.random.default_rng(seed).choice(n, _SAMPLE, replace=False))]
    mean = sample.mean(axis=0, dtype=np.float64)
    kept = min(count, n, d)
    centred = (sample - mean).astype(np.float32)
    axes, variance = _by_covariance(centred, kept) if d <= _WIDE else _by_library(centred, kept, seed)
    strongest = np.abs(axes).argmax(axis=1)
    axes *= np.where(axes[np.arange(len(axes)), strongest] < 0, -1, 1)[:, None]
    return mean.astype(np.float32), axes.astype(np.float32), variance.astype(np.float32)


def _by_covariance(centred: NDArray[np.float32], count: int) -> tuple[Floats, Floats]:
    """Eigenvectors of the (d, d) covariance: exact, and nothing to import for the first map."""
    covariance = (centred.T @ centred).astype(np.float64)
    values, vectors = np.linalg.eigh(covariance)
    values = np.maximum(values, 0)
    total = values.sum() or 1.0
    return vectors[:, ::-1][:, :count].T.copy(), values[::-1][:count] / total


def _by_library(centred: NDArray[np.float32], count: int, seed: int) -> tuple[Floats, Floats]:
    """scikit-learn's randomised decomposition, for vectors too wide for a covariance matrix."""
    from sklearn.decomposition import PCA as Decomposition

    with np.errstate(invalid="ignore", divide="ignore"):  # one row, or equal rows, have no variance to share out
        model = Decomposition(count, svd_solver="randomized", random_state=seed).fit(centred)
    return model.components_.astype(np.float64), np.nan_to_num(model.explained_variance_ratio_)


def _notes(axes: int, n: int) -> tuple[str, ...]:
    notes = []
    if axes < 2:
        notes.append("There is only one direction to show, so the map is a line.")
    if n > _SAMPLE:
        notes.append(f"The principal axes were computed from {_SAMPLE:,} items drawn at random, of {n:,}.")
    return tuple(notes)


PROJECTOR = PCA()
