"""Arrow IPC: Feather files, Arrow files and Arrow streams (Hugging Face data sets on disk hold the latter)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cartography.errors import LoadError
from cartography.progress import part_of, report
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.collector import Collector, candidates_of, choice_called
from loaders.tables.columns import Column
from loaders.tables.describe import columns_of, needs_a_look
from loaders.tables.frames import frame_of

__all__ = ["LOADER", "ArrowIpc"]

_PEEK = 32


class ArrowIpc(Loader):
    """Feather version 2, the Arrow file format and the Arrow stream format."""

    format = Format("Arrow / Feather", (".feather", ".arrow", ".arrows", ".ipc", ".arrow_file"), reads="as Parquet")

    def match(self, source: Source) -> Match:
        """Arrow files begin with ARROW1; streams begin with a continuation marker."""
        if source.head.startswith(b"ARROW1\0\0"):
            return Match.CERTAIN
        if source.head.startswith(b"\xff\xff\xff\xff") and len(source.head) > 8:
            return Match.CERTAIN if source.suffix in self.format.suffixes else Match.CONTENT
        return Match.NAME if source.suffix in self.format.suffixes else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the columns of vectors."""
        return candidates_of(_columns(_open(source)), _count_rows(_open(source)))

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one column of vectors, with the other columns as items."""
        reader = _open(source)
        columns = _columns(reader)
        choice = choice_called(columns, key, source.name)
        collector = Collector(choice, columns, source.name)
        progress = part_of(options.progress, 0.0, 0.8)
        for place, batch in enumerate(_batches(_open(source))):
            collector.add(batch)
            report(progress, f"Reading {source.name}", 1 - 1 / (place + 2))
        return collector.reading(provenance={"dtype": choice.dtype})

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read all columns that are not vectors."""
        import pyarrow as pa

        reader = _open(source)
        plain = [column.name for column in _columns(reader) if column.kind != "vector"]
        table = pa.Table.from_batches(list(_batches(_open(source))), reader.schema)
        frame, notes = frame_of(table.select(plain))
        return Columns(frame, tuple(notes))


def _open(source: Source) -> Any:
    """Open a file or a stream. Raises `LoadError` on Feather version 1 and on columns of the same name."""
    import pyarrow as pa

    if source.head.startswith(b"FEA1"):
        raise LoadError(
            f"{source.name} is a Feather file of version 1, which is no longer read.",
            "Write it again with a current pandas: df.to_feather(path).",
        )
    inside = pa.BufferReader(source.read_all()) if source.compression else pa.memory_map(str(source.path))
    is_file = source.head.startswith(b"ARROW1")
    reader = pa.ipc.open_file(inside) if is_file else pa.ipc.open_stream(inside)
    names = reader.schema.names
    if len(set(names)) < len(names):
        double = next(name for name in names if names.count(name) > 1)
        raise LoadError(
            f"{source.name} has several columns called {double!r}.", "Give each column a name of its own."
        )
    return reader


def _batches(reader: Any) -> Iterator[Any]:
    """Yield record batches, checked: a damaged file must not lead Arrow outside its buffers."""
    for batch in _unchecked(reader):
        batch.validate(full=True)
        yield batch


def _unchecked(reader: Any) -> Iterator[Any]:
    if not hasattr(reader, "num_record_batches"):
        yield from reader
        return
    for place in range(reader.num_record_batches):
        yield reader.get_batch(place)


def _columns(reader: Any) -> list[Column]:
    first = next(_batches(reader), None)
    sample = first.slice(0, _PEEK) if first is not None else None
    looked_at = [field.name for field in reader.schema if needs_a_look(field.type)]
    return columns_of(reader.schema, {name: sample.column(name) for name in looked_at} if sample is not None else {})


def _count_rows(reader: Any) -> int:
    return reader.count_rows() if hasattr(reader, "count_rows") else sum(batch.num_rows for batch in reader)


LOADER = ArrowIpc()
