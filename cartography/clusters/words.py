"""The words that tell clusters apart (class-based tf-idf, Grootendorst 2022), in any script, as they were written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cartography.words import Texts, pieces_of_one

__all__ = ["Words", "telling"]

Rows = NDArray[np.intp]

_TEXTS = 300  # texts read per cluster
_FEWEST, _ALTOGETHER = 12, 40_000  # of many clusters: at least, and of all together
_LENGTH, _CHARACTERS = 2_000, 4_000_000  # characters read of a text, and about how many of all together
_BEST = 6  # words offered for a cluster
_OFTENER = 1.5  # times as often as elsewhere
_CONSISTENT = 0.7


class Words(Texts):
    """What is written in the texts of clusters."""

    def counted(self, members: Sequence[Rows]) -> tuple[list[Counter[str]], list[int]]:
        """Return in how many of each cluster's texts every word occurs, and how many those are; of many, a sample."""
        most = int(np.clip(_ALTOGETHER // max(len(members), 1), _FEWEST, _TEXTS))
        samples = [rows[:: max(1, len(rows) // most)] for rows in members]
        length = int(np.clip(_CHARACTERS // max(sum(map(len, samples)), 1), 100, _LENGTH))
        counts = [Counter(word for row in rows.tolist() for word in self.words(row, length)) for rows in samples]
        return counts, [len(rows) for rows in samples]

    def written(self, word: str) -> str:
        """Return a word as the texts write it where they agree, else, and where it is small, with a capital."""
        form, agreed = self.form(word)
        return form if agreed >= _CONSISTENT and not form.islower() else word[:1].upper() + word[1:]


def telling(counts: Sequence[Counter[str]], texts: Sequence[int]) -> list[list[str]]:
    """Return each cluster's most over-represented words, best first, none part of another.

    `counts` say in how many of a cluster's `texts` words occur. A word counts that occurs in two texts or in the only
    one, and half as often again as in all clusters together.
    """
    everywhere: Counter[str] = Counter()
    for one in counts:
        everywhere.update(one)
    average = sum(everywhere.values()) / max(len(counts), 1)
    spread = Counter(word for one in counts for word in one)  # in how many clusters
    usual = {word: times / max(sum(texts), 1) for word, times in everywhere.items()}
    result = []
    for one, read in zip(counts, texts, strict=True):
        score = {
            word: count * float(np.log1p(average / everywhere[word])) * (1.05 - spread[word] / len(counts))
            for word, count in one.items()
            if count >= max(min(2, read), _OFTENER * read * usual[word])
        }
        result.append(_best(score))
    return result


def _best(score: Mapping[str, float]) -> list[str]:
    best: list[str] = []
    for word in sorted(score, key=lambda word: (-score[word], -len(word), word)):
        if not any(pieces_of_one(word, other) for other in best):
            best.append(word)
        if len(best) == _BEST:
            break
    return best
