"""Data sets of Hugging Face as `save_to_disk` leaves them: a folder of Arrow streams, or one such folder per split.

`state.json` lists the files of a split in order; `dataset_dict.json` lists the splits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cartography.errors import LoadError
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.batches import BatchTable
from loaders.tables.in_databases import of_table, with_table

__all__ = ["LOADER", "DatasetFolder"]

_LARGEST = 16 << 20
_MOST_FILES = 10_000


class DatasetFolder(Loader):
    """A folder that `datasets.Dataset.save_to_disk` or `DatasetDict.save_to_disk` wrote."""

    format = Format(
        "Hugging Face data set",
        ("dataset_info.json", "dataset_dict.json"),
        reads="as Parquet, from the Arrow files that `state.json` lists; the key names the split",
    )

    def claims_folder(self, folder: Path) -> bool:
        """Data sets keep their state in a file beside the data."""
        return (folder / "dataset_dict.json").is_file() or (
            (folder / "state.json").is_file() and (folder / "dataset_info.json").is_file()
        )

    def match(self, source: Source) -> Match:
        """The folder counts, and so do the two files that describe it."""
        if source.name in self.format.suffixes and source.path.is_file():
            return Match.CERTAIN if self.claims_folder(source.path.parent) else Match.NO
        return Match.CERTAIN if source.path.is_dir() and self.claims_folder(source.path) else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the columns of vectors of every split."""
        splits = _splits(source)
        if list(splits) == [""]:
            return _table(splits[""], source).candidates()
        found = [
            one for name, folder in splits.items() for one in with_table(name, _table(folder, source).candidates())
        ]
        return sorted(found, key=lambda one: (-one.likelihood, not one.key.startswith("train"), -one.shape[0]))

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one column of vectors, with the other columns as items."""
        splits = _splits(source)
        if list(splits) == [""]:
            return _table(splits[""], source).reading(key, options)
        split, column = of_table(key, list(splits), source.name)
        return _table(splits[split], source).reading(column, options)

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read all columns that are not vectors, of the split that has as many rows."""
        tables = [_table(folder, source) for folder in _splits(source).values()]
        return next((table for table in tables if table.rows == rows), tables[0]).plain()


def _splits(source: Source) -> dict[str, Path]:
    """Return the folder of each split; a single one is called ""."""
    folder = source.path if source.path.is_dir() else source.path.parent
    listing = folder / "dataset_dict.json"
    if not listing.is_file():
        return {"": folder}
    names = _parsed(listing).get("splits")
    known = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    splits = {name: folder / name for name in known if _is_name(name) and (folder / name / "state.json").is_file()}
    if not splits:
        raise LoadError(f"{folder.name} lists no split whose files are there.", "Copy the whole folder again.")
    return splits


def _files(folder: Path) -> list[Path]:
    """Return the Arrow files of a split in order; nothing outside the folder is followed."""
    listed = _parsed(folder / "state.json").get("_data_files")
    entries = listed[:_MOST_FILES] if isinstance(listed, list) else []
    names = [entry.get("filename") for entry in entries if isinstance(entry, dict)]
    files = [folder / name for name in names if isinstance(name, str) and _is_name(name)]
    missing = [file.name for file in files if not file.is_file() or file.is_symlink()]
    if missing or not files:
        what = f"{missing[0]!r}, which is not there" if missing else "no file"
        raise LoadError(f"state.json of {folder.name} names {what}.", "Copy the whole folder again.")
    return files


def _is_name(name: str) -> bool:
    return bool(name) and "/" not in name and "\\" not in name and "\0" not in name and name not in (".", "..")


def _parsed(path: Path) -> dict[str, Any]:
    if path.stat().st_size > _LARGEST:
        raise LoadError(f"{path.name} is too large for what it should hold.", "Copy the whole folder again.")
    try:
        whole = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise LoadError(f"{path.name} is no JSON that can be read.", "Copy the whole folder again.") from error
    return whole if isinstance(whole, dict) else {}


def _table(folder: Path, source: Source) -> BatchTable:

    files = _files(folder)
    rows = sum(batch.num_rows for path in files for batch in _open(path))

    schema = _open(files[0]).schema

    def batches(wanted: list[str]) -> Iterator[Any]:
        for path in files:
            for batch in _open(path):
                if batch.schema.names != schema.names:
                    raise LoadError(
                        f"{path.name} of {folder.name} has other columns than {files[0].name}.",
                        "Copy the whole folder again, or save the data set anew.",
                    )
                batch.validate(full=True)
                yield batch.select(wanted)

    return BatchTable(folder.name or source.name, schema, rows, batches)


def _open(path: Path) -> Any:
    import pyarrow as pa

    with path.open("rb") as stream:
        is_file = stream.read(6) == b"ARROW1"
    inside = pa.memory_map(str(path))
    if not is_file:
        return pa.ipc.open_stream(inside)
    reader = pa.ipc.open_file(inside)
    return pa.RecordBatchReader.from_batches(
        reader.schema, (reader.get_batch(place) for place in range(reader.num_record_batches))
    )


LOADER = DatasetFolder()
