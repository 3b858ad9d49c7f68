"""Pieces of text into Arrow tables, with types that hold for the whole file and line numbers for its faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

from cartography.errors import LoadError
from cartography.progress import Progress
from loaders.files.source import Source
from loaders.text.cells import MISSING, is_number, split_cells
from loaders.text.delimiter import NO_DELIMITER
from loaders.text.dialect import Dialect
from loaders.text.pieces import OtherEncoding, Piece, pieces

__all__ = ["TableText", "Retyped"]

_BLANK = re.compile(rb"^[ \t]+$", re.MULTILINE)
_COLUMN = re.compile(r"In CSV column #(\d+)")


class Retyped(Exception):  # noqa: N818  (a change of plan, not a fault)
    """A column holds something else further down; the types were widened and the file is to be read again."""


@dataclass(eq=False)
class TableText:
    """A text table being read.

    `numbers` are the columns that must hold numbers, read as float32; `texts` those that must stay texts. The
    types of the others are taken from the first piece and widened when a later one does not fit.
    """

    source: Source
    dialect: Dialect
    encoding: str
    wanted: Sequence[str]
    numbers: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    types: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    restarts: int = 0

    def tables(self, progress: Progress | None) -> Iterator[tuple[Any, Callable[[], Any]]]:
        """Yield one Arrow table per piece, and a function that reads it again with numbers as float64.

        Raises `Retyped` when reading must begin again.
        """
        import pyarrow as pa

        dialect = self.dialect
        try:
            parts = pieces(
                self.source,
                self.encoding,
                skip=dialect.skip,
                quoted=dialect.quoted,
                squeeze=dialect.squeeze,
                progress=progress,
            )
            for piece in parts:
                yield self._table(piece), partial(self._parse, piece, pa.float64())
        except OtherEncoding as other:
            self.encoding = other.encoding
            self.notes.append("The text is not UTF-8; it was read as Windows-1252. Name another with encoding=...")
            raise Retyped from other

    def _table(self, piece: Piece) -> Any:
        import pyarrow as pa

        try:
            table = self._parse(piece, pa.float32())
        except pa.ArrowInvalid as error:
            cleaned = _BLANK.sub(b"", piece.data)
            if cleaned != piece.data:  # lines of nothing but spaces are blank lines
                return self._table(replace(piece, data=cleaned))
            raise self._explained(piece, error) from error
        self._remember(table)
        return _with_gaps(table)

    def _parse(self, piece: Piece, number: Any) -> Any:
        import pyarrow as pa
        from pyarrow import csv

        dialect = self.dialect
        multiline = dialect.quoted and b'"' in piece.data
        types = dict.fromkeys(self.numbers, number) | dict.fromkeys(self.texts, pa.string()) | self.types
        return csv.read_csv(
            pa.BufferReader(piece.data),
            read_options=csv.ReadOptions(column_names=list(dialect.names), block_size=_block_size(piece, multiline)),
            parse_options=csv.ParseOptions(
                delimiter=dialect.delimiter or NO_DELIMITER,
                quote_char='"' if dialect.quoted else False,
                newlines_in_values=multiline,
            ),
            convert_options=csv.ConvertOptions(
                column_types=types,
                include_columns=list(self.wanted),
                decimal_point=dialect.decimal,
                null_values=list(MISSING),
            ),
        )

    def _remember(self, table: Any) -> None:
        """Hold the types found so far for the pieces to come."""
        import pyarrow as pa

        for entry in table.schema:
            if entry.name not in self.numbers and not pa.types.is_null(entry.type):
                self.types.setdefault(entry.name, entry.type)

    def _explained(self, piece: Piece, error: Exception) -> Exception:
        """Return the error with its line, or `Retyped` after widening the type of the column at fault."""
        found = _COLUMN.search(str(error))
        if found is None:
            return self._ragged(piece, error)
        name = self.dialect.names[int(found[1])]
        if name in self.numbers:
            return self._not_a_number(piece, name)
        self._widen(name)
        return Retyped(name)

    def _widen(self, name: str) -> None:
        import pyarrow as pa

        self.restarts += 1
        names = [name] if self.restarts < 8 else [one for one in self.wanted if one not in self.numbers]
        for one in names:
            was_whole = one == name and self.types.get(one) == pa.int64()
            self.types[one] = pa.float64() if was_whole else pa.string()

    def _ragged(self, piece: Piece, error: Exception) -> LoadError:
        expected = len(self.dialect.names)
        for line, text in self._lines(piece):
            found = len(split_cells(text, self.dialect.delimiter or NO_DELIMITER, self.dialect.quoted))
            if found != expected:
                return LoadError(
                    f"Line {line:,} of {self.source.name} has {found:,} cells; {expected:,} are expected.",
                    "Correct or remove this line. If every line looks odd, name the delimiter with delimiter=...",
                )
        return LoadError(f"{self.source.name} could not be cut into columns: {error}.")

    def _not_a_number(self, piece: Piece, name: str) -> LoadError:
        place = self.dialect.names.index(name)
        for line, text in self._lines(piece):
            cells = split_cells(text, self.dialect.delimiter or NO_DELIMITER, self.dialect.quoted)
            cell = cells[place].strip() if place < len(cells) else ""
            if cell not in MISSING and not is_number(cell, self.dialect.decimal):
                return LoadError(
                    f"Line {line:,} of {self.source.name} holds {cell[:30]!r} in column {name!r}, "
                    "where a number was expected.",
                    "Correct this line; an empty cell is allowed and leaves its row out.",
                )
        return LoadError(f"The column {name!r} of {self.source.name} holds something that is not a number.")

    def _lines(self, piece: Piece) -> Iterator[tuple[int, str]]:
        """Yield the filled rows of a piece with their line numbers, which are counted only now that they matter."""
        earlier = pieces(self.source, self.encoding, quoted=self.dialect.quoted)
        first = 1 + sum(before.data.count(b"\n") for before in islice(earlier, piece.number)) + piece.skipped
        return _rows(piece.data.decode("utf-8", "replace").split("\n"), first, self.dialect.quoted)


def _rows(lines: Sequence[str], first: int, quoted: bool) -> Iterator[tuple[int, str]]:
    """Yield the filled rows with their line numbers; a cell in quotes may run over several lines."""
    pending, start = "", first
    for number, line in enumerate(lines, start=first):
        start = start if pending else number
        pending = f"{pending}\n{line}" if pending else line
        if quoted and pending.count('"') % 2 and len(pending) < 1_000_000:
            continue
        if pending.strip():
            yield start, pending
        pending = ""
    if pending.strip():
        yield start, pending


def _with_gaps(table: Any) -> Any:
    """Turn empty texts into missing ones."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for place, entry in enumerate(table.schema):
        if pa.types.is_string(entry.type):
            column = table.column(place)
            empty = pc.equal(pc.binary_length(column), 0)
            table = table.set_column(place, entry.name, pc.if_else(empty, pa.scalar(None, pa.string()), column))
    return table


def _block_size(piece: Piece, multiline: bool) -> int:
    """Cut a piece for two or more threads, but never inside a line."""
    longest = 8 * max(1, len(piece.data) // max(1, piece.data.count(b"\n")))
    return len(piece.data) + 1 if multiline else max(1 << 20, min(longest, len(piece.data) + 1))
