"""Patches read from CSV and Parquet files; `cartography.inspection.correcting.table_files` writes them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

import pandas as pd

from cartography.errors import LoadError, ParameterError
from cartography.inspection.correcting.patch import PATCH
from cartography.inspection.correcting.table_files import rearmed
from cartography.records.annotation_kinds import LONGEST_VALUE

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MOST_BYTES", "read_patch"]

MOST_BYTES = 64_000_000
"""How large a patch may be that is read."""
_MOST_LINES = 2_000_000
_MOST_COLUMNS = 1_000
_AT_ONCE = 4_096  # lines
_PARQUET = b"PAR1"


def read_patch(content: bytes) -> pd.DataFrame:
    """Return a patch from the bytes of a CSV or Parquet file: its columns of texts, None for nothing.

    Raises `LoadError` for what is neither, or too large.
    """
    if len(content) > MOST_BYTES:
        raise LoadError(f"The patch has {len(content):,} bytes; at most {MOST_BYTES:,} are read.")
    return _from_parquet(content) if content.startswith(_PARQUET) else _from_csv(content)


def _from_parquet(content: bytes) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts: dict[str, list[str | None]] = {}
    try:
        file = pq.ParquetFile(BytesIO(content), read_dictionary=list(PATCH))
        groups = range(file.metadata.num_row_groups)
        _check_lines(file.metadata.num_rows)
        _check_size(sum(file.metadata.row_group(group).total_byte_size for group in groups))
        wanted = [name for name in PATCH if name in file.schema_arrow.names]
        texts = {name: [] for name in wanted}
        total = 0
        for batch in file.iter_batches(_AT_ONCE, columns=wanted):
            for name in wanted:
                texts[name] += _texts(batch.column(name))
            total += sum(len(text or "") for name in wanted for text in texts[name][-len(batch) :])
            _check_size(total)
    except (pa.ArrowException, KeyError, OSError, ValueError) as error:
        raise LoadError("The patch is a damaged Parquet file, or holds more than texts.") from error
    return pd.DataFrame(texts, dtype=object)


def _texts(cells: pa.Array) -> list[str | None]:
    """Return a few cells as texts; what is repeated is looked at before it is written out."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kinds = cells.dictionary if pa.types.is_dictionary(cells.type) else cells
    kinds = kinds.cast(pa.large_string())
    if (pc.max(pc.binary_length(kinds)).as_py() or 0) > 4 * LONGEST_VALUE:
        raise LoadError(f"A cell of the patch has more than {LONGEST_VALUE:,} characters.")
    return cells.cast(pa.large_string()).to_pylist()


def _from_csv(content: bytes) -> pd.DataFrame:
    try:
        text = content.decode("utf-8-sig")
        between = ";" if text.partition("\n")[0].count(";") >= 3 else ","  # as some countries' spreadsheets write
        lines = csv.reader(StringIO(text, newline=""), delimiter=between, strict=True)
        header = next(lines, [])
        places = {name: header.index(name) for name in PATCH if name in header}
        rows = list(_rows(lines, len(header), tuple(places.values())))
    except (UnicodeDecodeError, csv.Error) as error:
        raise LoadError("The patch is neither Parquet nor CSV in UTF-8.", "Save it as one of these.") from error
    texts = {name: [rearmed(row[at]) or None for row in rows] for at, name in enumerate(places)}
    return pd.DataFrame(texts, dtype=object)


def _rows(lines: Iterator[list[str]], width: int, places: tuple[int, ...]) -> Iterator[tuple[str, ...]]:
    """The cells at these places of every line; others are let go at once."""
    if width > _MOST_COLUMNS:
        raise LoadError(f"The patch has {width:,} columns; id, column, old and new are needed.")
    for number, line in enumerate(lines, 1):
        _check_lines(number)
        if len(line) == width:
            yield tuple(line[at] for at in places)
        elif line:
            raise ParameterError(f"Line {number:,} of the patch has {len(line)} cells; {width} are expected.")


def _check_lines(number: int) -> None:
    if number > _MOST_LINES:
        raise LoadError(f"The patch has more than {_MOST_LINES:,} lines, which is more than is read.")


def _check_size(nbytes: int) -> None:
    if nbytes > 8 * MOST_BYTES:
        raise LoadError(f"The patch unfolds to more than {8 * MOST_BYTES:,} bytes, which is more than is read.")
