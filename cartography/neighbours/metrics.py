"""What "near" means. Both metrics are ranked by squared Euclidean distance between prepared vectors.

Cosine distance is 1 - cos(u, v), which equals half the squared distance between unit vectors; that form keeps
its precision for nearly equal vectors, where 1 - u.v would round to noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["METRICS", "from_squared", "prepare", "unit_rows"]

METRICS = ("cosine", "euclidean")

Floats = NDArray[np.float32]


def unit_rows(vectors: Floats) -> Floats:
    """Return each row scaled to length 1; a zero row, which has no direction, stays zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1), dtype=np.float32)


def prepare(vectors: Floats, metric: str, centre: Floats | None = None) -> Floats:
    """Return rows whose squared distances rank neighbours under `metric`.

    Euclidean rows are centred (on `centre` (d,), or on their own mean): distances stay the same and lose less
    to rounding. Cosine rows have length 1, zero rows a column of their own.
    """
    if metric == "cosine":
        return _with_zero_rows_apart(unit_rows(vectors))
    middle = vectors.mean(axis=0, dtype=np.float64) if centre is None else centre
    return np.asarray(vectors - middle.astype(np.float32), dtype=np.float32)


def _with_zero_rows_apart(units: Floats) -> Floats:
    """Give zero rows a direction of their own, so that their cosine with every other row is 0."""
    is_zero = ~units.any(axis=1)
    return np.column_stack([units, is_zero.astype(np.float32)]) if is_zero.any() else units


def from_squared(squared: NDArray[np.floating], metric: str) -> Floats:
    """Turn squared distances between prepared rows into distances of `metric`."""
    positive = np.maximum(squared, 0)
    return np.asarray(positive / 2 if metric == "cosine" else np.sqrt(positive), dtype=np.float32)
