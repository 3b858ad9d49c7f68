"""Which items the words of analogies mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.items import title_column
from cartography.records import EmbeddingSet

__all__ = ["names_of", "rows_of_words"]


def rows_of_words(embeddings: EmbeddingSet, words: Iterable[str], most: int) -> tuple[dict[str, int], int]:
    """Return the row of each word that is among the first `most` items, and how many were found by ignoring case.

    A word is an item's id, else its title, else the same whatever the case; of several items the first is meant.
    """
    missing, found = set(words), {}
    texts = _texts(embeddings, most)
    for one in texts:
        found |= _first_rows(one, missing)
        missing -= found.keys()
    exact = len(found)
    for one in texts:
        if missing:
            found |= _whatever_the_case(one, missing)
            missing -= found.keys()
    return found, len(found) - exact


def names_of(embeddings: EmbeddingSet, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return what the items of these rows (m,) are called, "" for -1."""
    column = title_column(embeddings)
    names = embeddings.ids.to_numpy(dtype=object)[rows]
    if column is not None:
        titles = embeddings.items[column].iloc[np.maximum(rows, 0)].fillna("").astype(str).str.strip()
        names = np.where(titles != "", titles.to_numpy(dtype=object), names)
    return np.where(rows < 0, "", names)


def _texts(embeddings: EmbeddingSet, most: int) -> list[pd.Series]:
    """The ids of the first items, and their titles where they have any."""
    column = title_column(embeddings)
    ids = embeddings.ids[:most].to_series()
    return [ids] if column is None else [ids, embeddings.items[column].iloc[:most].str.strip()]


def _first_rows(texts: pd.Series, wanted: set[str]) -> dict[str, int]:
    """The first row of each wanted text that is there."""
    held = np.flatnonzero(texts.isin(wanted))[::-1]
    return dict(zip(texts.iloc[held].tolist(), held.tolist(), strict=True))


def _whatever_the_case(texts: pd.Series, wanted: set[str]) -> dict[str, int]:
    fold: Callable[[str], str] = str.casefold
    held = _first_rows(texts.str.casefold(), set(map(fold, wanted)))
    return {word: held[fold(word)] for word in wanted if fold(word) in held}
