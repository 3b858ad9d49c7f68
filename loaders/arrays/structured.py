"""Structured arrays: a table whose fields are columns, one of which may hold vectors."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import unknown_name
from loaders.arrays.named import column_of
from loaders.base import Candidate, Reading
from loaders.tables.columns import Choice, Column, choices, guessed_roles, metadata_of

__all__ = ["field_arrays", "field_candidates", "read_fields"]


def field_candidates(dtype: np.dtype[Any], shape: tuple[int, ...]) -> list[Candidate]:
    """Return what could be the vectors among the fields of a structured type."""
    columns = _columns(dtype)
    rows = prod(shape)
    found = []
    for choice in _choices(columns):
        kept = [name for name in metadata_of(columns, choice) if not _is_opaque(dtype, name)]
        nbytes = sum(_field(dtype, name).itemsize for name in choice.columns) * rows
        size = (rows, choice.width)
        found.append(
            Candidate(
                choice.key,
                size,
                choice.dtype,
                nbytes,
                choice.note,
                choice.kind,
                choice.likelihood,
                tuple(kept),
                guessed_roles(kept),
            )
        )
    return found


def read_fields(array: NDArray[Any], key: str, name: str) -> Reading:
    """Read the fields named by `key` as vectors, the others as columns."""
    flat = array.reshape(-1)
    columns = _columns(flat.dtype)
    known = {choice.key: choice for choice in _choices(columns)}
    if key not in known:
        raise unknown_name(f"field of vectors in {name}", key, known or ["(none)"])
    choice = known[key]
    if len(choice.columns) == 1:
        vectors = np.ascontiguousarray(flat[choice.columns[0]]).reshape(len(flat), -1)
    else:
        vectors = np.stack([flat[column].astype(np.float64) for column in choice.columns], axis=1)
    kept = metadata_of(columns, choice)
    items = pd.DataFrame(
        {column: one for column, one in _series(flat).items() if column in kept}, index=range(len(flat))
    )
    return Reading(vectors, items, notes=(choice.note,), provenance={"dtype": choice.dtype})


def field_arrays(array: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return the fields of one value per row, by name."""
    flat = array.reshape(-1)
    names = flat.dtype.names or ()
    return {name: flat[name] for name in names if flat[name].ndim == 1 and not _is_opaque(flat.dtype, name)}


def _series(flat: NDArray[Any]) -> dict[str, pd.Series]:
    return {name: column_of(np.ascontiguousarray(one)) for name, one in field_arrays(flat).items()}


def _choices(columns: list[Column]) -> list[Choice]:
    """As for any table, but where every field is a number, the fields together are the matrix."""
    found = choices(columns)
    numbers = [column for column in columns if column.kind in ("number", "integer")]
    if len(numbers) != len(columns) or len(numbers) < 3:
        return found
    names = tuple(column.name for column in numbers)
    note = f"The {len(names)} fields ({', '.join(names[:6])}) are one dimension each."
    whole = Choice("all fields", names, len(names), numbers[0].dtype, "numbers", 0.7, note)
    return [whole, *(choice for choice in found if choice.columns != names)]


def _columns(dtype: np.dtype[Any]) -> list[Column]:
    return [_column(name, _field(dtype, name)) for name in dtype.names or ()]


def _column(name: str, field: np.dtype[Any]) -> Column:
    base = field.base
    if field.shape and base.kind in "fiub":
        return Column(name, "vector", prod(field.shape), str(base), "a field of several numbers")
    if not field.shape and base.kind in "fiu":
        return Column(name, "integer" if base.kind in "iu" else "number", dtype=str(base))
    return Column(name, "text" if base.kind in "US" and not field.shape else "other", dtype=str(base))


def _field(dtype: np.dtype[Any], name: str) -> np.dtype[Any]:
    return dtype[name]


def _is_opaque(dtype: np.dtype[Any], name: str) -> bool:
    field = _field(dtype, name)
    return bool(field.shape) or field.kind not in "fiubUSMm"
