"""The words of texts in any script, as they were written.

Chinese and Japanese, which put no spaces between words, are read as runs of two to four characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise

__all__ = ["Texts", "of_script_without_spaces", "pieces_of_one", "words_in"]

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


def pieces_of_one(word: str, other: str) -> bool:
    """Whether two runs of a script without spaces are pieces of the same."""
    if not (of_script_without_spaces(word) and of_script_without_spaces(other)):
        return False
    return bool(set(pairwise(word)) & set(pairwise(other)))


class Texts:
    """The words of the texts that `text` returns for rows, "" where there is none; each text is read once."""

    def __init__(self, text: Callable[[int], str]) -> None:
        self._text = text
        self._read: dict[int, tuple[str, ...]] = {}
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)

    def words(self, row: int, length: int) -> tuple[str, ...]:
        """Return the distinct words among the first `length` characters of a row's text, in small letters."""
        if row not in self._read:
            found = {word.casefold(): word for word in words_in(self._text(row)[:length])}
            for word, form in found.items():
                self._forms[word][form] += 1
            self._read[row] = tuple(found)
        return self._read[row]

    def form(self, word: str) -> tuple[str, float]:
        """Return how the texts read so far write a word most often, and in what share of them."""
        known = self._forms.get(word)
        if not known:
            return word, 0.0
        form, times = max(known.items(), key=lambda one: (one[1], one[0]))
        return form, times / sum(known.values())
