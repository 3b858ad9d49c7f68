"""Matrix products find candidates, true differences put them in order: what every search ends with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ROUNDING", "SPARE", "settle", "smallest"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

SPARE = 8
"""Extra candidates, so that rounding in the products cannot push out a true neighbour."""
ROUNDING = 4e-6
"""What a matrix product may be off, as a share of the largest squared length."""
_NUMBERS = 1 << 23  # differences held at once: 32 MB of float32


def smallest(rank: Floats, count: int) -> NDArray[np.intp]:
    """Return the columns (m, count) of the smallest values in each row, in no particular order."""
    return np.argpartition(rank, count - 1, axis=1)[:, :count]


def settle(points: Floats, queries: Floats, candidates: NDArray[np.intp], k: int) -> tuple[Rows, Floats]:
    """Order each query's candidates by their true squared distance, then by row number; keep `k`."""
    candidates = np.sort(candidates, axis=1)
    squared = np.empty(candidates.shape, np.float32)
    step = max(1, _NUMBERS // (candidates.shape[1] * points.shape[1]))
    for start in range(0, len(queries), step):
        part = slice(start, start + step)
        difference = points[candidates[part]] - queries[part, None, :]
        squared[part] = np.einsum("ijk,ijk->ij", difference, difference)
    order = np.argsort(squared, axis=1, kind="stable")[:, :k]
    return (
        np.take_along_axis(candidates, order, axis=1).astype(np.int32),
        np.take_along_axis(squared, order, axis=1),
    )
