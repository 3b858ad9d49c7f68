"""One label per line, as `metadata.tsv`, `vocab.txt` and `classes.txt` have it.

A blank line is a label too: in a vocabulary it stands for the mask, and dropping it would shift every label after it.
"""

from __future__ import annotations

import re

import pandas as pd

from loaders.base import Columns
from loaders.files.source import Source
from loaders.text.cells import split_cells
from loaders.text.delimiter import joined_lines
from loaders.text.dialect import Dialect
from loaders.text.encoding import decoder, split_lines

__all__ = ["natural", "read_label_list"]

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})")
_VOCABULARIES = ("vocab", "vocabulary")


def read_label_list(source: Source, encoding: str, dialect: Dialect, rows: int, shift: int = 0) -> Columns:
    """Read the lines as a column called `label`, or called as a header line says.

    With a `shift` the caller has said which line is the first, so that none is taken for a header.
    """
    lines, notes = _lines(source, encoding)
    lines = _without_blank_end(joined_lines(lines) if dialect.quoted else lines, rows)
    name = "label"
    header = dialect.header and len(lines) != rows
    if not shift and (header or (len(lines) == rows + 1 and lines[0].strip())):
        name, lines = lines[0].strip().strip('"') or "label", lines[1:]
        notes.append(f"The first line of {source.name} ({name[:40]!r}) was taken as the name of the labels.")
    numbered = source.stem.lower() in _VOCABULARIES
    if numbered and name == "label":
        name = "token"
    return Columns(pd.DataFrame({name: natural(_unquoted(lines), keep_text=numbered)}), tuple(notes), numbered)


def natural(labels: list[str], keep_text: bool = False) -> pd.Series:
    """Return labels as whole numbers where all of them are, as texts otherwise; a blank one is missing."""
    if labels and not keep_text and all(_WHOLE.fullmatch(label) for label in labels):
        return pd.Series([int(label) for label in labels], dtype="int64")
    return pd.Series([label or None for label in labels] if not keep_text else labels, dtype="str")


def _lines(source: Source, encoding: str) -> tuple[list[str], list[str]]:
    data = source.read_all()
    try:
        return split_lines(decoder(encoding).decode(data, True)), []
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        return split_lines(text), [f"{source.name} is not UTF-8; it was read as Windows-1252."]


def _without_blank_end(lines: list[str], rows: int) -> list[str]:
    """Drop blank lines at the end, as far as there are more lines than rows."""
    end = len(lines)
    while end > rows and end > 0 and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _unquoted(lines: list[str]) -> list[str]:
    """Take quotes away where every line that has one is wrapped in them."""
    marked = [line for line in lines if '"' in line]
    if marked and all(len(line) > 1 and line.startswith('"') and line.endswith('"') for line in marked):
        return [split_cells(line, "\0", quoted=True)[0] for line in lines]
    return lines
