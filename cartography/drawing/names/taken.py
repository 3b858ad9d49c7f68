"""Room on a picture that is taken already: what names must keep clear of."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "Taken", "inside", "meets"]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


def inside(box: Box, page: Box) -> bool:
    """Whether a box lies wholly on a page."""
    return box[0] >= page[0] and box[1] >= page[1] and box[2] <= page[2] and box[3] <= page[3]


def meets(one: Box, others: Iterable[Box], around: float = 0.0) -> bool:
    """Whether a box, with so much room around it, covers part of any other."""
    left, top, right, bottom = one[0] - around, one[1] - around, one[2] + around, one[3] + around
    return any(left < box[2] and right > box[0] and top < box[3] and bottom > box[1] for box in others)


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
