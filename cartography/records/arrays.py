"""Checks that every record makes on the arrays it is given."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import DTypeLike, NDArray

from cartography.errors import ShapeError

__all__ = ["all_finite", "digest", "frozen", "require"]

_BLOCK = 1 << 22  # elements looked at in one go: 16 MB of float32


def require(condition: bool, message: str, hint: str = "") -> None:
    """Raise `ShapeError` unless `condition` holds."""
    if not condition:
        raise ShapeError(message, hint)


def frozen(array: object, dtype: DTypeLike, name: str, shape: tuple[int | None, ...]) -> NDArray[np.generic]:
    """Return `array` as a read-only C-contiguous array of `dtype`; `None` in `shape` is any length.

    Nothing is copied when the array already fits; the caller's own array stays writeable.
    """
    result = np.ascontiguousarray(array, dtype=dtype)
    expected = tuple("any" if length is None else length for length in shape)
    fits = result.ndim == len(shape) and all(
        want is None or want == got for want, got in zip(shape, result.shape, strict=True)
    )
    require(fits, f"{name} has shape {result.shape}; expected {expected}.")
    result = result.view()
    result.flags.writeable = False
    return result


def all_finite(array: NDArray[np.generic]) -> bool:
    """Whether a float array holds no NaN and no infinity, in bounded memory and mostly one fast pass."""
    flat = array.reshape(-1)
    for start in range(0, flat.size, _BLOCK):
        block = flat[start : start + _BLOCK]
        with np.errstate(over="ignore", invalid="ignore"):
            total = block.sum(dtype=np.float64)
        if not np.isfinite(total) and not np.isfinite(block).all():
            return False
    return True


def digest(*parts: object) -> str:
    """Return 16 hexadecimal digits that name the content of arrays, bytes and plain values."""
    state = blake2b(digest_size=8)
    for part in parts:
        if isinstance(part, np.ndarray):
            state.update(f"{part.dtype.str}{part.shape}".encode())
            flat = np.ascontiguousarray(part).reshape(-1)
            for start in range(0, flat.size, _BLOCK):
                state.update(flat[start : start + _BLOCK].view(np.uint8).data)
        else:
            state.update(part if isinstance(part, bytes) else repr(part).encode())
        state.update(b"\x1f")
    return state.hexdigest()
