"""Which items the words of analogies mean, and what items are called there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.formulas.name_index import name_index
from cartography.progress import Progress, report
from cartography.records import EmbeddingSet

__all__ = ["Known", "known_words"]

_REPORTED = 2_000  # words


@dataclass(frozen=True, eq=False)
class Known:
    """The words that are items, with their `rows`; how many are spelt otherwise there; whether most are ids."""

    embeddings: EmbeddingSet
    rows: dict[str, int]
    respelt: int
    by_id: bool

    def names(self, rows: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return what the items of these rows (m,) are called, by id or by title as the words are; "" for -1."""
        distinct, places = np.unique(rows, return_inverse=True)
        index = name_index(self.embeddings)
        ids, titles = index.ids, index.titles.texts
        names = ["" if row < 0 else ids[row] if self.by_id else titles[row].as_py() for row in distinct.tolist()]
        return np.array(names, dtype=object)[places]


def known_words(embeddings: EmbeddingSet, words: Iterable[str], most: int, progress: Progress | None = None) -> Known:
    """Return which words name one of the first `most` items.

    A word is an item's id, else its title, else either in any case; of several items the first is meant.
    """
    index = name_index(embeddings)
    distinct = list(dict.fromkeys(words))
    found: dict[str, int] = {}
    ids = respelt = 0
    for number, word in enumerate(distinct):
        if number % _REPORTED == 0:
            report(progress, "Looking the words up", number / len(distinct))
        rows = index.rows(word)
        if len(rows) and rows[0] < most:
            row = found[word] = int(rows[0])
            ids += index.ids[row] == word
            respelt += word not in (index.ids[row], index.titles.texts[row].as_py())
    return Known(embeddings, found, respelt, by_id=2 * ids >= len(found))
