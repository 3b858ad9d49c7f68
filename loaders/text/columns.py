"""What a text table holds, told from its dialect; and a whole table of metadata."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from loaders.base import Columns
from loaders.files.source import Source
from loaders.tables.collector import concatenated
from loaders.tables.columns import Column
from loaders.tables.frames import frame_of
from loaders.text.cells import Sketch
from loaders.text.dialect import Dialect
from loaders.text.reading import Retyped, TableText

__all__ = ["arrow_columns", "count_rows", "read_frame"]

_COUNTED = 64 << 20
"""Files up to this size have their lines counted for a preview; the rows of larger ones are estimated."""


def arrow_columns(dialect: Dialect) -> list[Column]:
    """Describe the columns of a text table."""
    return [_column(name, sketch) for name, sketch in zip(dialect.names, dialect.columns, strict=True)]


def count_rows(source: Source, dialect: Dialect, complete: bool) -> tuple[int, bool]:
    """Return how many rows there are, and whether that is an estimate."""
    about = source.size > _COUNTED or (bool(source.compression) and not complete)
    if about:
        sample = source.peek(1 << 20)
        lines = int(source.size / max(len(sample), 1) * max(sample.count(b"\n"), 1))
        return max(1, lines - dialect.skip), True
    lines, last = 0, b""
    with closing(source.open()) as stream:
        while block := stream.read(1 << 22):
            lines += max(block.count(b"\n"), block.count(b"\r"))
            last = (last + block)[-64:]
    ended = last.endswith((b"\n", b"\r", b"\n\0", b"\r\0"))
    blank = _blank_at_end(last)
    return max(0, lines + (not ended) - dialect.skip - blank), dialect.quoted


def read_frame(source: Source, dialect: Dialect, encoding: str) -> Columns:
    """Read every column that is not a vector, in its natural type."""
    wanted = [column.name for column in arrow_columns(dialect) if column.kind != "vector"]
    padded = {name for name, sketch in zip(dialect.names, dialect.columns, strict=True) if sketch.padded}
    table = TableText(source, dialect, encoding, wanted, texts=frozenset(padded))
    while True:
        try:
            parts: list[Any] = [part for part, _ in table.tables(None)]
        except Retyped:
            continue
        frame, notes = frame_of(concatenated(parts))
        return Columns(frame, (*table.notes, *notes))


def _column(name: str, sketch: Sketch) -> Column:
    if sketch.kind == "vector":
        return Column(name, "vector", sketch.width, "text", "written as text in each cell")
    if sketch.kind == "empty":
        return Column(name, "number" if name[-1:].isdecimal() else "other", dtype="text")
    return Column(name, sketch.kind, dtype="text")


def _blank_at_end(last: bytes) -> int:
    """Count blank lines at the end of a file whose last bytes these are."""
    trailing = last[len(last.rstrip(b"\r\n")) :]
    ends = trailing.replace(b"\r\n", b"\n")
    return max(0, len(ends) - 1)
