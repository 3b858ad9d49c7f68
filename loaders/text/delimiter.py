"""What separates the cells of a text table, and whether quotes wrap them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.tables.written_vectors import looks_like_vector
from loaders.text.cells import is_number, split_cells

__all__ = ["NO_DELIMITER", "cut_rows", "find_delimiter", "joined_lines", "uses_quotes"]

NO_DELIMITER = "\x1f"
"""Stands for the delimiter of a table with a single column: a sign that text does not hold."""

_ORDER = ("\t", ";", ",", "|", " ")
_ROWS = 60
_CELLS = 60  # cells of a row that are looked at
_WORDY = 4  # cells that a row of a word and numbers between spaces must have
_LONGEST = 50  # lines that a cell in quotes may run over


@dataclass(frozen=True)
class _Cut:
    """What comes of cutting the lines with one sign.

    `even` is the share of rows with the usual number of `cells`, `numeric` the share of cells after the first that
    hold a number or a vector.
    """

    sign: str
    even: float
    cells: int
    numeric: float


def find_delimiter(lines: Sequence[str], suffix: str) -> str:
    """Return the sign that cuts the lines into equally many cells, best into numbers; "" for a single column."""
    if _only_lists(lines):
        return ""
    cuts = [_cut(lines, sign) for sign in _ORDER]
    usable = [cut for cut in cuts if cut.even >= 0.9 and cut.cells >= 2]
    if any(cut.sign == "\t" for cut in usable):
        usable = [cut for cut in usable if cut.sign != " "]  # between tabs, spaces are part of the text
    numeric = [cut for cut in usable if cut.numeric > 0.5]
    if numeric:
        return max(numeric, key=lambda cut: (round(cut.numeric, 1), -_ORDER.index(cut.sign))).sign
    plain = [cut for cut in usable if cut.sign == "\t" or (cut.sign != " " and _is_natural(cut, lines, suffix))]
    if plain:
        return max(plain, key=lambda cut: (cut.sign == "\t", cut.cells)).sign
    usual = {".csv": ",", ".tsv": "\t"}.get(suffix, "")  # uneven as it is, so that the odd line can be named
    return usual if any(cut.sign == usual and cut.cells > 1 for cut in cuts) else ""


def uses_quotes(lines: Sequence[str], delimiter: str) -> bool:
    """Whether double quotes wrap cells: always allowed with commas, with tabs only where all of them are closed."""
    if delimiter == " ":
        return False
    if delimiter not in ("\t", ""):
        return True
    whole = joined_lines(lines[:500]) if not delimiter else lines[:500]
    cells = [cell for line in whole for cell in (line.split("\t") if delimiter else [line]) if cell.startswith('"')]
    return bool(cells) and all(len(cell) > 2 and cell.endswith('"') for cell in cells)


def cut_rows(lines: Sequence[str], delimiter: str, quoted: bool, most_rows: int, most_cells: int) -> list[list[str]]:
    """Cut the first lines into cells: up to so many rows, fewer of wide ones, but never fewer than six."""
    rows: list[list[str]] = []
    cells = 0
    for line in joined_lines(lines) if quoted else lines:
        rows.append(_split(line, delimiter, quoted))
        cells += len(rows[-1])
        if len(rows) >= most_rows or (cells > most_cells and len(rows) >= 6):
            break
    return rows


def joined_lines(lines: Sequence[str]) -> list[str]:
    """Join lines that a cell in quotes runs over; a quote that is never closed joins nothing."""
    joined: list[str] = []
    pending: list[str] = []
    for line in lines:
        pending.append(line)
        if sum(part.count('"') for part in pending) % 2 == 0:
            joined.append("\n".join(pending))
            pending = []
        elif len(pending) > _LONGEST:
            return list(lines)
    return joined or list(lines)


def _cut(lines: Sequence[str], sign: str) -> _Cut:
    quoted = sign not in ("\t", " ")
    whole = joined_lines(lines[: 2 * _ROWS]) if quoted else lines
    body = whole[1:_ROWS] if len(whole) > 2 else whole
    rows = [_split(line, sign, quoted) for line in body]
    if not rows:
        return _Cut(sign, 0.0, 0, 0.0)
    usual, times = Counter(map(len, rows)).most_common(1)[0]
    cells = [cell for row in rows for cell in row[1:_CELLS]]
    numeric = sum(_is_numeric(cell, sign) for cell in cells)
    if sign == " " and usual < _WORDY and not all(is_number(row[0]) or is_number(row[0], ",") for row in rows):
        return _Cut(sign, 0.0, 0, 0.0)  # "New York 12" is a label and not a row of numbers
    return _Cut(sign, times / len(rows), usual, numeric / max(len(cells), 1))


def _only_lists(lines: Sequence[str]) -> bool:
    """Whether every line but the first is one list in brackets."""
    body = [line.strip().strip('"') for line in joined_lines(lines[:40])[1:20]]
    listed = [bool(line) and line[0] in "[(" and line[-1] in "])" and looks_like_vector(line) for line in body]
    return bool(listed) and all(listed)


def _is_numeric(cell: str, sign: str) -> bool:
    if is_number(cell, ".") or (sign != "," and is_number(cell, ",")):
        return True
    return looks_like_vector(cell)


def _is_natural(cut: _Cut, lines: Sequence[str], suffix: str) -> bool:
    """Whether the name of the file or a first line of single words speaks for this sign."""
    if suffix == ".csv" and cut.sign in ",;":
        return True
    cells = split_cells(lines[0], cut.sign, quoted=True)
    return len(cells) > 1 and all(cell and cell.strip() == cell and " " not in cell for cell in cells)


def _split(line: str, delimiter: str, quoted: bool) -> list[str]:
    if delimiter == " ":
        return line.split()
    if not delimiter:
        return split_cells(line, NO_DELIMITER, quoted) if quoted else [line]
    return split_cells(line, delimiter, quoted)
