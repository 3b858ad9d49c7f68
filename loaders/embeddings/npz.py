"""NumPy `.npz`: a zip of arrays. Each is unpacked within limits, never unpickled; sparse matrices are recognised."""

from __future__ import annotations

import zipfile
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError, unknown_name
from cartography.progress import Progress, report
from loaders.arrays.named import ArrayInfo, array_candidates, column_of, read_array, read_together
from loaders.arrays.npy_header import MAGIC, ArrayHeader, read_header
from loaders.arrays.small_floats import as_numbers, stored_dtype
from loaders.arrays.sparse import dense, is_sparse, sparse_shape
from loaders.arrays.structured import field_candidates, read_fields
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.limits import check_expansion
from loaders.files.source import Source
from loaders.options import Options

__all__ = ["LOADER", "Npz"]

_MOST_ARRAYS = 10_000
_BLOCK = 1 << 20
_OBJECTS = "a pickle, left out"


class Npz(Loader):
    """Several arrays in one file, as written by numpy.savez and scipy.sparse.save_npz."""

    format = Format(
        "NumPy archive",
        (".npz",),
        reads="one of the arrays; arrays of one dimension and equal length become columns; SciPy's sparse matrices",
    )

    def match(self, source: Source) -> Match:
        """Archives are zip files whose members are called something.npy."""
        if not source.head.startswith(b"PK"):
            return Match.NAME if source.suffix == ".npz" else Match.NO
        if source.suffix == ".npz":
            return Match.CERTAIN
        return Match.CONTENT if b".npyPK" in source.head or b".npy\x93" in source.head[:400] else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the arrays from their headers."""
        with _opened(source) as archive:
            headers = _headers(archive, source)
            if is_sparse(headers):
                return [_sparse_candidate(archive, headers, source)]
            found = array_candidates(_infos(headers, options))
            for header in headers.values():
                if header.dtype.names and not header.has_objects:
                    found += field_candidates(header.dtype, header.shape)
            return sorted(found, key=lambda candidate: -candidate.likelihood)

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one array, with the one-dimensional arrays of equal length as columns."""
        with _opened(source) as archive:
            headers = _headers(archive, source)
            fetch = partial(_fetch, archive, headers, source, options.progress)
            if is_sparse(headers):
                return _read_sparse(headers, fetch, source)
            return _read(key, headers, fetch, source, options)

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read the one-dimensional arrays that have one value per vector."""
        with _opened(source) as archive:
            headers = _headers(archive, source)
            flat = [name for name, one in headers.items() if len(one.shape) == 1 and one.dtype.kind in "fiubUSMm"]
            fitting = [name for name in flat if headers[name].shape[0] == rows]
            if not fitting:
                found = ", ".join(f"{name} ({headers[name].shape[0]:,})" for name in flat[:8]) or "none"
                raise LoadError(
                    f"{source.name} holds no array of {rows:,} labels; its one-dimensional arrays are: {found}.",
                    "Labels should have one value per vector.",
                )
            fetch = partial(_fetch, archive, headers, source, options.progress)
            return Columns(pd.DataFrame({name: column_of(fetch(name)) for name in fitting}))


def _opened(source: Source) -> zipfile.ZipFile:
    return zipfile.ZipFile(source.plain_path())


def _headers(archive: zipfile.ZipFile, source: Source) -> dict[str, ArrayHeader]:
    """Return the header of every array, held against the size its member claims."""
    members = [member for member in archive.infolist() if _is_array(archive, member)]
    if not members:
        raise LoadError(f"{source.name} is a zip file without arrays in it.", "Unpack it and open what is inside.")
    if len(members) > _MOST_ARRAYS:
        raise LoadError(f"{source.name} holds {len(members):,} arrays; at most {_MOST_ARRAYS:,} are read.")
    return {_name_of(member): _header(archive, member, source) for member in members}


def _is_array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    if member.filename.endswith(".npy"):
        return True
    if "." in member.filename or member.is_dir():
        return False
    with archive.open(member) as stream:  # some writers leave the suffix out
        return stream.read(6) == MAGIC


def _name_of(member: zipfile.ZipInfo) -> str:
    return member.filename.removesuffix(".npy")


def _header(archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: Source) -> ArrayHeader:
    name = f"{_name_of(member)} in {source.name}"
    with archive.open(member) as stream:
        header = read_header(stream, name)
    if not header.has_objects and member.file_size - header.offset < header.nbytes:
        raise LoadError(
            f"{name} is cut short: its header promises {header.nbytes:,} bytes, "
            f"but {max(member.file_size - header.offset, 0):,} are there.",
            "Copy or write the file again.",
        )
    return header


def _infos(headers: dict[str, ArrayHeader], options: Options) -> list[ArrayInfo]:
    return [
        ArrayInfo(
            name,
            one.shape,
            stored_dtype(one.dtype, options.dtype),
            not one.has_objects,
            _OBJECTS if one.has_objects else "",
        )
        for name, one in headers.items()
    ]


def _fetch(
    archive: zipfile.ZipFile, headers: dict[str, ArrayHeader], source: Source, progress: Progress | None, name: str
) -> NDArray[Any]:
    """Unpack one array, block by block, into memory of exactly its size."""
    header = headers[name]
    member = archive.getinfo(f"{name}.npy" if f"{name}.npy" in archive.NameToInfo else name)
    check_expansion(member.compress_size, member.file_size, f"{name} in {source.name}")
    data = np.empty(header.nbytes, dtype=np.uint8)
    with archive.open(member) as stream:
        stream.read(header.offset)
        filled = 0
        while filled < header.nbytes:
            part = stream.read(min(_BLOCK, header.nbytes - filled))
            if not part:
                raise LoadError(f"{name} in {source.name} ends after {filled:,} of {header.nbytes:,} bytes.")
            data[filled : filled + len(part)] = np.frombuffer(part, dtype=np.uint8)
            filled += len(part)
            report(progress, f"Unpacking {name}", 0.8 * filled / header.nbytes)
    return data.view(header.dtype).reshape(header.shape, order="F" if header.fortran else "C")


def _read(key: str, headers: dict[str, ArrayHeader], fetch: Any, source: Source, options: Options) -> Reading:
    infos = _infos(headers, options)
    if key in headers and not headers[key].dtype.names:
        said: list[str] = []

        def widened(name: str) -> NDArray[Any]:
            numbers, notes = as_numbers(fetch(name), options.dtype if name == key else "uint16")
            said.extend(notes)
            return numbers

        reading = read_array(key, infos, widened)
        return Reading(reading.vectors, reading.items, notes=(*said, *reading.notes), provenance=reading.provenance)
    together = read_together(key, infos, fetch)
    if together is not None:
        return together
    structured = [name for name, one in headers.items() if one.dtype.names and not one.has_objects]
    if structured:
        return read_fields(fetch(structured[0]), key, source.name)
    raise unknown_name(f"array in {source.name}", key, headers)


def _sparse_candidate(archive: zipfile.ZipFile, headers: dict[str, ArrayHeader], source: Source) -> Candidate:
    shape = sparse_shape(_fetch(archive, headers, source, None, "shape"), source.name)
    stored = headers["data"]
    note = f"A sparse matrix with {stored.shape[0]:,} stored numbers; every row becomes a full vector."
    return Candidate("matrix", shape, str(stored.dtype), stored.nbytes, note, "vectors", 0.85)


def _read_sparse(headers: dict[str, ArrayHeader], fetch: Any, source: Source) -> Reading:
    parts = {
        name: fetch(name)
        for name in headers
        if name in ("format", "shape", "data", "indices", "indptr", "row", "col")
    }
    matrix = dense(parts, source.name)
    empty = 1 - parts["data"].size / max(matrix.size, 1)
    note = f"The matrix is stored sparse; {empty:.0%} of its numbers are zero."
    return Reading(
        matrix, pd.DataFrame(index=range(len(matrix))), notes=(note,), provenance={"dtype": str(parts["data"].dtype)}
    )


LOADER = Npz()
