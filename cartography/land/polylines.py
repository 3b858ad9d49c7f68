"""Lines as points (m, 2) in a row: how long they are, and the same line in even steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["evenly", "lengths"]

Points = NDArray[np.float64]


def lengths(points: Points) -> NDArray[np.float64]:
    """Return how long the line is up to each of its points (m,)."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def evenly(points: Points, count: int) -> Points:
    """Return the line with `count` steps of equal length, (count + 1, 2); its ends stay, to the bit."""
    along = lengths(points)
    at = np.linspace(0, along[-1], count + 1)
    even = np.stack([np.interp(at, along, points[:, i]) for i in (0, 1)], axis=1)
    even[0], even[-1] = points[0], points[-1]
    return even
