"""Which items the words of analogies mean, and what items are called."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.formulas.name_index import NameIndex, name_index
from cartography.progress import Progress, report
from cartography.records import EmbeddingSet

__all__ = ["names_of", "rows_of_words"]

_REPORTED = 2_000  # words


def rows_of_words(
    embeddings: EmbeddingSet, words: Iterable[str], most: int, progress: Progress | None = None
) -> tuple[dict[str, int], int]:
    """Return the row of each word that names one of the first `most` items, and how many do so in another spelling.

    A word is an item's id, else its title, else either in any case; of several items the first is meant.
    """
    index = name_index(embeddings)
    distinct, found, respelt = list(dict.fromkeys(words)), {}, 0
    for number, word in enumerate(distinct):
        if number % _REPORTED == 0:
            report(progress, "Looking the words up", number / len(distinct))
        rows = index.rows(word)
        if len(rows) and rows[0] < most:
            found[word] = int(rows[0])
            respelt += word not in (index.ids[rows[0]], _title(index, rows[0]))
    return found, respelt


def names_of(embeddings: EmbeddingSet, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return what the items of these rows (m,) are called, "" for -1."""
    index = name_index(embeddings)
    distinct, places = np.unique(rows, return_inverse=True)
    names = np.array(["" if row < 0 else _title(index, row) for row in distinct.tolist()], dtype=object)
    return names[places]


def _title(index: NameIndex, row: int) -> str:
    return index.titles.texts[int(row)].as_py()
