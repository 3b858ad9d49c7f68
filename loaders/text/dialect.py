"""How a text table is written: delimiter, quotes, decimal sign, header or none. Told from its first lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from loaders.options import Options
from loaders.text.cells import Sketch, is_number, sketch_of, split_cells
from loaders.text.header import Head, find_head

__all__ = ["Dialect", "guess_dialect"]

_ROWS = 80
_CELLS = 12_000
_LEAST = 6  # rows looked at however wide they are
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
    delimiter = _chosen_delimiter(options.delimiter) if options.delimiter else _delimiter(filled, suffix)
    quoted = _quoted(filled, delimiter)
    squeeze = delimiter == " "
    rows = _rows(filled, delimiter, quoted)
    decimal = _decimal(rows, delimiter)
    head = find_head(rows, decimal, options.header)
    body = rows[head.skip :]
    columns = tuple(
        sketch_of([row[place] for row in body if place < len(row)], decimal) for place in range(head.width)
    )
    dialect = Dialect(delimiter, quoted, decimal, squeeze, head.skip, head.named, _names(head, columns), columns)
    return replace(dialect, notes=_notes(dialect, head, suffix))


def _chosen_delimiter(wanted: str) -> str:
    return {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " ", "whitespace": " "}.get(
        wanted, wanted
    )


def _delimiter(lines: Sequence[str], suffix: str) -> str:
    """Return the sign that cuts the lines into equally many cells, tabs before all others."""
    order = ("\t", ";", ",", "|", " ")
    best = {sign: _consistency(lines, sign) for sign in order}
    for sign in order:
        share, cells = best[sign]
        if share < 0.9 or cells < 2:
            continue
        if sign == ";" and best[","][0] >= share and best[","][1] > 2 * cells:
            continue  # a comma table in whose text every row happens to hold a semicolon
        natural = sign == "\t" or (sign in ",;" and suffix == ".csv")
        if natural or _has_numbers(lines, sign) or (sign in ",;" and _has_header_words(lines, sign)):
            return sign
    if suffix in (".csv", ".tsv"):
        natural_sign = "\t" if suffix == ".tsv" else ","
        return natural_sign if best[natural_sign][1] > 1 else ""
    return ""


def _consistency(lines: Sequence[str], sign: str) -> tuple[float, int]:
    """Return the share of lines with the usual number of cells, and that number. The first lines may differ."""
    body = lines[1:60] if len(lines) > 2 else lines
    counts = Counter(_count(line, sign) for line in body)
    if not counts:
        return 0.0, 0
    cells, times = counts.most_common(1)[0]
    return times / len(body), cells


def _count(line: str, sign: str) -> int:
    if sign == " ":
        return len(line.split())
    return len(split_cells(line, sign, quoted=sign != "\t"))


def _has_numbers(lines: Sequence[str], sign: str) -> bool:
    """Whether most cells but the first are numbers."""
    body = lines[1:20] if len(lines) > 1 else lines
    cut = [line.split() if sign == " " else split_cells(line, sign, quoted=True) for line in body]
    cells = [cell for row in cut for cell in row[1:60]]
    numeric = sum(is_number(cell, "," if sign == ";" and "," in cell else ".") for cell in cells)
    return bool(cells) and numeric > 0.5 * len(cells)


def _has_header_words(lines: Sequence[str], sign: str) -> bool:
    """Whether the first line is a row of single words without spaces around the delimiter, as headers are."""
    cells = split_cells(lines[0], sign, quoted=True) if lines else []
    return len(cells) > 1 and all(cell and cell.strip() == cell and " " not in cell for cell in cells)


def _quoted(lines: Sequence[str], delimiter: str) -> bool:
    """Whether double quotes wrap cells: always allowed with commas, with tabs only where all of them are closed."""
    if delimiter in (" ", ""):
        return False
    if delimiter != "\t":
        return True
    cells = [cell for line in lines[:500] for cell in line.split("\t") if cell.startswith('"')]
    return bool(cells) and all(len(cell) > 2 and cell.endswith('"') for cell in cells)


def _rows(lines: Sequence[str], delimiter: str, quoted: bool) -> list[list[str]]:
    """Cut the first lines into cells; a cell in quotes may run over several lines."""
    rows: list[list[str]] = []
    cells = 0
    pending = ""
    for line in lines:
        pending = f"{pending}\n{line}" if pending else line
        if quoted and pending.count('"') % 2 and pending.count("\n") < 50:
            continue
        rows.append(_split(pending, delimiter, quoted))
        cells += len(rows[-1])
        pending = ""
        if len(rows) >= _ROWS or (cells > _CELLS and len(rows) >= _LEAST):
            break
    return rows


def _split(line: str, delimiter: str, quoted: bool) -> list[str]:
    if delimiter == " ":
        return line.split()
    return split_cells(line, delimiter, quoted) if delimiter else [line]


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
