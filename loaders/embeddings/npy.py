"""NumPy `.npy`: one array; memory-mapped where it is large, never unpickled."""

from __future__ import annotations

from math import prod
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError
from cartography.progress import report
from loaders.arrays.mapped import picked
from loaders.arrays.matrix import no_matrix
from loaders.arrays.named import ArrayInfo, array_candidates, column_of, read_array
from loaders.arrays.npy_header import MAGIC, ArrayHeader, read_header
from loaders.arrays.small_floats import as_numbers, stored_dtype
from loaders.arrays.structured import field_arrays, field_candidates, read_fields
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.limits import check_memory, size_text
from loaders.files.source import Source
from loaders.options import Options
from loaders.tables.collector import sample_rows

__all__ = ["LOADER", "Npy", "refuse_objects"]

_MAP_FROM = 256 << 20
"""From this size on, the file is mapped. A smaller one is read in a tenth of a second, and then may be overwritten by
the next training run without taking the dashboard down with it."""


class Npy(Loader):
    """A single array in NumPy's own format."""

    format = Format(
        "NumPy array",
        (".npy",),
        reads="rows of a matrix, in any type and order of numbers; "
        "bfloat16 stored as two bytes; fields of a structured array",
    )

    def match(self, source: Source) -> Match:
        """Arrays begin with \\x93NUMPY."""
        if source.head.startswith(MAGIC):
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".npy" else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the array from its header."""
        header = _header(source)
        if header.dtype.names:
            return field_candidates(header.dtype, header.shape)
        return array_candidates([_info(source, header, options)])

    def nothing_found(self, source: Source) -> LoadError:
        """Say what the array holds instead of vectors."""
        header = _header(source)
        return no_matrix(header.shape, header.dtype, source.name) or super().nothing_found(source)

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read the array; the fields of a structured one are its columns."""
        header = _header(source)
        array = _array(source, header)
        report(options.progress, f"Reading {source.name}", 0.5)
        if header.dtype.names:
            return read_fields(array, key, source.name)
        total = len(array) if array.ndim > 1 else 0
        rows = sample_rows(total, options) if total and options.by == "rows" else None
        numbers, notes = as_numbers(array if rows is None else picked(array, rows), options.dtype)
        reading = read_array(key, [_info(source, header, options)], lambda _: numbers)
        origin = {"dtype": str(header.dtype)}
        whole = 0 if rows is None else total
        return Reading(numbers, reading.items, notes=notes, provenance=origin, rows=rows, total=whole)

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read an array of labels, or the fields of a structured one."""
        header = _header(source)
        array = _array(source, header)
        if header.dtype.names:
            return Columns(pd.DataFrame({name: column_of(one) for name, one in field_arrays(array).items()}))
        flat = array.reshape(-1) if array.ndim == 2 and 1 in array.shape else array
        if flat.ndim != 1:
            raise LoadError(f"{source.name} has shape {array.shape}; labels should have one value per vector.")
        return Columns(pd.DataFrame({"label": column_of(flat)}))


def refuse_objects(name: str) -> LoadError:
    """Return the error for an array of Python objects."""
    return LoadError(
        f"{name} holds Python objects, stored as a pickle, which could run anything when it is opened.",
        "Save plain numbers or text instead: numpy.save(path, numpy.array(values.tolist())).",
    )


def _header(source: Source) -> ArrayHeader:
    """Read the header and hold it against the length of the file."""
    with source.plain_path().open("rb") as stream:
        header = read_header(stream, source.name)
    if header.has_objects:
        raise refuse_objects(source.name)
    found = source.size - header.offset
    if found < header.nbytes:
        raise LoadError(
            f"{source.name} is cut short: its header promises {' × '.join(map(str, header.shape))} numbers, "
            f"{header.nbytes:,} bytes, but {max(found, 0):,} follow.",
            "Copy or write the file again.",
        )
    return header


def _info(source: Source, header: ArrayHeader, options: Options) -> ArrayInfo:
    return ArrayInfo(source.stem, header.shape, stored_dtype(header.dtype, options.dtype))


def _array(source: Source, header: ArrayHeader) -> NDArray[Any]:
    if header.nbytes == 0:
        return np.empty(header.shape, dtype=header.dtype)
    order: Literal["F", "C"] = "F" if header.fortran else "C"
    if header.nbytes >= _MAP_FROM:
        return np.memmap(source.path, header.dtype, "r", header.offset, header.shape, order=order)
    check_memory(header.nbytes, f"{source.name} ({size_text(header.nbytes)})")
    flat = np.fromfile(source.path, header.dtype, prod(header.shape), offset=header.offset)
    return flat.reshape(header.shape, order=order)


LOADER = Npy()
