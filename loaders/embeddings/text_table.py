"""Text tables: `.csv`, `.tsv`, `.txt` and anything else that turns out to be one, with a header or without."""

from __future__ import annotations

from typing import Any

from cartography.errors import LoadError
from cartography.progress import part_of
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.collector import Collector, candidates_of, choice_called
from loaders.tables.columns import Column
from loaders.text.columns import arrow_columns, count_rows, read_frame
from loaders.text.dialect import Dialect, guess_dialect
from loaders.text.encoding import is_text, sample_lines
from loaders.text.label_list import read_label_list
from loaders.text.reading import Retyped, TableText

__all__ = ["LOADER", "TextTable"]


class TextTable(Loader):
    """Tables in plain text, whatever separates their cells."""

    format = Format(
        "Text table",
        (".csv", ".tsv", ".txt", ".tab", ".dat"),
        reads="a cell such as `[0.1, 0.2]`, or a run of columns such as `dim_0 ... dim_383`, `0 ... 383`, "
        "`PC1 ...`; with a header or without; packed with gzip, bz2, xz or zstd as well",
    )

    def match(self, source: Source) -> Match:
        """Any text can be a table; a suffix makes it likely."""
        if is_text(source.head):
            return Match.CONTENT
        return Match.NAME if source.suffix in self.format.suffixes else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the columns of vectors, from the first lines."""
        dialect, _, complete = _dialect(source, options)
        rows, about = count_rows(source, dialect, complete)
        return candidates_of(arrow_columns(dialect), rows, about) if rows else []

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one column of vectors or a run of columns, with the other columns as items."""
        dialect, encoding, _ = _dialect(source, options)
        columns = arrow_columns(dialect)
        choice = choice_called(columns, key, source.name)
        wanted = [column.name for column in columns if column.name in choice.columns or column.kind != "vector"]
        numbers = frozenset(choice.columns) if not _is_text(columns, choice.columns[0]) else frozenset()
        table = TableText(source, dialect, encoding, wanted, numbers, _texts(dialect, columns))
        while True:
            collector = Collector(choice, columns, source.name)
            try:
                for part, exact in table.tables(part_of(options.progress, 0.0, 0.8)):
                    collector.add(part, exact)
            except Retyped:
                continue
            origin = {"dtype": "text", "encoding": table.encoding}
            return collector.reading([*dialect.notes, *table.notes], provenance=origin)

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read a table of metadata, or one label per line.

        Whether there is a header is guessed; where that leaves one row too many or too few, the other way is tried.
        """
        dialect, encoding, _ = _dialect(source, options)
        if len(dialect.names) <= 1:
            return read_label_list(source, encoding, dialect, rows, options.label_shift)
        columns = read_frame(source, dialect, encoding)
        if len(columns.frame) == rows or options.header is not None or options.label_shift:
            return columns
        if len(columns.frame) == rows - 1 and dialect.header:
            return _other_way(source, encoding, options, header=False)
        if len(columns.frame) == rows + 1 and not dialect.header:
            return _other_way(source, encoding, options, header=True)
        return columns


def _dialect(source: Source, options: Options) -> tuple[Dialect, str, bool]:
    """Return how the file is written, its encoding, and whether all of it was seen."""
    if not is_text(source.head):
        raise LoadError(
            f"{source.name} is not a text file: it begins with {source.head[:8]!r}.",
            "Its name may be wrong; open it under the name that its format has.",
        )
    settled = ("dialect", options.encoding, options.delimiter, options.header)
    if settled not in source.memo:
        lines, encoding, complete = sample_lines(source, options.encoding)
        source.memo[settled] = guess_dialect(lines, source.suffix, options), encoding, complete
    known: tuple[Dialect, str, bool] = source.memo[settled]
    return known


def _other_way(source: Source, encoding: str, options: Options, header: bool) -> Columns:
    """Read the table again with or without a header, and say so."""
    lines, _, _ = sample_lines(source, encoding)
    changed = Options(**{**_plain(options), "header": header})
    read = read_frame(source, guess_dialect(lines, source.suffix, changed), encoding)
    said = (
        f"The first line of {source.name} was taken as the names of the columns, because there is one line more "
        "than vectors."
        if header
        else f"The first line of {source.name} was taken as a row, because there are as many lines as vectors."
    )
    return Columns(read.frame, (*read.notes, said))


def _plain(options: Options) -> dict[str, Any]:
    return {name: getattr(options, name) for name in options.__dataclass_fields__}


def _is_text(columns: list[Column], name: str) -> bool:
    return next(column for column in columns if column.name == name).kind == "vector"


def _texts(dialect: Dialect, columns: list[Column]) -> frozenset[str]:
    """Columns that must stay texts: vectors written as text, and codes with leading zeros."""
    padded = {name for name, sketch in zip(dialect.names, dialect.columns, strict=True) if sketch.padded}
    return frozenset(padded | {column.name for column in columns if column.kind == "vector"})


LOADER = TextTable()
