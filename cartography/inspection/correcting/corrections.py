"""Cells as plain values and texts, and back: what the file says, what was typed instead, a column with both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import ParameterError, unknown_name
from cartography.records import Annotations, EmbeddingSet
from cartography.records.annotation_kinds import LONGEST_VALUE, Value

__all__ = ["cells_now", "fitted", "plain", "spelled", "with_corrected", "with_values"]

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_EXACT = 2**53  # whole numbers up to here are the same as floats


def plain(cell: object) -> Value:
    """Return a cell as a plain value: None for a missing one; what is longer than notes keep is cut."""
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return None
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    if isinstance(cell, int | np.integer):
        return int(cell)
    if isinstance(cell, float | np.floating):
        return float(str(cell)) if isfinite(cell) else None  # as a person reads it, whatever its width
    text = cell.isoformat() if isinstance(cell, pd.Timestamp) else str(cell)
    text = text.encode("utf-8", "replace").decode()
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def spelled(value: Value) -> str | None:
    """Return a plain value as text that `fitted` reads back; None for a missing one."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT:
        return str(int(value))
    return None if value is None else str(value)


def fitted(column: pd.Series, text: str | None) -> Value:
    """Return what somebody typed as a value of this column; None for nothing.

    Raises `ParameterError` when it is none, such as words in a column of numbers.
    """
    if text is None or not text.strip():
        return None
    kinds, typed = pd.api.types, text.strip()
    if kinds.is_bool_dtype(column):
        if typed.lower() not in _TRUTH:
            raise _unfit(column, typed, "true or false")
        return _TRUTH[typed.lower()]
    if kinds.is_datetime64_any_dtype(column):
        return _date(column, typed)
    if kinds.is_numeric_dtype(column):
        return _number(column, typed)
    return text


def with_values(column: pd.Series, values: Mapping[int, Value]) -> pd.Series:
    """Return a column with the cells of some rows replaced, by row number; the column given stays as it is.

    Where its type cannot hold a value it becomes wider: whole numbers with gaps become nullable, groups get new
    names, and what fits nothing makes it a column of objects.
    """
    if not values:
        return column
    if isinstance(column.dtype, pd.CategoricalDtype):
        return with_values(column.astype(column.cat.categories.dtype), values).astype("category")
    rows = np.fromiter(values, dtype=np.intp, count=len(values))
    if pd.api.types.is_datetime64_any_dtype(column):
        return _with_dates(column, rows, list(values.values()))
    dtype = _wide_enough(column, list(values.values()))
    result = column.astype(dtype)
    if result.dtype == object:
        cells = result.to_numpy(copy=True)
        cells[rows] = np.fromiter(values.values(), dtype=object, count=len(rows))
        return pd.Series(cells, index=column.index, name=column.name, dtype=object)
    result = result.copy()
    result.iloc[rows] = pd.array(list(values.values()), dtype=dtype)
    return result


def _with_dates(column: pd.Series, rows: NDArray[np.intp], new: list[Value]) -> pd.Series:
    stamps = []
    for value in new:
        try:
            stamps.append(pd.NaT if value is None else pd.Timestamp(_date(column, str(value))))
        except ParameterError:
            return with_values(column.astype(object), dict(zip(rows.tolist(), new, strict=True)))
    result = column.copy()
    result.iloc[rows] = pd.array(stamps, dtype=column.dtype)
    return result


def _wide_enough(column: pd.Series, new: list[Value]) -> Any:
    """Return the narrowest type that holds what the column has and what it gets."""
    kinds, known = pd.api.types, {type(value) for value in new if value is not None}
    gaps = any(value is None for value in new)
    if kinds.is_bool_dtype(column) and known <= {bool}:
        return "boolean" if gaps else column.dtype
    if kinds.is_integer_dtype(column) and known <= {int}:
        limits = np.iinfo(getattr(column.dtype, "numpy_dtype", column.dtype))
        if all(value is None or limits.min <= int(value) <= limits.max for value in new):
            return str(column.dtype).replace("uint", "UInt").replace("int", "Int") if gaps else column.dtype
    if kinds.is_float_dtype(column) and known <= {int, float}:
        return column.dtype
    texts = pd.api.types.is_string_dtype(column) and column.dtype != object
    return column.dtype if texts and known <= {str} else object


def _number(column: pd.Series, typed: str) -> Value:
    try:
        number = float(typed)
        whole = int(typed) if typed.lstrip("+-").isdecimal() and len(typed) < 20 else None
    except ValueError:
        number, whole = float("nan"), None
    if not isfinite(number):
        raise _unfit(column, typed, "numbers")
    if pd.api.types.is_integer_dtype(column):
        exact = whole if whole is not None else int(number) if number.is_integer() else None
        dtype = getattr(column.dtype, "numpy_dtype", column.dtype)
        limits = np.iinfo(dtype)
        if exact is None or not limits.min <= exact <= limits.max:
            raise _unfit(column, typed, f"whole numbers{_range(limits)}")
        return exact
    return number


def _range(limits: np.iinfo) -> str:
    return f" from {limits.min:,} to {limits.max:,}" if limits.bits <= 32 else ""


def _date(column: pd.Series, typed: str) -> str:
    zone = column.dt.tz
    try:
        stamp = pd.Timestamp(typed)
        if stamp is pd.NaT:
            raise ValueError(typed)
        if stamp.tz is None:
            stamp = stamp.tz_localize(zone)
        if stamp.tz is not None:
            stamp = stamp.tz_convert(zone or "UTC")
        return (stamp if zone is not None else stamp.tz_localize(None)).isoformat()
    except (ValueError, OverflowError, TypeError) as error:
        raise _unfit(column, typed, "dates, such as 2024-05-31") from error


def _unfit(column: pd.Series, typed: str, holds: str) -> ParameterError:
    shown = typed if len(typed) <= 60 else typed[:59] + "…"
    return ParameterError(f"{shown!r} does not fit {str(column.name)!r}, which holds {holds}.")


def cells_now(annotations: Annotations, embeddings: EmbeddingSet, ids: Sequence[str], column: str) -> list[Value]:
    """Return what these items hold in a column, corrections counted in. Raises `ParameterError`: no such column."""
    made = annotations.corrections.get(column, {})
    found = _cells(embeddings, ids, column)
    return [made[one].new if one in made else plain(cell) for one, cell in zip(ids, found, strict=True)]


def with_corrected(
    annotations: Annotations, embeddings: EmbeddingSet, ids: Sequence[str], column: str, text: str | None
) -> Annotations:
    """Return annotations with a column of some items corrected to what was typed; None takes the value away.

    Raises `ParameterError` where there is no such column or item, or the column cannot hold that.
    """
    cells = _cells(embeddings, ids, column)
    new = fitted(cells, text)
    return annotations.corrected(ids, column, new, dict(zip(ids, map(plain, cells), strict=True)))


def _cells(embeddings: EmbeddingSet, ids: Sequence[str], column: str) -> pd.Series:
    names = {str(name): name for name in embeddings.items.columns}
    if column not in names:
        raise unknown_name("column", column, names)
    rows = embeddings.ids.get_indexer(list(ids))
    if (rows < 0).any():
        raise ParameterError(f"There is no item {list(ids)[int(np.argmin(rows))]!r}.")
    return embeddings.items[names[column]].iloc[rows]
