"""HDF5: any data set of numbers, with the data sets of equal length as columns."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError, unknown_name
from loaders.arrays.named import ArrayInfo, array_candidates, column_of, items_beside, read_array, read_together
from loaders.arrays.structured import field_candidates, read_fields
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.source import Source
from loaders.hdf5.arrays import check, read_lists, read_numbers, read_text, usual_length
from loaders.hdf5.files import Found, Tree, opened, tree_of
from loaders.hdf5.kinds import hdf5_kind
from loaders.options import Options

__all__ = ["LOADER", "Hdf5"]


class Hdf5(Loader):
    """Data sets in groups."""

    format = Format(
        "HDF5",
        (".h5", ".hdf5", ".hdf", ".he5"),
        reads="one of the data sets, also lists of variable length; data sets of equal length become columns; "
        "layer_0 ... as a series",
    )

    def match(self, source: Source) -> Match:
        """The file begins with HDF5's signature, and no other format that is HDF5 inside has it."""
        if hdf5_kind(source) == "hdf5":
            return Match.CERTAIN
        return Match.NAME if source.suffix in self.format.suffixes else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the data sets from their headers."""
        with opened(source.plain_path(), source.name) as file:
            tree = tree_of(file, source.name)
            infos = _infos(tree)
            found = array_candidates(infos)
            found += [_lists(file, one, infos) for one in tree.sets.values() if _is_list(one)]
            records = _records(tree)
            if records is not None:
                found += field_candidates(_plain_fields(records), records.shape)
            found = [one for one in found if 0 not in one.shape]
            return sorted(found, key=lambda candidate: -candidate.likelihood)

    def nothing_found(self, source: Source) -> LoadError:
        """Say what the data sets hold instead."""
        with opened(source.plain_path(), source.name) as file:
            sets = list(tree_of(file, source.name).sets.values())
        listed = ", ".join(f"{one.path[:60]} ({one.why or _described(one)})" for one in sets[:6])
        return LoadError(
            f"{source.name} (HDF5) holds no vectors" + (f"; its data sets are: {listed}." if sets else "."),
            "Vectors are a data set of numbers with one row per item.",
        )

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one data set, with those of equal length as columns."""
        with opened(source.plain_path(), source.name) as file:
            tree = tree_of(file, source.name)
            infos = _infos(tree)

            def fetch(name: str) -> NDArray[Any]:
                one = tree.sets[name]
                return read_text(file, one) if one.kind == "text" else read_numbers(file, one, options.progress)

            reading = _read(file, key, tree, infos, fetch)
        if reading is None:
            raise unknown_name(f"data set in {source.name}", key, tree.sets)
        return replace(reading, notes=(*tree.notes, *reading.notes))

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read the data sets that have one value per vector."""
        with opened(source.plain_path(), source.name) as file:
            tree = tree_of(file, source.name)
            fitting = [one for one in tree.sets.values() if one.shape == (rows,) and one.kind in ("numbers", "text")]
            if not fitting:
                raise LoadError(
                    f"{source.name} holds no data set of {rows:,} labels.", "One value per vector is needed."
                )
            read = {one.path: read_text if one.kind == "text" else read_numbers for one in fitting[:64]}
            return Columns(pd.DataFrame({path: _column(one(file, tree.sets[path])) for path, one in read.items()}))


def _read(file: Any, key: str, tree: Tree, infos: list[ArrayInfo], fetch: Any) -> Reading | None:
    one = tree.sets.get(key)
    if one is not None and one.kind == "lists":
        return _read_lists(file, one, infos, fetch)
    if one is not None and one.kind in ("numbers", "text"):
        check(one)
        reading = read_array(key, infos, fetch)
        return replace(reading, provenance={**reading.provenance, "dtype": str(one.dtype)})
    together = read_together(key, infos, fetch)
    if together is not None:
        return together
    records = _records(tree)
    if records is None:
        return None
    names = list(_plain_fields(records).names or ())
    return read_fields(file[records.path].fields(names)[()], key, records.path)


def _read_lists(file: Any, one: Found, infos: list[ArrayInfo], fetch: Any) -> Reading:
    vectors, flaws = read_lists(file, one)
    columns = {name: _column(fetch(name)) for name in _beside(one, infos)}
    items = pd.DataFrame(columns, index=pd.RangeIndex(len(vectors)))
    return Reading(vectors, items, flaws=tuple(flaws), provenance={"dtype": "lists of numbers"})


def _lists(file: Any, one: Found, infos: list[ArrayInfo]) -> Candidate:
    d = usual_length(file, one)
    n = one.shape[0]
    beside = _beside(one, infos)
    note = f"{n:,} lists of numbers, mostly {d:,} each; rows of another length are left out."
    return Candidate(one.path, (n, d), "lists of numbers", n * d * 4, note, "vectors", 0.75, tuple(beside))


def _beside(one: Found, infos: list[ArrayInfo]) -> list[str]:
    return items_beside(one.path, [*infos, ArrayInfo(one.path, one.shape, np.dtype("f4"))])


def _column(values: NDArray[Any]) -> pd.Series:
    return pd.Series(values.tolist(), dtype="str") if values.dtype.kind == "O" else column_of(values)


def _infos(tree: Tree) -> list[ArrayInfo]:
    return [_info(one) for one in tree.sets.values() if one.kind in ("numbers", "text")]


def _info(one: Found) -> ArrayInfo:
    if one.kind == "text":
        return ArrayInfo(one.path, one.shape, np.dtype("U"), not one.why, one.why)
    complex_numbers = "complex numbers" if one.dtype.kind == "c" else ""
    why = one.why or complex_numbers
    return ArrayInfo(one.path, one.shape, one.dtype, not why, why)


def _is_list(one: Found) -> bool:
    return one.kind == "lists" and len(one.shape) == 1 and not one.why and one.shape[0] > 0


def _records(tree: Tree) -> Found | None:
    """Return the first table of records whose fields hold numbers."""
    tables = [one for one in tree.sets.values() if one.kind == "records" and not one.why and len(one.shape) == 1]
    return next((one for one in tables if _plain_fields(one).names), None)


def _plain_fields(one: Found) -> np.dtype[Any]:
    """Return the fields that hold plain numbers or texts, not references or lists."""
    names = [name for name in one.dtype.names or () if not one.dtype[name].hasobject]
    return np.dtype([(name, one.dtype[name]) for name in names])


def _described(one: Found) -> str:
    kind = "complex numbers" if one.dtype.kind == "c" else one.kind
    return f"{kind}, {' × '.join(map(str, one.shape)) or 'a single value'}" if prod(one.shape) else "empty"


LOADER = Hdf5()
