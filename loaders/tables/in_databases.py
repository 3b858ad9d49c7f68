"""Columns of vectors in databases: the key names the table and the column."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from cartography.errors import unknown_name
from loaders.base import Candidate, Loader, Reading
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.batches import BatchTable

__all__ = ["Database", "of_table", "quoted", "with_table"]

_DOT = "."


class Database(Loader):
    """A file of several tables, each of which may hold columns of vectors."""

    @abstractmethod
    def opened(self, source: Source) -> AbstractContextManager[Any]:
        """Open the database for reading only. Raises `LoadError` when it cannot be read, also from within."""

    @abstractmethod
    def tables(self, database: Any) -> list[str]:
        """Return the ordinary tables; views and virtual tables could run what their maker wrote."""

    @abstractmethod
    def table(self, database: Any, name: str, source: Source) -> BatchTable:
        """Return one table as record batches."""

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the columns of vectors of every table."""
        with self.opened(source) as database:
            names = self.tables(database)
            found = [
                one for name in names for one in with_table(name, self.table(database, name, source).candidates())
            ]
        return sorted(found, key=lambda candidate: -candidate.likelihood)

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one column of one table."""
        with self.opened(source) as database:
            name, column = of_table(key, self.tables(database), source.name)
            return self.table(database, name, source).reading(column, options)


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def with_table(table: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates of a table, named after it."""
    return [
        replace(one, key=f"{table}{_DOT}{one.key}", note=f"From the table {table}: {one.note}") for one in candidates
    ]


def of_table(key: str, tables: Sequence[str], name: str) -> tuple[str, str]:
    """Return the table and the key within it. Raises `ParameterError` when there is no such table."""
    known = [table for table in tables if key.startswith(table + _DOT)]
    if not known:
        raise unknown_name(f"table in {name}", key, tables or ["(none)"])
    table = max(known, key=len)
    return table, key[len(table) + len(_DOT) :]
