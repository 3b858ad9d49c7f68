"""An order of the items in which near ones come together, so that what is needed next is in the processor's cache."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["along_a_curve"]

_BITS = 20  # per axis
_GAPS: dict[int, tuple[tuple[int, int], ...]] = {
    1: (),
    2: (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ),
    3: (
        (32, 0x001F00000000FFFF),
        (16, 0x001F0000FF0000FF),
        (8, 0x100F00F00F00F00F),
        (4, 0x10C30C30C30C30C3),
        (2, 0x1249249249249249),
    ),
}
"""Shifts and masks that leave room for the other axes between the bits of one."""


def along_a_curve(points: NDArray[np.float32], bits: int = _BITS, *, stretched: bool = False) -> NDArray[np.int32]:
    """Return the items (n,) of points (n, d), d up to 3, in the order of a curve (Morton 1966).

    `bits` up to 20 tell cells apart along each axis. Axes share one scale, unless each is `stretched` to its own.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    side = np.maximum(high - low, 1e-30) if stretched else float((high - low).max()) or 1.0
    cells = ((points - low) / side * ((1 << bits) - 1)).astype(np.uint64)
    for shift, mask in _GAPS[points.shape[1]]:
        cells = (cells | (cells << np.uint64(shift))) & np.uint64(mask)
    code = np.zeros(len(points), np.uint64)
    for axis in range(points.shape[1]):
        code |= cells[:, axis] << np.uint64(axis)
    return np.argsort(code, kind="stable").astype(np.int32)
