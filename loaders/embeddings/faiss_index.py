"""FAISS indexes: flat ones are read here, all others give their vectors back through the library.

Layout of a flat index, little-endian (faiss's `write_index_header` and `write_index`): four letters, int32
dimensions, int64 vectors, two int64 without meaning, one byte for trained, int32 metric, for metrics above 1 a
float32 more; int64 numbers that follow, and float32 numbers. An index with ids ("IxMp", "IxM2") has such a head of
its own, the index inside, int64 ids that follow, and int64 ids.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError
from cartography.progress import report
from loaders.arrays.mapped import picked
from loaders.base import Candidate, Format, Loader, Match, Reading
from loaders.extras import needed
from loaders.files.limits import check_memory
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.collector import sample_rows

__all__ = ["LOADER", "FaissIndex"]

_FLAT = (b"IxF2", b"IxFI", b"IxFl")
_WITH_IDS = (b"IxMp", b"IxM2")
_OTHERS = (b"Ix", b"Iw", b"Il", b"IH", b"IN", b"Iv", b"IB")
_METRICS = {0: "inner product", 1: "L2"}
_HEAD = struct.Struct("<iqqqBi")


@dataclass(frozen=True)
class _Flat:
    """A flat index: n vectors of d dimensions from byte `offset`, and the place of the ids, -1 for none."""

    n: int
    d: int
    metric: int
    offset: int
    ids: int = -1


class FaissIndex(Loader):
    """An index file as `faiss.write_index` writes it, such as `index.faiss` of LangChain."""

    format = Format(
        "FAISS index",
        (".faiss",),
        reads="the vectors of a flat index, with its ids; those of any other index that can reconstruct them, with "
        "`pip install faiss-cpu`",
    )

    def match(self, source: Source) -> Match:
        """Indexes begin with four letters that say of which kind they are."""
        start = source.head[:4]
        if start in _FLAT or start in _WITH_IDS:
            return Match.CERTAIN
        plausible = start[:2] in _OTHERS and start.isalnum() and b"\0" in source.head[4:24]
        if plausible:
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".faiss" else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the vectors from the head of the file."""
        flat = _flat(source)
        if flat is None:
            n, d, metric = _head(source)
            note = f"{n:,} vectors of {d:,} dimensions in an index that is read through faiss."
        else:
            n, d, metric = flat.n, flat.d, flat.metric
            note = f"{n:,} vectors of {d:,} dimensions in a flat index."
        note = f"{note[:-1]} (compared by {_METRICS.get(metric, 'another metric')})."
        return [Candidate("vectors", (n, d), "float32", n * d * 4, note, "vectors", 0.85)] if n and d else []

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read the vectors, and the ids where the index has them."""
        flat = _flat(source)
        total = flat.n if flat is not None else _head(source)[0]
        rows = sample_rows(total, options)
        report(options.progress, f"Reading {source.name}", 0.1)
        vectors = _read_flat(source, flat, rows) if flat is not None else _reconstructed(source, rows)
        items = pd.DataFrame(index=pd.RangeIndex(len(vectors)))
        if flat is not None and flat.ids >= 0:
            ids = np.fromfile(source.path, "<i8", flat.n, offset=flat.ids)
            items["id"] = ids if rows is None else ids[rows]
        notes = _beside(source)
        return Reading(vectors, items, notes=notes, provenance={"dtype": "float32"}, rows=rows, total=total)


def _beside(source: Source) -> tuple[str, ...]:
    """Say that the documents which LangChain keeps in a pickle are not read."""
    pickle = source.beside(f"{source.stem}.pkl")
    if pickle is None:
        return ()
    return (
        f"{pickle.name} beside it holds the documents as a pickle, which could run anything and is not read; the "
        "items have no texts. Give them with labels=, in the order of the index.",
    )


def _flat(source: Source) -> _Flat | None:
    """Return where the numbers of a flat index lie, or None for another kind."""
    with source.plain_path().open("rb") as stream:
        start = stream.read(4)
        with_ids = start in _WITH_IDS
        if with_ids:
            _read_head(stream, source)
            start = stream.read(4)
        if start not in _FLAT:
            return None
        n, d, metric = _read_head(stream, source)
        (count,) = struct.unpack("<q", _exactly(stream, 8, source))
        offset = stream.tell()
        if d < 1 or n < 0 or count != n * d or offset + 4 * count > source.size:
            raise LoadError(
                f"{source.name} is damaged or cut short: its head promises {n:,} vectors of {d:,} dimensions, "
                f"{4 * n * d:,} bytes, but {source.size - offset:,} follow.",
                "Copy or write the file again.",
            )
        if not with_ids:
            return _Flat(n, d, metric, offset)
        stream.seek(4 * count, 1)
        (ids,) = struct.unpack("<q", _exactly(stream, 8, source))
        place = stream.tell() if ids == n and stream.tell() + 8 * n <= source.size else -1
        return _Flat(n, d, metric, offset, place)


def _head(source: Source) -> tuple[int, int, int]:
    with source.plain_path().open("rb") as stream:
        stream.read(4)
        n, d, metric = _read_head(stream, source)
    if d < 1 or n < 0 or d > 1 << 24:
        raise LoadError(
            f"{source.name} is damaged: its head promises {n:,} vectors of {d:,} dimensions.",
            "Copy or write the file again.",
        )
    return n, d, metric


def _read_head(stream: BinaryIO, source: Source) -> tuple[int, int, int]:
    """Return (n, d, metric) of the head after the four letters."""
    d, n, _, _, _, metric = _HEAD.unpack(_exactly(stream, _HEAD.size, source))
    if metric > 1:
        _exactly(stream, 4, source)
    return n, d, metric


def _exactly(stream: BinaryIO, size: int, source: Source) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise LoadError(
            f"{source.name} is cut short: it ends at byte {source.size:,}, within its head.", "Copy the file again."
        )
    return data


def _read_flat(source: Source, flat: _Flat, rows: NDArray[np.int64] | None) -> NDArray[Any]:
    if flat.n == 0:
        return np.empty((0, flat.d), dtype=np.float32)
    matrix = np.memmap(source.path, "<f4", "r", flat.offset, (flat.n, flat.d))
    check_memory((flat.n if rows is None else len(rows)) * flat.d * 4, source.name)
    return np.array(matrix if rows is None else picked(matrix, rows), dtype=np.float32)


def _reconstructed(source: Source, rows: NDArray[np.int64] | None) -> NDArray[np.float32]:
    """Return the vectors through the library; an index that cannot give them back is refused."""
    faiss = needed("faiss", "faiss-cpu", f"{source.name} is a FAISS index that is not flat, and")
    n, d, _ = _head(source)
    check_memory(n * d * 4 + source.size, source.name)
    try:
        index = faiss.read_index(str(source.path))
        if hasattr(index, "make_direct_map"):
            index.make_direct_map()
        wanted = range(n) if rows is None else rows
        found = np.empty((len(wanted), index.d), dtype=np.float32)
        for place, row in enumerate(wanted):
            found[place] = index.reconstruct(int(row))
    except (RuntimeError, AssertionError, AttributeError) as error:
        first = (str(error).strip().splitlines() or [""])[0][:160]
        raise LoadError(
            f"{source.name} is a FAISS index whose vectors cannot be reconstructed: {first}.",
            "Save the vectors themselves with numpy.save when the index is built.",
        ) from error
    return found


LOADER = FaissIndex()
