"""Turn a map so that it lies well on a page. Only for maps whose axes mean nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["oriented", "turned"]

_AXES_MEAN_SOMETHING = ("pca", "given", "axes")
_PAGE = 1.5  # width by height of the page a map should fill
_STEP = np.pi / 60
_SEEN = 20_000


def oriented(coordinates: NDArray[np.float32], method: str) -> tuple[NDArray[np.float32], float]:
    """Return (n, 2) float32 coordinates turned to fill a wide page, and the turn in radians, counter-clockwise.

    Maps by "pca", on concept axes and on given coordinates are left as they are. Of the two ways up, the one
    whose few far-off items lie to the east is taken. A map is turned, never mirrored and never stretched.
    """
    flat = np.ascontiguousarray(coordinates[:, :2], dtype=np.float32)
    if method in _AXES_MEAN_SOMETHING or len(flat) < 3:
        return flat, 0.0
    seen = flat[:: max(1, len(flat) // _SEEN)].astype(np.float64)
    seen = seen - seen.mean(axis=0)
    turn = _best_turn(seen)
    if float(np.mean(_turned(seen, turn)[:, 0] ** 3)) < 0:
        turn += np.pi
    return turned(flat, turn), float(np.arctan2(np.sin(turn), np.cos(turn)))


def turned(coordinates: NDArray[np.floating], turn: float) -> NDArray[np.float32]:
    """Return coordinates (m, 2 or more) as a map that was turned by `turn` radians shows them, (m, 2) float32."""
    return _turned(coordinates[:, :2], turn).astype(np.float32)


def _best_turn(seen: NDArray[np.float64]) -> float:
    """The turn within half a circle that lets the map be drawn largest."""
    turns = np.arange(0, np.pi, _STEP)
    return float(min(turns, key=lambda turn: _page_needed(_turned(seen, turn))))


def _page_needed(points: NDArray[np.float64]) -> float:
    low, high = np.percentile(points, (0.3, 99.7), axis=0)
    width, height = high - low
    return float(max(width / _PAGE, height) + 0.02 * height)


def _turned(points: NDArray[np.floating], turn: float) -> NDArray[np.float64]:
    cos, sin = np.cos(turn), np.sin(turn)
    return np.asarray(points @ np.array([[cos, sin], [-sin, cos]]), dtype=np.float64)
