"""Labels and metadata from a file of their own, joined by id where both sides have one, by row otherwise.

The most frequent trouble of all embedding viewers is a pair of files whose row counts differ. Nothing is cut to
fit: both counts are said, with the likely cause, and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.base import Columns
from loaders.items.identity import as_text, find_id_column

__all__ = ["Side", "join"]

Rows = NDArray[np.int64]

_ENOUGH = 0.5  # share of ids that must be found before two files are believed to share ids


@dataclass(frozen=True, eq=False)
class Side:
    """Labels or metadata for `rows` items. `asked` says that a person gave them, so that they must fit."""

    name: str
    columns: Columns
    rows: int
    asked: bool = True


def join(
    items: pd.DataFrame, side: Side, id_column: str | None, shift: int = 0, picked: Rows | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """Return `items` (n rows) with the side's columns, and notes on how they were joined.

    `id_column` is the items' own id column, if they have one. Line i of the side belongs to row i + `shift`. Where
    the items are a sample, `picked` (n,) are their row numbers in the file, and the side must fit the whole file.
    Raises `LoadError` when the sides do not fit and a person asked for this file.
    """
    frame, n = side.columns.frame.reset_index(drop=True), len(items) if picked is None else side.rows
    theirs = _id_column(items, frame, id_column) if shift == 0 else None
    rows = _rows_by_id(items[id_column], frame[theirs]) if theirs is not None else None
    said = list(side.columns.notes)
    if rows is not None:
        said += _said_by_id(side, rows)
    elif shift or side.columns.numbered:
        rows = _picked(_shifted(n, len(frame), shift), picked)
        said += _said_by_row(side, n, shift)
    elif len(frame) == n:
        rows = _picked(np.arange(n), picked)
        said += _said_in_order(side, n, theirs)
    elif side.asked:
        raise _mismatch(side, n)
    else:
        return items, [f"{side.name} beside it was not used: it has {len(frame):,} rows for {n:,} vectors."]
    merged, clashes = _side_by_side(items.reset_index(drop=True), _take(frame, rows), side.name)
    return merged, said + clashes


def _picked(rows: Rows, picked: Rows | None) -> Rows:
    return rows if picked is None else rows[picked]


def _id_column(items: pd.DataFrame, frame: pd.DataFrame, id_column: str | None) -> str | None:
    """Return the side's column of ids when both sides have one."""
    if id_column is None or id_column not in items.columns:
        return None
    return id_column if id_column in frame.columns else find_id_column(frame)


def _rows_by_id(ours: pd.Series, theirs: pd.Series) -> Rows | None:
    """Return for every item its row on the other side or -1, or None when the two hardly share ids."""
    texts = as_text(theirs).astype(object)
    known = texts[texts.notna() & ~texts.duplicated()]
    place = pd.Series(known.index, index=pd.Index(known, dtype=object))
    found = as_text(ours).astype(object).map(place)
    if found.notna().mean() < _ENOUGH:
        return None
    return found.fillna(-1).to_numpy(np.int64)


def _shifted(n: int, lines: int, shift: int) -> Rows:
    rows = np.arange(n) - shift
    return np.where((rows >= 0) & (rows < lines), rows, -1)


def _take(frame: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """Return the rows of `frame`, with missing values where a row is -1."""
    if (rows >= 0).all():
        return frame.iloc[rows].reset_index(drop=True)
    return frame.reindex(pd.Index(np.where(rows >= 0, rows, len(frame)))).reset_index(drop=True)


def _said_in_order(side: Side, n: int, theirs: str | None) -> list[str]:
    said = [f"{side.name} has one row for each of the {n:,} vectors; they were joined in that order."]
    if theirs is not None:
        said.append(
            f"The ids in {theirs!r} of {side.name} are not those of the vectors; check that the order is right."
        )
    return said


def _said_by_id(side: Side, rows: Rows) -> list[str]:
    n = len(rows)
    missing, spare = int((rows < 0).sum()), len(side.columns.frame) - len(set(rows[rows >= 0].tolist()))
    spare = spare if n == side.rows else 0  # of a sample, most rows are missing by design
    said = [f"{side.name} was joined to the vectors by id."]
    if missing:
        said.append(f"{missing:,} of {n:,} items have no row in {side.name}; their columns are empty there.")
    if spare:
        said.append(f"{spare:,} rows of {side.name} belong to no vector and were left out.")
    return said


def _said_by_row(side: Side, n: int, shift: int) -> list[str]:
    lines = len(side.columns.frame)
    first = "row 0" if shift == 0 else f"row {shift}" if shift > 0 else f"nothing, and line {1 - shift} to row 0"
    said = [f"Line 1 of {side.name} belongs to {first}."]
    empty = n - int((_shifted(n, lines, shift) >= 0).sum())
    if empty:
        said.append(f"{empty:,} of {n:,} vectors have no label: {side.name} has {lines:,} lines.")
    spare = lines - (n - empty)
    if spare:
        said.append(f"{spare:,} of {lines:,} lines of {side.name} belong to no vector and were left out.")
    return said


def _mismatch(side: Side, n: int) -> LoadError:
    rows = len(side.columns.frame)
    if rows == n + 1:
        cause = "One line too many is often a header or a blank first line: label_shift=-1 leaves the first line out."
    elif rows == n - 1:
        cause = "One line too few is often a vector without a word, such as padding: label_shift=1 starts at row 1."
    else:
        cause = "Check that both come from the same run, or give both an id column to join by."
    return LoadError(f"{side.name} has {rows:,} rows, but there are {n:,} vectors.", cause)


def _side_by_side(items: pd.DataFrame, joined: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[str]]:
    renamed, notes = {}, []
    for column in joined.columns:
        if column not in items.columns:
            continue
        if _same_texts(items[column], joined[column]):
            joined = joined.drop(columns=[column])
            continue
        new = next(text for text in map(f"{column}_{{}}".format, range(2, 10_000)) if text not in items.columns)
        renamed[column] = new
        notes.append(
            f"The column {column!r} of {name} is shown as {new!r}, because the vectors have one of that name."
        )
    return pd.concat([items, joined.rename(columns=renamed)], axis=1), notes


def _same_texts(left: pd.Series, right: pd.Series) -> bool:
    """Whether two columns of equal length hold the same values, written out."""
    return bool((as_text(left).fillna("").to_numpy() == as_text(right).fillna("").to_numpy()).all())
