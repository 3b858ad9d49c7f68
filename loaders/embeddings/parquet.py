"""Parquet: vectors in a list column, a struct, text cells or a run of columns; the rest describes the items."""

from __future__ import annotations

from typing import Any

from cartography.errors import LoadError
from cartography.progress import part_of, report
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.limits import check_memory
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.collector import Collector, candidates_of, choice_called, sample_rows
from loaders.tables.columns import Column
from loaders.tables.describe import columns_of, needs_a_look
from loaders.tables.frames import frame_of

__all__ = ["LOADER", "Parquet"]

_BATCH = 4 << 20  # bytes of vectors decoded in one go
_PEEK = 32  # rows looked at to tell texts that hold vectors, and how long lists are


class Parquet(Loader):
    """Apache Parquet, read batch by batch through Arrow."""

    format = Format(
        "Parquet",
        (".parquet", ".pq"),
        reads="a column of lists, fixed-size lists, structs or text cells, or a run of columns",
    )

    def match(self, source: Source) -> Match:
        """Parquet files begin with PAR1."""
        if source.head.startswith(b"PAR1"):
            return Match.CERTAIN
        return Match.NAME if source.suffix in self.format.suffixes else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the columns of vectors, from the footer and the first rows."""
        file = _open(source)
        return candidates_of(_columns(file), file.metadata.num_rows)

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one column of vectors, with the other columns as items."""
        file = _open(source)
        columns = _columns(file)
        choice = choice_called(columns, key, source.name)
        total = file.metadata.num_rows
        rows = sample_rows(total, options)
        collector = Collector(choice, columns, source.name, total, rows)
        wanted = [column.name for column in columns if column.name in choice.columns or column.kind != "vector"]
        check_memory((total if rows is None else len(rows)) * 16 * len(wanted), source.name)
        progress, seen = part_of(options.progress, 0.0, 0.8), 0
        size = max(1, min(65_536, _BATCH // (4 * max(choice.width, 1))))
        for batch in file.iter_batches(batch_size=size, columns=wanted, use_threads=True):
            collector.add(batch)
            seen += batch.num_rows
            report(progress, f"Reading {source.name}", seen / max(total, 1))
        return collector.reading(
            id_column=_stored_index(file.schema_arrow),
            provenance={"dtype": choice.dtype},
        )

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read all columns that are not vectors."""
        file = _open(source)
        plain = [column.name for column in _columns(file) if column.kind != "vector"]
        check_memory(file.metadata.num_rows * 16 * len(plain), source.name)
        frame, notes = frame_of(file.read(columns=plain))
        return Columns(frame, tuple(notes))


def _open(source: Source) -> Any:
    import pyarrow as pa
    from pyarrow import parquet

    inside = pa.BufferReader(source.read_all()) if source.compression else str(source.path)
    file = parquet.ParquetFile(inside, memory_map=not source.compression)
    names = file.schema_arrow.names
    double = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if double is not None:
        raise LoadError(
            f"{source.name} has several columns called {double!r}.", "Give each column a name of its own."
        )
    return file


def _columns(file: Any) -> list[Column]:
    """Describe the columns, looking at the first rows of texts and lists only."""
    schema = file.schema_arrow
    looked_at = [field.name for field in schema if needs_a_look(field.type)]
    sample: dict[str, Any] = {}
    if looked_at and file.metadata.num_rows:
        batch = next(file.iter_batches(batch_size=_PEEK, columns=looked_at, use_threads=False), None)
        sample = dict(zip(batch.schema.names, batch.columns, strict=True)) if batch is not None else {}
    return columns_of(schema, sample)


def _stored_index(schema: Any) -> str | None:
    """Return the column in which pandas stored a meaningful index, or None."""
    stored = (schema.pandas_metadata or {}).get("index_columns", [])
    names = [name for name in stored if isinstance(name, str) and name in schema.names]
    return names[0] if len(names) == 1 else None


LOADER = Parquet()
