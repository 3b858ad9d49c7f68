"""Arrays of pictures: n x height x width, with colours last or first, which can be painted again as vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["picture_provenance"]

_SIDES = (6, 1024)
_LEAST_OF_NUMBERS = 8  # pixels a side of pictures that are not whole numbers
_LOOKED_AT = 500  # items, evenly spread
_LOOKED_AT_BYTES = 32 << 20
_BRIGHT = 0.5  # of white: pictures have something brighter in them, shares of a whole seldom
_GROUND = 0.2  # of all pixels have one and the same value
_OF_A_STEP = 0.15  # how exactly half precision hits a 255th
_COLOURS = (1, 3, 4)


def picture_provenance(array: NDArray[Any]) -> dict[str, Any]:
    """Return the shape of the pictures in `array` (n, ...) and the value of their white; nothing for other arrays.

    Pictures are bytes, or numbers from 0 to 1 or to 255, of 6 to 1,024 pixels a side. Fractions are pictures of 8
    pixels or more where they are steps of a 255th, or where a fifth of all is one ground; rows or columns that sum to
    1, as the weights of attention do, are none.
    """
    shape = tuple(int(length) for length in array.shape[1:])
    if array.dtype.kind not in "iuf" or not _looks_like_one(shape):
        return {}
    most = max(1, min(_LOOKED_AT, _LOOKED_AT_BYTES // (4 * int(np.prod(shape)))))
    rows = np.unique(np.linspace(0, len(array) - 1, most).astype(np.int64))
    seen = np.asarray(array[rows], dtype=np.float32)
    low, high = float(seen.min()), float(seen.max())
    if not (low >= 0 and 0 < high <= 255):  # NaN is no picture either
        return {}
    if array.dtype.kind == "f" and not _painted_in_fractions(seen, high):
        return {}  # measurements of some kind
    top = 1.0 if high <= 1 else 255.0 if high > 128 else high
    return {"picture_shape": shape, "picture_top": top}


def _painted_in_fractions(seen: NDArray[np.float32], high: float) -> bool:
    """Whether numbers (m, ...) that are not negative are pictures: not measurements, nor shares of a whole."""
    if high > 1:
        return np.array_equal(seen, np.rint(seen))
    if high <= _BRIGHT or min(_sides(seen.shape[1:])) < _LEAST_OF_NUMBERS:
        return False
    if any(np.allclose(seen.sum(axis=axis), 1, atol=0.01) for axis in range(1, seen.ndim)):
        return False
    steps = 255 * seen
    if np.allclose(steps, np.rint(steps), rtol=0, atol=_OF_A_STEP):
        return True
    _, times = np.unique(seen, return_counts=True)
    return bool(times.max() >= _GROUND * seen.size)


def _looks_like_one(shape: tuple[int, ...]) -> bool:
    sides = _sides(shape)
    low, high = _SIDES
    return len(sides) == 2 and all(low <= side <= high for side in sides) and max(sides) <= 4 * min(sides)


def _sides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """What is left of a shape without its colours, which are last or first."""
    if len(shape) == 3 and shape[2] in _COLOURS:
        return shape[:2]
    return shape[1:] if len(shape) == 3 and shape[0] in (1, 3) else shape
