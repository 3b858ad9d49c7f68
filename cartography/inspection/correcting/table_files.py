"""Tables as CSV and Parquet files.

Spreadsheets run a cell that begins with = + - @ as a formula, so in CSV such a text, unless it is a number, gets an
apostrophe before it, as does one that has apostrophes before such a sign; `rearmed` takes one away again. Parquet
holds everything as it is.
"""

from __future__ import annotations

import csv
import re
from io import BytesIO

import pandas as pd

__all__ = ["as_csv", "as_parquet", "disarmed", "rearmed"]

_SIGNS = frozenset("'=+-@\t\r")
_DANGER = re.compile(r"'*[=+\-@\t\r]")
_DISARMED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def disarmed(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in _SIGNS and _DANGER.match(text) and not _NUMBER.fullmatch(text) else text


def rearmed(text: str) -> str:
    """Return the text that `disarmed` was given."""
    return text[1:] if text[:1] == "'" and _DISARMED.match(text) else text


def as_csv(table: pd.DataFrame, index: bool = False) -> bytes:
    """Return a table as CSV in UTF-8 with a mark, as spreadsheets like it; texts are disarmed and quoted."""
    safe = table.rename(columns=lambda name: disarmed(str(name)))
    for place in range(safe.shape[1]):
        column = safe.iloc[:, place]
        if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column)):
            safe.isetitem(place, column.map(_cell, na_action="ignore").astype(object))
    if index:
        safe.index = safe.index.map(disarmed)
    return safe.to_csv(index=index, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").encode("utf-8-sig", "replace")


def as_parquet(table: pd.DataFrame, index: bool = False) -> bytes:
    """Return a table as Parquet; a column whose cells are of several kinds becomes one of texts."""
    import pyarrow as pa

    kept = table.copy(deep=False)
    for place in range(kept.shape[1]):
        column = kept.iloc[:, place]
        try:
            pa.Array.from_pandas(column)
        except (pa.ArrowException, OverflowError, TypeError, ValueError):
            kept.isetitem(place, column.map(str, na_action="ignore").astype("str"))
    out = BytesIO()
    kept.to_parquet(out, index=index)
    return out.getvalue()


def _cell(value: object) -> object:
    """Return a cell of a column that is not of numbers."""
    return value if isinstance(value, bool | int | float) else disarmed(str(value))
