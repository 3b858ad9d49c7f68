"""How one item is put into words: its title, and the fields of its card."""

from __future__ import annotations

import pandas as pd

from cartography.records import EmbeddingSet
from cartography.remembering import remembered

__all__ = ["describe", "fields", "picture_columns", "title", "title_column"]

_TITLE_LENGTH = 80
_LOOKED_AT = 2000
_MEDIA = ("data:image/", "data:audio/")
_GLANCE = 5  # values that say whether a column holds pictures


def title(embeddings: EmbeddingSet, row: int) -> str:
    """Return what an item is called: its most telling short text, else its id."""
    column = title_column(embeddings)
    value = embeddings.items[column].iloc[row] if column else None
    text = "" if value is None or pd.isna(value) else str(value).strip()
    return text or str(embeddings.ids[row])


@remembered
def title_column(embeddings: EmbeddingSet) -> str | None:
    """Return the column of short texts that tells items apart best; the loader's label breaks ties."""
    items = embeddings.items.iloc[:_LOOKED_AT]
    best, most = None, 1
    for name in items.columns:
        values = items[name]
        if name in picture_columns(embeddings) or not pd.api.types.is_string_dtype(values) or values.isna().all():
            continue
        texts = values.dropna().astype(str)
        distinct = texts.nunique()
        favoured = distinct + (1 if name == embeddings.roles.get("label") else 0)
        if texts.str.len().median() <= _TITLE_LENGTH and favoured > most:
            best, most = name, favoured
    return best


def fields(embeddings: EmbeddingSet, row: int, first: str | None = None, most: int = 100) -> list[tuple[str, str]]:
    """Return the card's (name, value) pairs, the column `first` on top, at most `most` of them."""
    left_out = {title_column(embeddings), *picture_columns(embeddings)}
    columns = [name for name in embeddings.items.columns if name not in left_out]
    columns.sort(key=lambda name: name != first)
    return [(str(name), describe(embeddings.items[name].iloc[row])) for name in columns[:most]]


@remembered
def picture_columns(embeddings: EmbeddingSet) -> frozenset[str]:
    """Return the columns whose cells are pictures, as text or as bytes: they are shown, not read.

    There may be more than the one with the role `image`, such as a mask for every picture; sounds count among them.
    Addresses and paths of pictures are texts.
    """
    image = embeddings.roles.get("image")
    return frozenset(name for name, cells in embeddings.items.items() if _are_pictures(cells, name == image))


def _are_pictures(column: pd.Series, said: bool) -> bool:
    """Whether the first values are pictures; of a column that is said to hold some, all but texts are."""
    if pd.api.types.is_numeric_dtype(column):
        return said
    seen = column.iloc[:_LOOKED_AT]
    known = seen[seen.notna()].iloc[:_GLANCE]
    return len(known) > 0 and all(
        value[:11].lower() in _MEDIA if isinstance(value, str) else said or isinstance(value, bytes)
        for value in known
    )


def describe(value: object) -> str:
    """Return a cell as a person writes it: no needless decimals, a dash for what is missing."""
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return "–"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)
