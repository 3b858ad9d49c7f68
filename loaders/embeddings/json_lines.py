"""`.jsonl`: one JSON record per line; through Arrow where its lines agree, line by line where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cartography.errors import LoadError
from cartography.progress import Progress, part_of
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.collector import Collector, candidates_of, choice_called, concatenated
from loaders.tables.columns import Choice, Column
from loaders.tables.describe import columns_of
from loaders.tables.frames import frame_of
from loaders.text.encoding import is_text, sample_lines
from loaders.text.json_records import KEY, as_record, is_json_lines, to_table
from loaders.text.json_walk import nested_too_deep, parse
from loaders.text.pieces import OtherEncoding, Piece, pieces

__all__ = ["LOADER", "JsonLines"]

_PEEK = 64
_PARSED = 4 << 20  # bytes that one thread of Arrow parses at a time


class JsonLines(Loader):
    """JSON lines, also called newline-delimited JSON."""

    format = Format("JSON lines", (".jsonl", ".ndjson"), reads="one record, vector or `[word, vector]` per line")

    def match(self, source: Source) -> Match:
        """Two lines that are JSON each, or the suffix."""
        if not is_text(source.head):
            return Match.NO
        head = source.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if not head.startswith((b"{", b"[")):
            return Match.CONTENT if source.suffix in self.format.suffixes else Match.NO
        if source.suffix in self.format.suffixes:
            return Match.CERTAIN
        if source.suffix in (".csv", ".tsv"):
            return Match.NO
        return Match.CERTAIN if is_json_lines(source) else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the fields that hold vectors, from the first lines."""
        columns, _, rows, about = _look(source, options)
        return candidates_of(columns, rows, about)

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read the records with the vectors called `key`."""
        columns, encoding, _, _ = _look(source, options)
        choice = choice_called(columns, key, source.name)
        collector = Collector(choice, columns, source.name)
        for table in _tables(source, encoding, choice, part_of(options.progress, 0.0, 0.8)):
            collector.add(table)
        declared = KEY if any(column.name == KEY for column in columns) else None
        roles = {"label": KEY} if declared else {}
        return collector.reading(id_column=declared, roles=roles, provenance={"dtype": "text"})

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read the records as metadata."""
        columns, encoding, _, _ = _look(source, options)
        table = concatenated(list(_tables(source, encoding, None, None)))
        vectors = {column.name for column in columns if column.kind == "vector"}
        frame, notes = frame_of(table.select([name for name in table.column_names if name not in vectors]))
        return Columns(frame, tuple(notes))


def _look(source: Source, options: Options) -> tuple[list[Column], str, int, bool]:
    """Return the columns that the first lines show, the encoding, the number of lines, whether that is a guess."""
    lines, encoding, complete = sample_lines(source, options.encoding)
    filled = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    first = [_record(line, source.name, number, deep=True) for number, line in filled[:_PEEK]]
    if not first:
        return [], encoding, 0, False
    table = to_table(first)
    columns = columns_of(table.schema, {name: table.column(name) for name in table.column_names})
    rows = len(filled) if complete else _estimated(source, lines)
    return columns, encoding, rows, not complete


def _estimated(source: Source, lines: list[str]) -> int:
    seen = sum(len(line.encode("utf-8", "replace")) + 1 for line in lines)
    return max(1, round(source.size / max(seen, 1) * len(lines)))


def _record(line: str, name: str, number: int, deep: bool = False) -> dict[str, Any]:
    return as_record(parse(line, name, number, deep), f"Line {number:,} of {name}")


def _tables(source: Source, encoding: str, choice: Choice | None, progress: Progress | None) -> Iterator[Any]:
    try:
        line = 1
        for piece in pieces(source, encoding, progress=progress):
            deep = nested_too_deep(piece.data)
            fast = None if deep else _through_arrow(piece, choice)
            yield fast if fast is not None else _line_by_line(piece, source.name, line, deep)
            line += piece.data.count(b"\n")
    except OtherEncoding as error:
        raise LoadError(
            f"{source.name} is not UTF-8, as JSON should be.", "Name its encoding, as encoding=..."
        ) from error


def _through_arrow(piece: Piece, choice: Choice | None) -> Any:
    """Return the records of a piece, or None when Arrow does not find them alike."""
    import pyarrow as pa
    from pyarrow import json

    if not piece.data.lstrip().startswith(b"{"):
        return None
    schema = None
    if choice is not None and len(choice.columns) == 1:
        schema = pa.schema([(choice.columns[0], pa.list_(pa.float32()))])
    try:
        table = json.read_json(
            pa.BufferReader(piece.data),
            read_options=json.ReadOptions(block_size=max(_PARSED, 2 * _longest_line(piece.data))),
            parse_options=json.ParseOptions(explicit_schema=schema),
        )
    except pa.ArrowInvalid:
        return None
    return None if schema is not None and _has_infinity(table.column(choice.columns[0])) else table  # type: ignore[union-attr]


def _longest_line(data: bytes) -> int:
    if len(data) <= _PARSED:
        return 0
    return max(len(line) for line in data.split(b"\n"))


def _has_infinity(column: Any) -> bool:
    """Whether float32 was not enough, or the file itself says Infinity."""
    import numpy as np

    return any(np.isinf(chunk.values.to_numpy(zero_copy_only=False)).any() for chunk in column.chunks)


def _line_by_line(piece: Piece, name: str, first_line: int, deep: bool) -> Any:
    lines = enumerate(piece.data.decode("utf-8", "replace").split("\n"), start=first_line)
    return to_table([_record(line, name, number, deep) for number, line in lines if line.strip()])


LOADER = JsonLines()
