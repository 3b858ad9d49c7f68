"""Arrow tables into plain DataFrames: what is left of a table when the vectors are taken out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

from loaders.tables.pictures import pictures_in

__all__ = ["frame_of", "unique_names"]


def frame_of(table: Any) -> tuple[pd.DataFrame, list[str]]:
    """Return the columns of an Arrow table in their natural types, and notes on what was left out.

    Structs are opened one level ("metadata.year"), lists become text, pictures data URIs; other bytes and
    empty columns are left out.
    """
    table, left_out = _opened(table), []
    series: dict[str, pd.Series] = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        reason = _useless(column)
        if reason == "bytes":
            pictures, reason = pictures_in(column)
            whole = name.removesuffix(".bytes")  # {"bytes": ..., "path": ...}, as Hugging Face writes pictures
            if pictures is not None:
                series[whole if whole not in table.column_names else name] = pictures
                continue
        if reason:
            left_out.append(f"{name!r} ({reason})")
            continue
        series[name] = _series(column)
    frame = pd.DataFrame(series, index=pd.RangeIndex(table.num_rows))
    return frame, [f"Columns left out: {', '.join(left_out)}."] if left_out else []


def unique_names(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return names without repeats, and a note when some had to be numbered."""
    seen: set[str] = set()
    result = []
    for name in names:
        new, number = name, 1
        while new in seen or (new != name and new in names):
            number += 1
            new = f"{name}_{number}"
        seen.add(new)
        result.append(new)
    changed = [name for name, new in zip(names, result, strict=True) if name != new]
    note = f"Several columns are called {changed[0]!r}; they are numbered." if changed else ""
    return result, [note] if note else []


def _opened(table: Any) -> Any:
    """Open struct columns by one level; their fields are called "struct.field"."""
    import pyarrow as pa

    if any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    names, _ = unique_names(table.column_names)
    return table.rename_columns(names)


def _useless(column: Any) -> str:
    import pyarrow as pa

    kind = column.type
    if pa.types.is_null(kind) or (len(column) and column.null_count == len(column)):
        return "empty"
    binary = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    return "bytes" if binary or pa.types.is_binary_view(kind) else ""


def _series(column: Any) -> pd.Series:
    import pyarrow as pa

    kind = column.type
    types = pa.types
    if isinstance(kind, pa.ExtensionType):
        column, kind = column.cast(kind.storage_type), kind.storage_type
    if types.is_decimal(kind):
        column = column.cast(pa.float64(), safe=False)
    elif types.is_date(kind):
        column = column.cast(pa.timestamp("ms"))
    elif types.is_time(kind):
        column = column.cast(pa.string())
    elif types.is_nested(kind):
        return pd.Series([_written(value) for value in column.to_pylist()], dtype="str")
    if types.is_string(kind) or types.is_large_string(kind):
        return pd.Series(column.to_pandas(), dtype="str")
    return column.to_pandas(ignore_metadata=True) if not types.is_boolean(kind) else _boolean(column)


def _boolean(column: Any) -> pd.Series:
    return pd.Series(column.to_pandas(), dtype="boolean" if column.null_count else "bool")


def _written(value: Any) -> str | None:
    """Return a list or an object as text."""
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)
