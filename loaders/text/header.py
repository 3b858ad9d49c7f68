"""Whether a table begins with names, with a comment, with counts as word2vec writes them, or with its first row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.items.identity import ID_NAMES
from loaders.items.roles import CALLED_NAMES, LABEL_NAMES, TEXT_NAMES
from loaders.tables.frames import unique_names
from loaders.text.cells import MISSING, is_number, sketch_of

__all__ = ["Head", "find_head"]

_WORDS = {*LABEL_NAMES, *CALLED_NAMES, *TEXT_NAMES, *ID_NAMES, "digit", "metadata"}


@dataclass(frozen=True)
class Head:
    """The lines before the data: how many, whether one names the columns, and how many columns there are.

    `counted` says that the first one gives counts as word2vec does, so that every row begins with a word.
    """

    skip: int
    named: bool
    width: int
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    counted: bool = False


def find_head(rows: Sequence[Sequence[str]], decimal: str, wanted: bool | None) -> Head:
    """Return the head of a table that begins with these rows of cells; `wanted` settles whether there is a header."""
    if not rows:
        return Head(0, False, 0)
    width = _usual_width(rows)
    comments, marked = _comments(rows, width, decimal)
    rows = rows[comments:]
    if marked:
        rows = [_unmarked(rows[0]), *rows[1:]]
    notes = ["Comment lines at the top were skipped."] if comments else []
    if _is_count(rows, width):
        first = " ".join(rows[0])
        notes.append(f"The first line ({first}) gives the counts of rows and dimensions, as word2vec writes them.")
        return Head(comments + 1, False, width, notes=tuple(notes), counted=True)
    named = _is_header(rows, width, decimal) if wanted is None else wanted
    if not named:
        return Head(comments, False, width, notes=tuple(notes))
    names, said = _names(rows, width)
    return Head(comments + 1, True, width, tuple(names), (*notes, *said))


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    body = rows[1:] or rows
    return Counter(map(len, body)).most_common(1)[0][0]


def _comments(rows: Sequence[Sequence[str]], width: int, decimal: str) -> tuple[int, bool]:
    """Count the comment lines at the top, and say whether the line after them is a header marked like one."""
    count = 0
    for row in rows[:-1]:
        numbers = sum(is_number(cell, decimal) for cell in row)
        if width < 2 or not row[0].startswith("#") or (len(row) == width and numbers >= width - 1):
            break
        count += 1
    header = count > 0 and len(_unmarked(rows[count - 1])) == width
    return (count - 1, True) if header else (count, False)


def _unmarked(row: Sequence[str]) -> list[str]:
    """Return the cells of a line without the # that it begins with."""
    first = row[0].lstrip("#").strip()
    return [first, *row[1:]] if first else list(row[1:])


def _is_count(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the first line is "400000 300" above rows of a word and 300 numbers."""
    first = [cell for cell in rows[0] if cell.strip()]
    return len(rows) > 1 and len(first) == 2 and width > 2 and first[0].isdecimal() and first[1] == str(width - 1)


def _is_header(rows: Sequence[Sequence[str]], width: int, decimal: str) -> bool:
    first, body = rows[0], rows[1:]
    if len(first) == width - 1 and body and not any(is_number(cell, decimal) for cell in first):
        return True
    if len(first) != width:
        return False
    kinds = [sketch_of([row[place] for row in body if place < len(row)], decimal).kind for place in range(width)]
    pairs = list(zip(first, kinds, strict=True))
    if any(kind in ("number", "integer", "vector") and _is_word(cell, decimal) for cell, kind in pairs):
        return True
    if _is_counting(first):
        return width > 3 or "number" in kinds
    if any(kind in ("number", "integer", "vector") for kind in kinds):
        return False
    return _names_texts(first, body)


def _is_word(cell: str, decimal: str) -> bool:
    cell = cell.strip()
    return cell not in MISSING and not is_number(cell, decimal) and not cell.startswith("[")


def _is_counting(cells: Sequence[str]) -> bool:
    """Whether these are 0, 1, 2 ... as pandas names the columns of an array, with or without its index before."""
    cells = cells[1:] if cells and not cells[0] else cells
    return len(cells) > 1 and list(cells) == [str(place) for place in range(len(cells))]


def _names_texts(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether the first of several rows of texts names the columns: its words are distinct and never come again."""
    if len(first) == 1:
        return first[0].strip().strip('"').lower() in _WORDS
    if not body or len(set(first)) < len(first) or not all(cell.strip() for cell in first):
        return False
    return not any(cell == row[place] for place, cell in enumerate(first) for row in body if place < len(row))


def _names(rows: Sequence[Sequence[str]], width: int) -> tuple[list[str], list[str]]:
    """Return one name per column, repaired where the header is a cell short or has empty cells."""
    names = [cell.strip().strip('"') for cell in rows[0]]
    notes: list[str] = []
    if len(names) == width - 1:
        trailing = all(not row[-1].strip() for row in rows[1:] if len(row) == width)
        names = [*names, ""] if trailing else ["", *names]
        if not trailing:
            notes.append("The header has one cell less than the rows; the first column was taken as the rows' names.")
    names = (names + [""] * width)[:width]
    filled = [name or _stand_in(place, names) for place, name in enumerate(names)]
    unique, said = unique_names(filled)
    return unique, notes + said


def _stand_in(place: int, names: Sequence[str]) -> str:
    """Name a column without a name; the first one is what pandas and R call the index."""
    return "id" if place == 0 and "id" not in names else f"column_{place + 1}"
