"""Vectors out of Arrow columns: lists, structs, text such as "[0.1, 0.2]", and runs of plain columns.

Numbers go from buffer to buffer; no Python object is made per row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.base import Flaw
from loaders.tables.written_vectors import parse_texts

__all__ = ["Vectors", "column_matrix", "matrix_of"]


@dataclass(frozen=True, eq=False)
class Vectors:
    """Rows of numbers (n, d), float32 or float64; rows that could not be read hold NaN and have their flaw."""

    values: NDArray[np.floating[Any]]
    flaws: tuple[Flaw, ...] = ()


def matrix_of(columns: list[Any], width: int, name: str) -> Vectors:
    """Return the vectors (n, width) held by these Arrow arrays: one of vectors, or several of numbers.

    `width` 0 means the most frequent length.
    """
    import pyarrow as pa

    arrays = [column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column for column in columns]
    if len(arrays) > 1 or _is_number(arrays[0].type):
        return Vectors(column_matrix(arrays))
    return _one_column(arrays[0], width, name)


def column_matrix(arrays: list[Any]) -> NDArray[np.floating[Any]]:
    """Return (n, d) with one column per array; nulls become NaN."""
    dtype = np.float64 if any(_is_wide(array.type) for array in arrays) else np.float32
    result = np.empty((len(arrays), len(arrays[0])), dtype=dtype)
    for place, array in enumerate(arrays):
        result[place] = _numbers(array)
    return np.ascontiguousarray(result.T)


def _one_column(array: Any, width: int, name: str) -> Vectors:
    import pyarrow as pa

    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_struct(kind):
        return _from_struct(array)
    if pa.types.is_fixed_size_list(kind) and _is_number(kind.value_type):
        return _from_fixed(array, width)
    if _is_list(kind):
        return _from_lists(array, width, name)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        values, flaws = parse_texts(array, width, name)
        return Vectors(values, flaws)
    raise LoadError(f"The column {name!r} holds {kind}, not vectors.", "Choose another column with key=.")


def _from_struct(array: Any) -> Vectors:
    values = column_matrix(array.flatten())  # flatten() passes the struct's own nulls on to its fields
    missing = array.is_null().to_numpy(zero_copy_only=False)
    return Vectors(values, _flaw(missing, "without a vector"))


def _from_fixed(array: Any, width: int) -> Vectors:
    size = array.type.list_size
    missing = array.is_null().to_numpy(zero_copy_only=False)
    values = _numbers(array.values.slice(array.offset * size, len(array) * size)).reshape(len(array), size)
    if not missing.any() and width in (0, size):
        return Vectors(values)
    if width not in (0, size):
        return _all_of_another_length(len(array), size, width)
    values = values.astype(_floating(values.dtype))
    values[missing] = np.nan
    return Vectors(values, _flaw(missing, "without a vector"))


def _from_lists(array: Any, width: int, name: str) -> Vectors:
    starts, ends, leaves = _row_ranges(array)
    missing = array.is_null().to_numpy(zero_copy_only=False)
    if not _is_number(leaves.type):
        raise LoadError(
            f"The column {name!r} holds lists of {leaves.type}, not of numbers.", "Choose another column with key=."
        )
    numbers = _numbers(leaves)
    lengths = np.where(missing, -1, ends - starts)
    width = width or _usual(lengths)
    fits = lengths == width
    if fits.all() and len(lengths) and ends[-1] - starts[0] == len(lengths) * width:
        return Vectors(numbers[starts[0] : ends[-1]].reshape(len(lengths), width))
    return _patched(numbers, starts, lengths, width, missing)


def _patched(
    numbers: NDArray[Any],
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    width: int,
    missing: NDArray[np.bool_],
) -> Vectors:
    """Collect the rows that fit; the others hold NaN."""
    good = np.flatnonzero(lengths == width)
    values = np.full((len(lengths), width), np.nan, dtype=_floating(numbers.dtype))
    if len(good):
        values[good] = numbers[starts[good][:, None] + np.arange(width)]
    odd = (lengths != width) & ~missing
    detail = f"{int(lengths[odd.argmax()]):,} numbers instead of {width:,}" if odd.any() else ""
    flaws = _flaw(missing, "without a vector") + _flaw(odd, "of another length", detail)
    return Vectors(values, flaws)


def _row_ranges(array: Any) -> tuple[NDArray[np.int64], NDArray[np.int64], Any]:
    """Return where each row's numbers start and end in the flat array of leaves, for lists however nested."""
    import pyarrow as pa

    if pa.types.is_fixed_size_list(array.type):
        size = array.type.list_size
        edges = (np.arange(len(array) + 1, dtype=np.int64) + array.offset) * size
        starts, ends, inner = edges[:-1], edges[1:], array.values
    else:
        array = _with_offsets(array)
        edges = array.offsets.to_numpy().astype(np.int64)
        starts, ends, inner = edges[:-1], edges[1:], array.values
    if not _is_list(inner.type):
        return starts, ends, inner
    inner_starts, inner_ends, leaves = _row_ranges(inner)
    bounds = np.append(inner_starts, inner_ends[-1] if len(inner_ends) else 0)
    return bounds[starts], bounds[ends], leaves


def _with_offsets(array: Any) -> Any:
    """Return a list-view array as an ordinary one."""
    import pyarrow as pa

    kind = array.type
    if pa.types.is_list_view(kind) or pa.types.is_large_list_view(kind):
        return array.cast(pa.large_list(kind.value_type))
    return array


def _numbers(array: Any) -> NDArray[Any]:
    """Return a flat Arrow array of numbers as NumPy, with NaN for nulls."""
    import pyarrow as pa

    if pa.types.is_decimal(array.type):
        array = array.cast(pa.float64())
    if pa.types.is_boolean(array.type):
        array = array.cast(pa.uint8())
    if array.null_count and pa.types.is_integer(array.type):
        array = array.cast(pa.float64(), safe=False)
    values: NDArray[Any] = array.to_numpy(zero_copy_only=False)
    return values


def _all_of_another_length(n: int, size: int, width: int) -> Vectors:
    detail = f"{size:,} numbers instead of {width:,}"
    return Vectors(np.full((n, width), np.nan, np.float32), _flaw(np.ones(n, bool), "of another length", detail))


def _flaw(rows: NDArray[np.bool_], reason: str, detail: str = "") -> tuple[Flaw, ...]:
    return (Flaw(np.flatnonzero(rows), reason, detail),) if rows.any() else ()


def _usual(lengths: NDArray[np.int64]) -> int:
    """Return the most frequent length above 0; 1 when there is none."""
    known = lengths[lengths > 0]
    if not len(known):
        return 1
    lengths, counts = np.unique(known, return_counts=True)
    return int(lengths[::-1][counts[::-1].argmax()])


def _floating(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


def _is_number(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    return bool(types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind) or types.is_boolean(kind))


def _is_wide(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    return bool(types.is_float64(kind) or types.is_decimal(kind) or types.is_int64(kind) or types.is_uint64(kind))


def _is_list(kind: Any) -> bool:
    import pyarrow as pa

    types = pa.types
    views = types.is_list_view(kind) or types.is_large_list_view(kind)
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind) or views)
