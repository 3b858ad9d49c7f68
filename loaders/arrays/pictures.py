"""Arrays of pictures: n x height x width, with colours last or first, which can be painted again as vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["picture_provenance"]

_SIDES = (6, 1024)
_LOOKED_AT = 500  # items, evenly spread
_COLOURS = (1, 3, 4)


def picture_provenance(array: NDArray[Any]) -> dict[str, Any]:
    """Return the shape of the pictures in `array` (n, ...) and the value of their white; nothing for other arrays.

    Pictures are bytes, or numbers from 0 to 1 or to 255, of 6 to 1,024 pixels a side.
    """
    shape = tuple(int(length) for length in array.shape[1:])
    if array.dtype.kind not in "iuf" or not _looks_like_one(shape):
        return {}
    rows = np.unique(np.linspace(0, len(array) - 1, _LOOKED_AT).astype(np.int64))
    seen = np.asarray(array[rows], dtype=np.float32)
    low, high = float(seen.min()), float(seen.max())
    if not (low >= 0 and 0 < high <= 255):  # NaN is no picture either
        return {}
    if array.dtype.kind == "f" and high > 1 and not np.array_equal(seen, np.rint(seen)):
        return {}  # measurements of some kind
    top = 1.0 if high <= 1 else 255.0 if high > 128 else high
    return {"picture_shape": shape, "picture_top": top}


def _looks_like_one(shape: tuple[int, ...]) -> bool:
    if len(shape) == 3 and shape[2] in _COLOURS:
        sides: tuple[int, ...] = shape[:2]
    elif len(shape) == 3 and shape[0] in (1, 3):
        sides = shape[1:]
    else:
        sides = shape
    low, high = _SIDES
    return len(sides) == 2 and all(low <= side <= high for side in sides) and max(sides) <= 4 * min(sides)
