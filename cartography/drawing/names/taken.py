"""Room on a picture that is taken already: what names must keep clear of."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "Taken"]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


class Taken:
    """The boxes that later names must keep clear of."""

    def __init__(self, page: Box, reserved: Iterable[Box], gap: float = 0.0) -> None:
        self.page, self.gap = page, gap
        self._boxes = np.array([*reserved, (-2.0, -2.0, -1.0, -1.0)], dtype=np.float64)

    def free(self, boxes: Iterable[Box], gap: float) -> bool:
        """Whether boxes lie on the page and, with a gap, on nothing else."""
        asked = np.array(list(boxes), dtype=np.float64)
        left, top, right, bottom = self.page
        inside = (asked[:, :2] >= (left, top)).all() and (asked[:, 2:] <= (right, bottom)).all()
        if not inside:
            return False
        return not self._meets(asked, gap).any()

    def hits(self, boxes: Iterable[Box]) -> int:
        """How many of the boxes held here some given boxes cover."""
        return int(self._meets(np.array(list(boxes), dtype=np.float64), 0.0).any(axis=0).sum())

    def _meets(self, asked: NDArray[np.float64], gap: float) -> NDArray[np.bool_]:
        apart = (asked[:, None, :2] >= self._boxes[:, 2:] + gap) | (asked[:, None, 2:] <= self._boxes[:, :2] - gap)
        return np.asarray(~apart.any(axis=-1))

    def take(self, boxes: Iterable[Box]) -> None:
        """Keep later names off these."""
        self._boxes = np.concatenate([self._boxes, np.array(list(boxes), dtype=np.float64).reshape(-1, 4)])
