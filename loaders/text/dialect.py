"""How a text table is written: delimiter, quotes, decimal sign, header or none. Told from its first lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartography.errors import LoadError
from loaders.options import DELIMITERS, Options
from loaders.text.cells import Sketch, is_number, sketch_of
from loaders.text.delimiter import cut_rows, find_delimiter, uses_quotes
from loaders.text.header import Head, find_head

__all__ = ["Dialect", "guess_dialect"]

_EXCEL = re.compile(r'"?sep=(.)"?')
_ROWS = 80
_MOST_COLUMNS = 30_000
_CELLS = 12_000
_NAMES = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars", " ": "spaces"}


@dataclass(frozen=True)
class Dialect:
    """How to read a text table.

    Attributes
    ----------
    delimiter : "" when there is a single column
    quoted : whether cells may stand in double quotes
    decimal : "." or ","
    squeeze : whether runs of spaces count as one delimiter
    skip : lines before the first row of data, the header included
    header : whether one of them names the columns
    names, columns : the columns and what their first cells hold
    notes : what is unusual about it, in words
    """

    delimiter: str
    quoted: bool
    decimal: str
    squeeze: bool
    skip: int
    header: bool
    names: tuple[str, ...]
    columns: tuple[Sketch, ...]
    notes: tuple[str, ...] = ()


def guess_dialect(lines: Sequence[str], suffix: str, options: Options) -> Dialect:
    """Return the dialect of a table that begins with `lines`; `options` settle what they name."""
    filled = [line for line in lines[:2000] if line.strip()]
    told = _EXCEL.fullmatch(filled[0]) if filled else None  # Excel names the delimiter in a first line of its own
    filled = filled[1:] if told else filled
    chosen = options.delimiter or (told[1] if told else None)
    delimiter = DELIMITERS.get(chosen, chosen) if chosen else find_delimiter(filled, suffix)
    quoted = uses_quotes(filled, delimiter)
    squeeze = delimiter == " "
    rows = cut_rows(filled, delimiter, quoted, _ROWS, _CELLS)
    decimal = _decimal(rows, delimiter)
    head = find_head(rows, decimal, options.header)
    if head.width > _MOST_COLUMNS:
        raise LoadError(
            f"The table has {head.width:,} columns; at most {_MOST_COLUMNS:,} are read from text.",
            "Save the vectors with numpy.save, or name the delimiter with delimiter=...",
        )
    body = rows[head.skip :]
    columns = tuple(
        sketch_of([row[place] for row in body if place < len(row)], decimal) for place in range(head.width)
    )
    if head.counted:
        columns = (Sketch("text", padded=True), *columns[1:])  # a word, even where it is a number
    skip = head.skip + (1 if told else 0)
    dialect = Dialect(delimiter, quoted, decimal, squeeze, skip, head.named, _names(head, columns), columns)
    return replace(dialect, notes=_notes(dialect, head, suffix))


def _decimal(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """Return "," where numbers are written 0,5 and never 0.5."""
    if delimiter == ",":
        return "."
    cells = [cell for row in rows[1:40] for cell in row[:60]]
    commas = sum("," in cell and is_number(cell, ",") for cell in cells)
    points = sum("." in cell and is_number(cell, ".") for cell in cells)
    return "," if commas > points else "."


def _names(head: Head, columns: Sequence[Sketch]) -> tuple[str, ...]:
    """Return the header's names; without a header, count the numbers and call the texts labels."""
    if head.named:
        return head.names
    names: list[str] = []
    numbers = texts = 0
    for column in columns:
        if column.kind in ("number", "integer", "empty"):
            names.append(str(numbers))
            numbers += 1
        else:
            texts += 1
            names.append("embedding" if column.kind == "vector" else "label" if texts == 1 else f"text_{texts}")
    return tuple(names)


def _notes(dialect: Dialect, head: Head, suffix: str) -> tuple[str, ...]:
    said = list(head.notes)
    usual = {".csv": ",", ".tsv": "\t"}.get(suffix)
    if usual and dialect.delimiter and dialect.delimiter != usual:
        said.append(f"The cells are separated by {_NAMES.get(dialect.delimiter, repr(dialect.delimiter))}.")
    if dialect.decimal == ",":
        said.append("Numbers are written with a decimal comma.")
    if not dialect.header and len(dialect.names) > 1:
        said.append("The table has no header line.")
    return tuple(said)
