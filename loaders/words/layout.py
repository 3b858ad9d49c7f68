"""Whether a text holds word vectors, and how wide they are: told from its first lines.

word2vec and fastText write the counts "n d" into the first line, GloVe does not; every other line is a word and
d numbers, separated by single spaces. A word may hold spaces itself, as in glove.840B, so the numbers are counted
from the end of the line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.files.source import Source
from loaders.words.text_blocks import blocks, count_filled

__all__ = ["Layout", "count_lines", "find_layout"]

_COUNTS = re.compile(rb"\s*(\d{1,12}) +(\d{1,7})\s*")
_NUMBER = re.compile(rb"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|[-+]?(nan|NaN|inf|Inf|infinity)")
_LINES = 12
_MORE = 1 << 20
_COUNTED = 64 << 20


@dataclass(frozen=True)
class Layout:
    """Numbers per line, lines before the first, and the counts (n, d) that the first line gives, if it does."""

    width: int
    skip: int
    counts: tuple[int, int] | None = None


def find_layout(source: Source) -> Layout | None:
    """Return how the file is laid out, or None when it is anything but word vectors."""
    if "word layout" not in source.memo:
        source.memo["word layout"] = _found(source)
    known: Layout | None = source.memo["word layout"]
    return known


def count_lines(source: Source) -> tuple[int, bool]:
    """Return the number of filled lines, and whether that is an estimate, as it is for large and packed files."""
    if source.size > _COUNTED or source.compression:
        sample = source.peek(_MORE)
        if len(sample) == _MORE:
            return max(1, int(source.size / len(sample) * max(sample.count(b"\n"), 1))), True
    return sum(count_filled(part) for part in blocks(source, 0, None)), False


def _found(source: Source) -> Layout | None:
    sample = source.head
    if b"\0" in sample[:4096]:
        return None
    if sample.count(b"\n") < 3 and len(sample) >= 1 << 16:
        sample = source.peek(_MORE)
    lines = [line for line in sample.removeprefix(b"\xef\xbb\xbf").split(b"\n")[: _LINES + 2] if line.strip()]
    if any(b"\t" in line for line in lines):
        return None  # a table, in which words may hold spaces anyway
    if len(lines) < 2 and not _COUNTS.fullmatch(lines[0] if lines else b""):
        return _headless(lines) if len(lines) == 1 and sample.endswith(b"\n") else None
    counts = _COUNTS.fullmatch(lines[0])
    if counts:
        return _counted(lines[1:], int(counts[1]), int(counts[2]))
    return _headless(lines if sample.endswith(b"\n") or len(lines) < 3 else lines[:-1])


def _counted(lines: Sequence[bytes], n: int, d: int) -> Layout | None:
    """Return the layout of a file whose first line gives the counts, if the lines after it bear them out."""
    fitting = [d > 0 and _fits(_cells(line), d) for line in lines[:_LINES]]
    if not fitting or not fitting[0] or sum(fitting) * 3 < len(fitting) * 2:
        return None
    usual = Counter(len(_cells(line)) for line in lines).most_common(1)[0][0]
    return Layout(d, 1, (n, d)) if usual <= d + 3 else None


def _headless(lines: Sequence[bytes]) -> Layout | None:
    """Return the layout of a file without a first line of counts: words, then equally many numbers."""
    rows = [_cells(line) for line in lines[:_LINES]]
    width = Counter(len(row) for row in rows).most_common(1)[0][0] - 1 if rows else 0
    if width < 3:
        return None
    fitting = sum(_fits(row, width) for row in rows)
    words = sum(not _NUMBER.fullmatch(row[0]) for row in rows)
    quoted = sum(len(row[0]) > 2 and row[0][:1] == b'"' for row in rows)  # a table as R writes it
    same = fitting * 3 >= len(rows) * 2 and _fits(rows[0], width)  # where the first does not, it is a header
    return Layout(width, 0) if same and words * 2 >= len(rows) and quoted * 2 <= len(rows) else None


def _fits(row: Sequence[bytes], width: int) -> bool:
    return len(row) > width and all(map(_NUMBER.fullmatch, row[-width:]))


def _cells(line: bytes) -> list[bytes]:
    return line.rstrip(b" \r").split(b" ")
