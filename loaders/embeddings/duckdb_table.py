"""DuckDB databases: a column of a table, read through the library, with everything outside the file closed to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from cartography.errors import LoadError
from loaders.base import Format, Match
from loaders.extras import installed, needed
from loaders.files.source import Source
from loaders.tables.batches import BatchTable
from loaders.tables.in_databases import Database, quoted

__all__ = ["LOADER", "DuckDb"]

_CLOSED = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "threads": "2",
}
_BATCH = 4096


class DuckDb(Database):
    """A database file, opened for reading only."""

    format = Format(
        "DuckDB database",
        (".duckdb", ".ddb"),
        available=installed("duckdb"),
        install_hint="pip install duckdb",
        reads="a column of a table: lists, arrays of fixed size, or a run of columns of numbers",
    )

    def match(self, source: Source) -> Match:
        """Databases have their mark behind a checksum of eight bytes."""
        if source.head[8:12] == b"DUCK":
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


@contextmanager
def _opened(source: Source) -> Iterator[Any]:
    duckdb = needed("duckdb", "duckdb", f"{source.name} is a DuckDB database, and")
    try:
        database = duckdb.connect(str(source.plain_path().resolve()), read_only=True, config=_CLOSED)
    except duckdb.Error as error:
        raise _unreadable(source, error) from error
    try:
        yield database
    except duckdb.Error as error:
        raise _unreadable(source, error) from error
    finally:
        database.close()


def _unreadable(source: Source, error: Exception) -> LoadError:
    first = (str(error).strip().splitlines() or [""])[0].rstrip(".")[:200]
    return LoadError(
        f"{source.name} is no DuckDB database that can be read: {first}.",
        "Export the table as Parquet, or copy it again.",
    )


def _tables(database: Any) -> list[str]:
    """Return the ordinary tables; a view could run what its maker wrote."""
    query = "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' ORDER BY 1"
    return [str(row[0]) for row in database.execute(query).fetchall()]


def _table(database: Any, table: str, source: Source) -> BatchTable:
    name = quoted(table)
    rows = database.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]  # noqa: S608
    schema = _arrow(database.cursor().sql(f"SELECT * FROM {name} LIMIT 0")).schema  # noqa: S608

    def batches(wanted: list[str]) -> Iterator[Any]:
        listed = ", ".join(map(quoted, wanted))
        yield from _arrow(database.cursor().sql(f"SELECT {listed} FROM {name}"))  # noqa: S608

    return BatchTable(f"{table} of {source.name}", schema, rows, batches)


def _arrow(result: Any) -> Any:
    """Return the result as a reader of record batches, by the name that this version of the library has for it."""
    return (getattr(result, "to_arrow_reader", None) or result.fetch_arrow_reader)(_BATCH)


LOADER = DuckDb()
