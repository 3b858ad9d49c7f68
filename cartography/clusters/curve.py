"""An order of the items in which near ones come together, so that what is needed next is in the processor's cache."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["along_a_curve"]

_BITS = 20  # per axis


def along_a_curve(points: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the items (n,) of points (n, d), d up to 3, in the order of a curve (Morton 1966)."""
    low = points.min(axis=0)
    side = float((points.max(axis=0) - low).max()) or 1.0
    cells = ((points - low) / side * ((1 << _BITS) - 1)).astype(np.uint64)
    code = np.zeros(len(points), np.uint64)
    d = points.shape[1]
    for bit in range(_BITS):
        for axis in range(d):
            code |= ((cells[:, axis] >> np.uint64(bit)) & np.uint64(1)) << np.uint64(bit * d + axis)
    return np.argsort(code, kind="stable").astype(np.int32)
