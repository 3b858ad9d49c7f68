"""Columns of vectors in databases: the key names the table and the column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cartography.errors import unknown_name
from loaders.base import Candidate

__all__ = ["of_table", "with_table"]

_DOT = "."


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
