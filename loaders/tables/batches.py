"""From a schema and record batches of any origin to candidates and a `Reading`: databases, Lance, data sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cartography.errors import LoadError
from cartography.progress import part_of, report
from loaders.base import Candidate, Columns, Reading
from loaders.files.limits import check_memory
from loaders.options import Options
from loaders.tables.collector import Collector, candidates_of, choice_called, concatenated, sample_rows
from loaders.tables.columns import Column
from loaders.tables.describe import columns_of, needs_a_look
from loaders.tables.frames import frame_of

__all__ = ["BatchTable"]

_PEEK = 32


@dataclass(frozen=True, eq=False)
class BatchTable:
    """A table read front to back.

    `schema` is its Arrow schema, `rows` their number, and `batches(names)` yields record batches with these columns.
    """

    name: str
    schema: Any
    rows: int
    batches: Callable[[list[str]], Iterator[Any]]

    @cached_property
    def columns(self) -> list[Column]:
        """What the columns hold, told from the schema and the first values."""
        names = self.schema.names
        double = next((name for name in names if names.count(name) > 1), None)
        if double is not None:
            raise LoadError(f"{self.name} has several columns called {double!r}.", "Give each a name of its own.")
        wanted = [field.name for field in self.schema if needs_a_look(field.type)]
        first = next((one for one in self.batches(wanted) if one.num_rows), None) if wanted and self.rows else None
        sample = first.slice(0, _PEEK) if first is not None else None
        return columns_of(self.schema, {name: sample.column(name) for name in wanted} if sample is not None else {})

    def candidates(self) -> list[Candidate]:
        """Return the ways to read vectors out of it."""
        return candidates_of(self.columns, self.rows) if self.rows else []

    def reading(self, key: str, options: Options, notes: tuple[str, ...] = ()) -> Reading:
        """Read one column of vectors, with the other columns as items."""
        choice = choice_called(self.columns, key, self.name)
        rows = sample_rows(self.rows, options)
        collector = Collector(choice, self.columns, self.name, self.rows, rows)
        wanted = [one.name for one in self.columns if one.name in choice.columns or one.kind != "vector"]
        check_memory((self.rows if rows is None else len(rows)) * 16 * len(wanted), self.name)
        progress, seen = part_of(options.progress, 0.0, 0.8), 0
        for batch in self.batches(wanted):
            batch = batch.slice(0, self.rows - seen)
            collector.add(batch)
            seen += batch.num_rows
            report(progress, f"Reading {self.name}", seen / max(self.rows, 1))
        return collector.reading(notes, provenance={"dtype": choice.dtype})

    def plain(self) -> Columns:
        """Read every column that is not vectors."""
        wanted = [column.name for column in self.columns if column.kind != "vector"]
        frame, notes = frame_of(concatenated([_table(batch) for batch in self.batches(wanted)]))
        return Columns(frame, tuple(notes))


def _table(batch: Any) -> Any:
    import pyarrow as pa

    return batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
