"""SQLite databases: a table with a column of vectors, as blobs of float32, as JSON text, or as a run of columns."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any
from urllib.parse import quote

from cartography.errors import LoadError, unknown_name
from loaders.base import Columns, Format, Match
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.batches import BatchTable
from loaders.tables.in_databases import Database, quoted

__all__ = ["LOADER", "Sqlite"]

_MAGIC = b"SQLite format 3\0"
_BATCH = 2048
_PEEK = 64
_MOST_TABLES = 200
_LONGEST = 64 << 20


class Sqlite(Database):
    """A database file, opened for reading only."""

    format = Format(
        "SQLite database",
        (".sqlite", ".sqlite3", ".db"),
        reads="a column of a table: blobs of float32, lists written as JSON, or a run of columns of numbers",
    )

    def match(self, source: Source) -> Match:
        """Databases begin with a line of their own."""
        if source.head.startswith(_MAGIC):
            return Match.CERTAIN
        return Match.NAME if source.suffix in self.format.suffixes else Match.NO

    def opened(self, source: Source) -> AbstractContextManager[Any]:
        """Open it so that nothing is written and nothing outside the file is reached."""
        return _opened(source)

    def tables(self, database: Any) -> list[str]:
        """Return the ordinary tables."""
        return _tables(database)

    def table(self, database: Any, name: str, source: Source) -> BatchTable:
        """Return one table as record batches."""
        return _table(database, name, source)

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read the table that has one row per vector."""
        with _opened(source) as database:
            tables = [_table(database, name, source) for name in _tables(database)]
            fitting = next((table for table in tables if table.rows == rows), None)
            if fitting is None:
                raise unknown_name(f"table of {rows:,} rows in {source.name}", "", [table.name for table in tables])
            return fitting.plain()


@contextmanager
def _opened(source: Source) -> Iterator[sqlite3.Connection]:
    """Open the database so that nothing is written, and no extension is loaded."""
    path = quote(str(source.plain_path().resolve()))
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA cell_size_check = ON")
            database.text_factory = lambda data: data.decode("utf-8", "replace")
            yield database
    except sqlite3.Error as error:
        raise LoadError(
            f"{source.name} is no SQLite database that can be read: {error}.", "Copy it again."
        ) from error


def _tables(database: sqlite3.Connection) -> list[str]:
    """Return the ordinary tables; views and virtual tables could run what their maker wrote."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    found = [str(name) for name, sql in database.execute(query) if not str(sql).upper().startswith("CREATE VIRTUAL")]
    return found[:_MOST_TABLES]


def _table(database: sqlite3.Connection, table: str, source: Source) -> BatchTable:
    """Return a table as record batches; the types of its columns are those of its first rows."""
    import pyarrow as pa

    info = database.execute(f"PRAGMA table_info({quoted(table)})").fetchall()
    names = [str(row[1]) for row in info]
    (rows,) = database.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()  # noqa: S608
    if not names:
        return BatchTable(table, pa.schema([]), 0, lambda _: iter(()))
    first = list(zip(*database.execute(_select(table, names, _PEEK)).fetchall(), strict=True)) or [()] * len(names)
    schema = pa.schema([(name, _type(values)) for name, values in zip(names, first, strict=True)])

    def batches(wanted: list[str]) -> Iterator[Any]:
        with closing(database.execute(_select(table, wanted))) as cursor:
            while part := cursor.fetchmany(_BATCH):
                columns = zip(*part, strict=True)
                fields = [schema.field(name) for name in wanted]
                arrays = [_array(values, field.type) for values, field in zip(columns, fields, strict=True)]
                yield pa.record_batch(arrays, schema=pa.schema(fields))

    return BatchTable(f"{table} of {source.name}", schema, rows, batches)


def _select(table: str, names: list[str], limit: int | None = None) -> str:
    listed = ", ".join(map(quoted, names))
    return f"SELECT {listed} FROM {quoted(table)}" + (f" LIMIT {limit}" if limit else "")  # noqa: S608


def _type(values: tuple[Any, ...]) -> Any:
    """Return the Arrow type of a column, by its first values: whole numbers, numbers, texts, or blobs of float32."""
    import pyarrow as pa

    known = [value for value in values if value is not None]
    kinds = {type(value) for value in known}
    if kinds == {bytes}:
        size, count = Counter(map(len, known)).most_common(1)[0]
        return pa.list_(pa.float32(), size // 4) if size and size % 4 == 0 and count * 2 > len(known) else pa.binary()
    if kinds and kinds <= {int, float}:
        return pa.int64() if kinds == {int} else pa.float64()
    return pa.string()


def _array(values: tuple[Any, ...], kind: Any) -> Any:
    """Return values as an Arrow array; one that does not fit is missing, as SQLite lets any cell hold anything."""
    import numpy as np
    import pyarrow as pa

    if pa.types.is_fixed_size_list(kind):
        width = 4 * kind.list_size
        fits = [isinstance(value, bytes) and len(value) == width for value in values]
        filled = b"".join(value if ok else bytes(width) for value, ok in zip(values, fits, strict=True))
        numbers = pa.array(np.frombuffer(filled, "<f4"))
        return pa.FixedSizeListArray.from_arrays(numbers, type=kind, mask=pa.array([not ok for ok in fits]))
    if pa.types.is_string(kind):
        return pa.array([None if value is None else _text(value) for value in values], kind)
    if pa.types.is_binary(kind):
        return pa.array([value if isinstance(value, bytes) else None for value in values], kind)
    if pa.types.is_int64(kind):
        return pa.array([value if isinstance(value, int) else None for value in values], kind)
    return pa.array([value if isinstance(value, (int, float)) else None for value in values], pa.float64())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else value.hex() if isinstance(value, bytes) else str(value)


LOADER = Sqlite()
