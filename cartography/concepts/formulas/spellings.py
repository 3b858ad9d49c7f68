"""The distinct names of items in small letters: which begin with a text, hold it, or are spelled nearly like it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Spellings", "beginning", "begins_word"]

_AT_ONCE = 1 << 17  # texts that are looked through before it is seen whether there are enough
_LIKELY = 400  # names whose spelling is compared letter by letter
_LONGEST = 60  # characters of a name whose misspellings are looked for
_PLACES = 4096  # places in all names where a text is met, before the looking ends
_ALIKE = 0.6


@dataclass(frozen=True, eq=False)
class Spellings:
    """Distinct texts (m,) in small letters; `rows` (m,) are the first items called so, in rising order.

    `joined` are all texts as UTF-8 bytes, each text from one of the `offsets` (m + 1,) to the next.
    """

    texts: Any = field(repr=False)
    rows: NDArray[np.int64] = field(repr=False)
    joined: bytes = field(repr=False)
    offsets: NDArray[np.int64] = field(repr=False)

    @classmethod
    def of(cls, texts: pa.Array, rows: NDArray[np.int64]) -> Spellings:
        """Return the spellings of an Arrow array of large strings, none missing, which are copied once."""
        import pyarrow as pa

        offsets = np.frombuffer(texts.buffers()[1], np.int64)[texts.offset : texts.offset + len(texts) + 1]
        data = texts.buffers()[2]
        joined = b"" if data is None else data.slice(int(offsets[0]), int(offsets[-1] - offsets[0])).to_pybytes()
        offsets = offsets - offsets[0]
        kept = pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(joined))
        return cls(kept, rows, joined, offsets)

    def beginning(self, text: str) -> Iterator[int]:
        """Return the rows whose name begins with a text in small letters, in their order."""
        return (int(self.rows[place]) for place in beginning(self.texts, text))

    def containing(self, text: str, most: int) -> tuple[list[int], list[int]]:
        """Return the rows where a word of the name begins with a text, then those that hold it elsewhere.

        At most so many of each; names that begin with it are not among them. What is met very often is not looked
        for to its end.
        """
        words: dict[int, None] = {}
        others: dict[int, None] = {}
        for place in self._met(f" {text}".encode(), most):
            words[place] = None
        for place in self._met(text.encode(), most + len(words)):
            if place not in words:
                others[place] = None
        begun = [place for place in others if begins_word(self.texts[place].as_py(), text)]
        words.update(dict.fromkeys(begun))
        rest = [place for place in others if place not in words]
        return self.rows[list(words)[:most]].tolist(), self.rows[rest[:most]].tolist()

    def near(self, text: str, most: int = 3) -> list[int]:
        """Return the rows whose names are spelled most nearly like a text in small letters.

        One wrong letter leaves either the first or the second half of a word as it is, so only names that share one
        are compared.
        """
        if not 1 < len(text) <= _LONGEST:
            return []
        for part in dict.fromkeys((len(text) // 2, max(len(text) // 3, 1))):
            likely = {self.texts[place].as_py(): place for place in reversed(self._sharing(text, part))}
            close = get_close_matches(text, likely, n=most, cutoff=_ALIKE)
            if close:
                return [int(self.rows[likely[one]]) for one in close]
        return []

    def _sharing(self, text: str, part: int) -> list[int]:
        """Places of names of nearly the same length that share a beginning or an end with a text."""
        import pyarrow.compute as pc

        shared = pc.or_(pc.starts_with(self.texts, text[:part]), pc.ends_with(self.texts, text[-part:]))
        places = _places(shared)
        apart = np.abs(np.diff(self.offsets)[places] - len(text.encode()))
        nearest = np.argsort(apart, kind="stable")[:_LIKELY]
        return places[nearest][apart[nearest] <= max(2, len(text) // 3)].tolist()

    def _met(self, needle: bytes, most: int) -> Iterator[int]:
        """The places of names that hold some bytes, not at their beginning; found by one walk over all names."""
        at, last, met = self.joined.find(needle), -1, 0
        for _ in range(_PLACES):
            if at < 0 or met >= most:
                return
            place = int(np.searchsorted(self.offsets, at, "right")) - 1
            begins, ends = int(self.offsets[place]), int(self.offsets[place + 1])
            if begins < at and at + len(needle) <= ends and place != last:
                yield place
                last, met = place, met + 1
            at = self.joined.find(needle, at + 1)


def beginning(texts: pa.Array, text: str) -> Iterator[int]:
    """Yield the places of texts that begin with this one, in their order; stops looking when nobody asks for more."""
    import pyarrow.compute as pc

    for first in range(0, len(texts), _AT_ONCE):
        yield from (first + _places(pc.starts_with(texts.slice(first, _AT_ONCE), text))).tolist()


def begins_word(name: str, text: str) -> bool:
    """Whether a word after the first begins with a text."""
    at = name.find(text, 1)
    while at > 0:
        if not name[at - 1].isalnum():
            return True
        at = name.find(text, at + 1)
    return False


def _places(mask: pa.Array) -> NDArray[np.intp]:
    return np.flatnonzero(mask.to_numpy(zero_copy_only=False))
