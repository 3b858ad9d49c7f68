"""Lines into cells, and what a column of cells holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.tables.written_vectors import looks_like_vector, width_of

__all__ = ["MISSING", "Sketch", "is_number", "sketch_of", "split_cells"]

MISSING = ("", "nan", "NaN", "NAN", "-nan", "-NaN", "NA", "N/A", "n/a", "#N/A", "#NA", "null", "NULL", "None", "<NA>")
"""Cells that hold no number where numbers are expected. Where texts are expected they are texts."""

_WHOLE = re.compile(r"[-+]?\d+")
_LONGEST = 400  # characters of the longest number


@dataclass(frozen=True)
class Sketch:
    """What the first cells of a column hold: "number", "integer", "vector", "text", "empty".

    `padded` whole numbers begin with a zero, as codes do, and must stay texts. `width` is that of vectors.
    """

    kind: str
    width: int = 0
    padded: bool = False


def sketch_of(cells: Sequence[str], decimal: str) -> Sketch:
    """Return what these cells hold."""
    known = [cell.strip() for cell in cells]
    known = [cell for cell in known if cell not in MISSING]
    if not known:
        return Sketch("empty")
    if all(is_number(cell, decimal) for cell in known):
        if not all(_WHOLE.fullmatch(cell) for cell in known):
            return Sketch("number")
        padded = any(len(cell) > 1 and cell[0] == "0" for cell in known)
        return Sketch("text" if padded else "integer", padded=padded)
    if all(looks_like_vector(cell) for cell in known):
        return Sketch("vector", width_of(known[0]))
    return Sketch("text")


def is_number(cell: str, decimal: str = ".") -> bool:
    """Whether a cell is one number."""
    if decimal == ",":
        if "." in cell:
            return False
        cell = cell.replace(",", ".", 1)
    if len(cell) > _LONGEST or "_" in cell:
        return False
    try:
        float(cell)
    except ValueError:
        return False
    return True


def split_cells(line: str, delimiter: str, quoted: bool) -> list[str]:
    """Cut a line into cells; with `quoted`, a cell that begins with a double quote runs to the closing one."""
    if not quoted or '"' not in line:
        return line.split(delimiter)
    cells: list[str] = []
    parts: list[str] = []
    quotes = 0
    for part in line.split(delimiter):
        if not parts and not part.startswith('"'):
            cells.append(part)
            continue
        parts.append(part)
        quotes += part.count('"')
        if quotes % 2 == 0:
            cells.append(_unquoted(delimiter.join(parts)))
            parts, quotes = [], 0
    if parts:
        cells.append(delimiter.join(parts))
    return cells


def _unquoted(cell: str) -> str:
    inner = cell[1:-1] if len(cell) > 1 and cell.endswith('"') else cell[1:]
    return inner.replace('""', '"')
