"""The head of a fastText model: its settings, its dictionary, and where the input matrix lies.

Layout, all little-endian (fastText's `FastText::saveModel`, `Args::save`, `Dictionary::save`, `DenseMatrix::save`):
int32 magic and version; twelve int32 settings and a float64; int32 entries, words and labels, int64 tokens and
pruned n-grams; per entry its bytes, a zero, int64 count and int8 kind (0 word, 1 label); two int32 per pruned n-gram;
one byte that is 1 when the matrix is quantised; int64 rows and columns; float32 numbers.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from cartography.errors import LoadError
from loaders.files.source import Source

__all__ = ["MAGIC", "FastText", "read_head"]

MAGIC = (793712314).to_bytes(4, "little")
_LONGEST_WORD = 1 << 16
_SUPERVISED = 3
_BLOCK = 1 << 20


@dataclass(frozen=True, eq=False)
class FastText:
    """What the head says: the words and their counts in the order of the matrix, whose numbers begin at `offset`.

    `buckets` rows for character n-grams of `shortest` to `longest` characters follow those of the words; `buckets` is
    0 when the model has none, or kept only some of them.
    """

    version: int
    d: int
    rows: int
    offset: int
    buckets: int
    shortest: int
    longest: int
    labels: int
    words: list[bytes] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    @property
    def n(self) -> int:
        """The number of words."""
        return len(self.words)


def read_head(source: Source) -> FastText:
    """Read everything before the numbers. Raises `LoadError` for a quantised, a cut and an unknown model."""
    if "fasttext" not in source.memo:
        with source.plain_path().open("rb") as stream:
            source.memo["fasttext"] = _Head(stream, source).read()
    known: FastText = source.memo["fasttext"]
    return known


class _Head:
    def __init__(self, stream: BinaryIO, source: Source) -> None:
        self._stream, self._source = stream, source
        self._data, self._place, self._base = b"", 0, 0

    def read(self) -> FastText:
        magic, version = self._numbers("<4si")
        if magic != MAGIC or not 11 <= version <= 12:
            raise LoadError(
                f"{self._source.name} is a fastText model of version {version}; 11 and 12 are read.",
                "Save it again with a current fastText, or open the .vec file beside it.",
            )
        d, _, _, _, _, _, _, model, bucket, shortest, longest, _, _ = self._numbers("<12id")
        if version == 11 and model == _SUPERVISED:
            longest = 0  # classifiers of that version do not use n-grams
        entries, words, labels, _, pruned = self._numbers("<iiiqq")
        if d < 1 or min(entries, words, labels) < 0 or words + labels != entries or entries > self._source.size:
            raise self._odd(f"its dictionary claims {entries:,} entries, {words:,} words and {labels:,} labels")
        texts, counts = self._entries(entries, words)
        self._skip_pruned(pruned)
        if self._numbers("<B")[0]:
            raise LoadError(
                f"{self._source.name} is a quantised fastText model, whose vectors are only approximated by codes.",
                "Open the model it was made from (.bin), or its .vec file.",
            )
        rows, columns = self._numbers("<qq")
        offset = self._base + self._place
        if columns != d or not words <= rows or rows * d * 4 > self._source.size - offset:
            raise self._odd(
                f"its input matrix claims {rows:,} × {columns:,} numbers for {words:,} words of {d:,} dimensions, "
                f"and {self._source.size - offset:,} bytes follow"
            )
        buckets = rows - words if longest > 0 and bucket > 0 and pruned <= 0 else 0
        return FastText(version, d, rows, offset, buckets, shortest, longest, labels, texts, counts)

    def _entries(self, entries: int, words: int) -> tuple[list[bytes], list[int]]:
        texts: list[bytes] = []
        counts: list[int] = []
        for place in range(entries):
            text = self._text()
            count, kind = self._numbers("<qb")
            if (kind == 0) != (place < words):
                raise self._odd(f"entry {place + 1:,} of its dictionary is of kind {kind}")
            if kind == 0:
                texts.append(text)
                counts.append(count)
        return texts, counts

    def _skip_pruned(self, size: int) -> None:
        if size * 8 > self._source.size:
            raise self._odd(f"it claims {size:,} n-grams")
        for _ in range(max(size, 0)):
            self._numbers("<ii")

    def _text(self) -> bytes:
        while True:
            end = self._data.find(b"\0", self._place)
            if end >= 0:
                text = self._data[self._place : end]
                self._place = end + 1
                return text
            if len(self._data) - self._place > _LONGEST_WORD or not self._more():
                raise self._odd("a word of its dictionary does not end")

    def _numbers(self, layout: str) -> tuple[Any, ...]:
        size = struct.calcsize(layout)
        while len(self._data) - self._place < size:
            if not self._more():
                raise self._odd("it ends within its head")
        self._place += size
        return struct.unpack_from(layout, self._data, self._place - size)

    def _more(self) -> bool:
        part = self._stream.read(_BLOCK)
        self._base += self._place
        self._data = self._data[self._place :] + part
        self._place = 0
        return bool(part)

    def _odd(self, what: str) -> LoadError:
        return LoadError(
            f"{self._source.name} is a fastText model that is damaged or cut short: {what}, at byte "
            f"{self._base + self._place:,}.",
            "Copy or write the file again.",
        )
