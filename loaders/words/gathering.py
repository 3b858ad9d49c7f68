"""Word vectors as they come in, kept or left out, and what is to be said about them at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from loaders.base import Reading
from loaders.files.limits import check_memory
from loaders.text.encoding import decoder
from loaders.words.text_blocks import decoded

__all__ = ["COLUMN", "Gathering", "odd_words", "word_reading"]

COLUMN = "label"


class Gathering:
    """Words and vectors read one after the other.

    `rows` (sorted numbers) are those of a sample, None keeps all. With `expected` rows the vectors are written where
    they stay, so that memory holds them once; a file that holds more or fewer is no fault here.
    """

    def __init__(self, width: int, expected: int | None, rows: NDArray[np.int64] | None, name: str) -> None:
        self.width, self.rows, self.seen = width, rows, 0
        self.words: list[bytes] = []
        self._parts: list[NDArray[np.float32]] = []
        self._taken = 0
        room = len(rows) if rows is not None else expected or 0
        check_memory(room * width * 4, name)
        self._whole = np.empty((room, width), dtype=np.float32)

    def add(self, words: Sequence[bytes], vectors: NDArray[Any]) -> NDArray[np.int64] | None:
        """Take the next rows; return which of them were kept, None for all."""
        start, self.seen = self.seen, self.seen + len(words)
        kept = None
        if self.rows is not None:
            low, high = np.searchsorted(self.rows, [start, self.seen])
            kept = self.rows[low:high] - start
            words, vectors = [words[row] for row in kept], vectors[kept]
        self.words += words
        self._keep(vectors)
        return kept

    def vectors(self) -> NDArray[np.float32]:
        """Return (n, width) everything kept so far."""
        parts = [self._whole[: self._taken], *self._parts]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def __len__(self) -> int:
        return self._taken + sum(map(len, self._parts))

    def _keep(self, vectors: NDArray[Any]) -> None:
        if not self._parts and self._taken + len(vectors) <= len(self._whole):
            self._whole[self._taken : self._taken + len(vectors)] = vectors
            self._taken += len(vectors)
        elif len(vectors):
            check_memory(2 * 4 * self.width * (len(self) + len(vectors)), "The text")
            self._parts.append(np.array(vectors, dtype=np.float32))


def word_reading(
    words: list[bytes], vectors: NDArray[Any], notes: Iterable[str] = (), encoding: str | None = None, **more: Any
) -> Reading:
    """Return the reading of words (n,) and vectors (n, d), in which the words are the ids.

    `more` are further fields of the `Reading`. Raises `LoadError` for an encoding that does not exist.
    """
    decoder(encoding or "utf-8")
    texts, odd = decoded(words, encoding or "utf-8")
    items = pd.DataFrame({COLUMN: pd.Series(texts, dtype="str")})
    return Reading(
        vectors,
        items,
        id_column=COLUMN,
        roles={"label": COLUMN},
        notes=(*notes, *odd_words(odd)),
        **more,
    )


def odd_words(odd: int) -> list[str]:
    """Say how many words could not be decoded."""
    if not odd:
        return []
    count = "One word is" if odd == 1 else f"{odd:,} words are"
    return [
        f"{count} not in the expected encoding; what cannot be read is shown as \N{REPLACEMENT CHARACTER}. "
        "Name the encoding with encoding=..."
    ]
