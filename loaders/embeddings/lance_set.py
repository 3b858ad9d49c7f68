"""Lance data sets: a folder of fragments, read through the library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cartography.errors import LoadError
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.extras import installed, needed
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.batches import BatchTable

__all__ = ["LOADER", "LanceSet"]

_BATCH = 4096


class LanceSet(Loader):
    """A data set of Lance or a table of LanceDB, which is a folder."""

    format = Format(
        "Lance data set",
        (".lance",),
        available=installed("lance"),
        install_hint="pip install pylance",
        reads="as Parquet",
    )

    def claims_folder(self, folder: Path) -> bool:
        """Data sets keep their versions in a folder of their own."""
        return (folder / "_versions").is_dir() and any((folder / "_versions").glob("*.manifest"))

    def match(self, source: Source) -> Match:
        """A file alone is no data set."""
        return Match.CERTAIN if source.path.is_dir() and self.claims_folder(source.path) else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the columns of vectors."""
        return _table(source).candidates()

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one column of vectors, with the other columns as items."""
        return _table(source).reading(key, options)

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read all columns that are not vectors."""
        return _table(source).plain()


def _table(source: Source) -> BatchTable:
    lance = needed("lance", "pylance", f"{source.name} is a Lance data set, and")
    try:
        data = lance.dataset(str(source.path.resolve()))
        rows = data.count_rows()
    except (OSError, ValueError, RuntimeError) as error:
        first = (str(error).strip().splitlines() or [""])[0].rstrip(".")[:200]
        raise LoadError(
            f"{source.name} is no Lance data set that can be read: {first}.", "Copy the whole folder again."
        ) from error

    def batches(wanted: list[str]) -> Iterator[Any]:
        yield from data.to_batches(columns=wanted, batch_size=_BATCH)

    return BatchTable(source.name, data.schema, rows, batches)


LOADER = LanceSet()
