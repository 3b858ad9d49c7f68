"""The words that tell clusters apart (class-based tf-idf, Grootendorst 2022), in any script, as they were written.

Chinese and Japanese, which put no spaces between words, are read as runs of two to four characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["Words", "of_script_without_spaces", "telling", "words_in"]

Rows = NDArray[np.intp]

_TEXTS = 300  # texts read per cluster
_FEWEST, _ALTOGETHER = 12, 40_000  # of many clusters: at least, and of all together
_LENGTH, _CHARACTERS = 2_000, 4_000_000  # characters read of a text, and about how many of all together
_BEST = 6  # words offered for a cluster
_OFTENER = 1.5  # times as often as elsewhere
_CONSISTENT = 0.7
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_GRAM = (2, 4)


def of_script_without_spaces(text: str) -> bool:
    """Whether a text has Chinese or Japanese in it."""
    return re.search(f"[{_UNSPACED}]", text) is not None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A word, and a run of a script without spaces; vowel signs and points belong to their word."""
    marks = "".join(c for c in map(chr, range(0x300, 0xABFF)) if unicodedata.category(c)[0] == "M")
    inner = rf"[\w{marks}\u200c\u200d'’-]"
    return re.compile(rf"[^\W\d_{_UNSPACED}](?:(?![{_UNSPACED}]){inner})+"), re.compile(rf"[{_UNSPACED}]+")


def words_in(text: str) -> Iterator[str]:
    """Return the words of a text, as they are written there."""
    word, run = _patterns()
    for found in word.findall(text):
        yield found.rstrip("'’-\u200c\u200d")
    for found in run.findall(text):
        for size in range(_GRAM[0], _GRAM[1] + 1):
            yield from (found[at : at + size] for at in range(len(found) - size + 1))


class Words:
    """What is written in the texts that `text` returns for rows, "" where there is none; each is read once."""

    def __init__(self, text: Callable[[int], str]) -> None:
        self._text = text
        self._read: dict[int, tuple[str, ...]] = {}
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)

    def counted(self, members: Sequence[Rows]) -> tuple[list[Counter[str]], list[int]]:
        """Return in how many of each cluster's texts every word occurs, and how many those are; of many, a sample."""
        most = int(np.clip(_ALTOGETHER // max(len(members), 1), _FEWEST, _TEXTS))
        samples = [rows[:: max(1, len(rows) // most)] for rows in members]
        length = int(np.clip(_CHARACTERS // max(sum(map(len, samples)), 1), 100, _LENGTH))
        counts = [Counter(word for row in rows.tolist() for word in self._of(row, length)) for rows in samples]
        return counts, [len(rows) for rows in samples]

    def _of(self, row: int, length: int) -> tuple[str, ...]:
        if row not in self._read:
            found = {word.casefold(): word for word in words_in(self._text(row)[:length])}
            for word, form in found.items():
                self._forms[word][form] += 1
            self._read[row] = tuple(found)
        return self._read[row]

    def written(self, word: str) -> str:
        """Return a word as the texts write it where they agree, else, and where it is small, with a capital."""
        form, times = max(self._forms[word].items(), key=lambda one: (one[1], one[0]), default=(word, 0))
        agreed = times >= _CONSISTENT * sum(self._forms[word].values())
        return form if agreed and not form.islower() else word[:1].upper() + word[1:]


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
        if not any(_overlap(word, other) for other in best):
            best.append(word)
        if len(best) == _BEST:
            break
    return best


def _overlap(one: str, other: str) -> bool:
    """Whether two runs of a script without spaces are pieces of the same."""
    if not (of_script_without_spaces(one) and of_script_without_spaces(other)):
        return False
    return bool(set(pairwise(one)) & set(pairwise(other)))
