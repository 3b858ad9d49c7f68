"""Ids: always strings, always unique, and always said when they had to be repaired."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_float_dtype

from cartography.errors import LoadError
from loaders.items.roles import unknown_column

__all__ = ["Identity", "as_text", "find_id_column", "identify"]

ID_NAMES = (
    "id",
    "ids",
    "_id",
    "uuid",
    "guid",
    "item_id",
    "row_id",
    "doc_id",
    "document_id",
    "custom_id",
    "idx",
    "index",
)
WORD_NAMES = ("word", "words", "token", "tokens", "key")
_HIDDEN = "__index_level_"  # what pandas calls an index without a name when it writes Parquet


@dataclass(frozen=True, eq=False)
class Identity:
    """Unique string ids (n,), the columns that remain, where the ids came from, and what to say about them.

    `column` is None when the ids are row numbers.
    """

    ids: pd.Index
    items: pd.DataFrame
    column: str | None
    notes: tuple[str, ...]


def identify(items: pd.DataFrame, wanted: str | None, declared: str | None = None) -> Identity:
    """Give every row of `items` its id.

    `wanted` is the column a person chose, `declared` the one the format names; otherwise a column is guessed by
    its name, and without one the row numbers are used. Raises `LoadError` when `wanted` does not exist.
    """
    column = _chosen(items, wanted) if wanted is not None else find_id_column(items) or declared
    notes: list[str] = []
    if column is None:
        ids, notes = pd.Index([str(row) for row in range(len(items))], dtype=object), []
        rest = items
    else:
        ids, notes = _unique(as_text(items[column]), column)
        told_by_index = column.lower() in ID_NAMES or column.startswith(_HIDDEN)
        rest = items.drop(columns=[column]) if told_by_index else items
    rest = _without_clash(rest, notes)
    return Identity(ids, rest, column, tuple(notes))


def find_id_column(items: pd.DataFrame) -> str | None:
    """Return the column that holds ids, by its name and its content, or None."""
    by_name = {str(column).lower(): str(column) for column in reversed(items.columns)}
    for names, share in ((ID_NAMES, 0.5), (WORD_NAMES, 1.0)):
        for name in names:
            if name in by_name and _distinct_share(items[by_name[name]]) >= share:
                return by_name[name]
    return None


def as_text(column: pd.Series) -> pd.Series:
    """Return a column as strings, whole numbers without ".0", missing values as missing."""
    if is_float_dtype(column.dtype):
        values = column.to_numpy(float, na_value=np.nan)
        known = values[~np.isnan(values)]
        if (known == np.floor(known)).all() and (np.abs(known) < 2**53).all():
            column = column.astype("Int64")
    return column.astype("string")


def _chosen(items: pd.DataFrame, wanted: str) -> str:
    if wanted not in items.columns:
        raise unknown_column("id", wanted, items)
    if not items[wanted].notna().any():
        raise LoadError(f"The column {wanted!r} is empty; it cannot serve as id.", "Choose another column with id=.")
    return wanted


def _distinct_share(column: pd.Series) -> float:
    """The share of rows with a value of their own; 0 for columns that are not plain values."""
    if not len(column) or column.isna().all():
        return 0.0
    try:
        return float(column.nunique()) / len(column)
    except TypeError:
        return 0.0


def _unique(texts: pd.Series, column: str) -> tuple[pd.Index, list[str]]:
    notes = []
    values = texts.to_numpy(object, na_value=None)
    missing = np.array([value is None for value in values], dtype=bool)
    if missing.any():
        values[missing] = [f"row {row}" for row in np.flatnonzero(missing)]
        notes.append(f"{int(missing.sum()):,} items have no {column!r}; they are called after their row.")
    repeated = pd.Series(values).duplicated().to_numpy()
    if repeated.any():
        first = str(values[int(repeated.argmax())])
        values = _numbered(values, np.flatnonzero(repeated))
        notes.append(
            f"{int(repeated.sum()):,} ids in {column!r} were taken already and are numbered: "
            f"{_short(first)!r} became {_short(first) + ' (2)'!r} and so on."
        )
    return pd.Index([str(value) for value in values], dtype=object), notes


def _numbered(values: NDArray[np.object_], rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """Give the values of `rows` a number each; counting on per value keeps this linear."""
    taken = set(values.tolist())
    reached: dict[str, int] = {}
    result = values.copy()
    for row in rows:
        value = values[row]
        number = reached.get(value, 1) + 1
        while f"{value} ({number})" in taken:
            number += 1
        reached[value] = number
        result[row] = f"{value} ({number})"
        taken.add(result[row])
    return result


def _without_clash(items: pd.DataFrame, notes: list[str]) -> pd.DataFrame:
    """Rename a column called "id" that is not the id, so that the index alone carries that name."""
    if "id" not in items.columns:
        return items
    name = next(name for name in map("id_{}".format, range(2, 10_000)) if name not in items.columns)
    notes.append(f"The column 'id' is shown as {name!r}, because the items' own ids are called id.")
    return items.rename(columns={"id": name})


def _short(text: str, longest: int = 40) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
