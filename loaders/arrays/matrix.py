"""Numbers of any type into float32, without losing a value in silence and in blocks, so that memory stays bounded."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from cartography.progress import Progress, report
from loaders.files.limits import check_memory

__all__ = ["as_float32", "as_matrix", "bad_rows", "empty_columns", "no_matrix"]

_BLOCK = 1 << 22  # elements converted in one go


def as_matrix(array: NDArray[Any], by: str, name: str) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return `array` with one row per item (n, d), and what was done to make it so.

    Raises `LoadError` when there is nothing in it, or when it does not hold real numbers.
    """
    refused = no_matrix(array.shape, array.dtype, name)
    if refused is not None:
        raise refused
    shape, notes = array.shape, []
    if array.ndim == 1:
        array = array.reshape(-1, 1)
        notes.append(f"{name} is a single column of {shape[0]:,} numbers; each is an item with one dimension.")
    elif array.ndim > 2:
        array = array.reshape(shape[0], -1)
        kind = "picture" if array.dtype == np.uint8 else "block"
        inner = " × ".join(f"{length:,}" for length in shape[1:])
        notes.append(f"Each {kind} of {inner} was laid out as one vector of {array.shape[1]:,} numbers.")
    if by == "columns":
        array = array.T
        notes.append(f"Each column is one item: {array.shape[0]:,} items of {array.shape[1]:,} dimensions.")
    return array, tuple(notes)


def as_float32(
    matrix: NDArray[Any], name: str, progress: Progress | None = None, first_row: int = 0
) -> NDArray[np.float32]:
    """Return (n, d) numbers as C-contiguous float32; the very same array when it is that already.

    Raises `LoadError` naming the row, counted from `first_row`, when a finite number is beyond float32.
    """
    if matrix.dtype == np.float32 and matrix.dtype.isnative and matrix.flags.c_contiguous:
        return matrix
    n, d = matrix.shape
    check_memory(n * d * 4, name)
    result = np.empty((n, d), dtype=np.float32)
    step = max(1, _BLOCK // d)
    for start in range(0, n, step):
        block = matrix[start : start + step]
        with np.errstate(over="ignore", invalid="ignore"):
            result[start : start + step] = block
        _check_range(block, result[start : start + step], first_row + start, name)
        report(progress, "Converting numbers", start / n)
    return result


def bad_rows(vectors: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return (n,) which rows hold NaN or infinity."""
    n, d = vectors.shape
    bad = np.zeros(n, dtype=bool)
    step = max(1, _BLOCK // d)
    for start in range(0, n, step):
        bad[start : start + step] = ~np.isfinite(vectors[start : start + step]).all(axis=1)
    return bad


def empty_columns(vectors: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return (d,) which columns hold nothing but NaN."""
    n, d = vectors.shape
    empty = np.ones(d, dtype=bool)
    step = max(1, _BLOCK // d)
    for start in range(0, n, step):
        empty &= np.isnan(vectors[start : start + step]).all(axis=0)
        if not empty.any():
            break
    return empty


def no_matrix(shape: tuple[int, ...], dtype: np.dtype[Any], name: str) -> LoadError | None:
    """Return the error for an array that cannot be vectors, or None when it can."""
    if dtype.kind == "c":
        return LoadError(f"{name} holds complex numbers.", "Save its real part, its magnitude or both side by side.")
    if dtype.kind not in "fiub":
        return LoadError(f"{name} holds {dtype}, not numbers.", "Vectors should be floating-point numbers.")
    if not shape or prod(shape) == 0:
        return LoadError(
            f"{name} has shape {_shape(shape)}: there are no vectors in it.",
            "It should have at least one row and one column.",
        )
    return None


def _check_range(block: NDArray[Any], converted: NDArray[np.float32], start: int, name: str) -> None:
    if block.dtype.kind != "f" or block.dtype.itemsize <= 4:
        return
    beyond = np.isinf(converted)
    if not beyond.any():
        return
    beyond &= np.isfinite(block)
    if beyond.any():
        row, column = np.unravel_index(int(beyond.argmax()), beyond.shape)
        value = block[row, column]
        raise LoadError(
            f"Row {start + int(row)}, column {int(column)} of {name} holds {value:.3g}, "
            "beyond the largest 32-bit number (3.4e38).",
            "Scale the vectors down, or correct the value.",
        )


def _shape(shape: tuple[int, ...]) -> str:
    return "()" if not shape else " × ".join(f"{length:,}" for length in shape)
