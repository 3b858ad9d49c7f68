"""Which rows of a fastText model make up a word: its own, and those of its character n-grams.

The n-grams of "<word>" are hashed by FNV-1a over 32 bits, in which fastText takes each byte as signed, and the hash
modulo the number of buckets is the row (`Dictionary::hash` and `Dictionary::computeSubwords`). fastText itself leaves
out the n-grams of its sentence end "</s>"; gensim does not, and what gensim gives is what is given here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from loaders.words.fasttext_layout import FastText

__all__ = ["mean_vectors", "ngram_rows"]

_PRIME, _START, _MASK = 16777619, 2166136261, 0xFFFFFFFF


def ngram_rows(word: bytes, model: FastText) -> list[int]:
    """Return the rows of the n-grams of a word, as they lie behind the rows of the words."""
    if not model.buckets:
        return []
    text = b"<" + word + b">"
    starts = [place for place, byte in enumerate(text) if byte & 0xC0 != 0x80]
    ends = [*starts[1:], len(text)]
    found: list[int] = []
    for first, start in enumerate(starts):
        value, position = _START, start
        for last in range(first, min(first + model.longest, len(starts))):
            for byte in text[position : ends[last]]:
                value = ((value ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * _PRIME) & _MASK
            position = ends[last]
            size = last - first + 1
            if size < model.shortest or (size == 1 and (first == 0 or last == len(starts) - 1)):
                continue
            found.append(model.n + value % model.buckets)
    return found


def mean_vectors(
    matrix: NDArray[np.float32], model: FastText, rows: Sequence[int], told: Callable[[int], None]
) -> NDArray[np.float32]:
    """Return (len(rows), d) the mean of all rows of each word in `matrix`, as fastText gives it."""
    result = np.empty((len(rows), model.d), dtype=np.float32)
    for place, row in enumerate(rows):
        result[place] = matrix[[row, *ngram_rows(model.words[row], model)]].mean(axis=0)
        if place % 4096 == 0:
            told(place)
    return result
