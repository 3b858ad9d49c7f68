"""Word vectors in the binary layout of word2vec, as in GoogleNews-vectors-negative300.bin."""

from __future__ import annotations

import re

from cartography.errors import LoadError
from cartography.progress import part_of
from loaders.base import Candidate, Format, Loader, Match, Reading
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.collector import sample_rows
from loaders.text.encoding import is_text
from loaders.words.binary_scan import rows_of
from loaders.words.gathering import COLUMN, Gathering, word_reading

__all__ = ["LOADER", "Word2vecBinary"]

_COUNTS = re.compile(rb"(\d{1,12}) (\d{1,7})\n")


class Word2vecBinary(Loader):
    """Words and float32 vectors one after the other, with or without a line end after each."""

    format = Format(
        "word2vec binary",
        (".bin",),
        reads='"n d" in the first line, then a word, a space and d float32 numbers, n times; packed as well',
    )

    def match(self, source: Source) -> Match:
        """A text line of counts, and then something that is no text."""
        counts = _COUNTS.match(source.head)
        if counts is None:
            return Match.NO
        body = source.head[counts.end() :]
        return Match.CERTAIN if body and not is_text(body) else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the vectors from the first line, held against the length of the file."""
        n, d, _ = _header(source)
        note = f"Vectors of {n:,} words with {d:,} dimensions."
        return [
            Candidate("vectors", (n, d), "float32", n * d * 4, note, "vectors", 0.85, (COLUMN,), {"label": COLUMN})
        ]

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read words and vectors in blocks."""
        n, d, start = _header(source)
        gathering = Gathering(d, n, sample_rows(n, options), source.name)
        for words, vectors in rows_of(source, start, (n, d), part_of(options.progress, 0.0, 0.8)):
            gathering.add([word.lstrip(b"\n") for word in words], vectors)
        return word_reading(
            gathering.words,
            gathering.vectors(),
            encoding=options.encoding,
            provenance={"dtype": "float32"},
            rows=gathering.rows,
            total=n,
        )


def _header(source: Source) -> tuple[int, int, int]:
    """Return the counts (n, d) and the byte after them. Raises `LoadError` when the file cannot hold as much."""
    counts = _COUNTS.match(source.head)
    if counts is None:
        raise LoadError(f"{source.name} does not begin with the counts of words and dimensions.")
    n, d = int(counts[1]), int(counts[2])
    least = n * (4 * d + 1)
    room = source.size * (1 if not source.compression else 250)
    if n < 1 or d < 1 or least > room:
        raise LoadError(
            f"The first line of {source.name} promises {n:,} words of {d:,} dimensions, at least {least:,} bytes, "
            f"but the file has {source.size:,}.",
            "The file is cut short, or its first line is wrong. Copy or write it again.",
        )
    return n, d, counts.end()


LOADER = Word2vecBinary()
