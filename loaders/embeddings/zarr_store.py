"""Zarr stores: a folder or a zip of arrays, AnnData among them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError, unknown_name
from cartography.progress import Progress
from loaders.arrays.named import ArrayInfo, array_candidates, read_array
from loaders.arrays.sparse import dense
from loaders.base import Candidate, Columns, Format, Loader, Match, Reading
from loaders.files.source import Source
from loaders.options import Options
from loaders.zarr.arrays import ZarrArray, arrays_of, read
from loaders.zarr.store import MARKS, Store, is_store, opened

__all__ = ["LOADER", "ZarrStore"]

_ITEMS = "obs/"
_PARTS = ("data", "indices", "indptr")
_ROOT = "array"


class ZarrStore(Loader):
    """A hierarchy of arrays in chunks, versions 2 and 3."""

    format = Format(
        "Zarr",
        (".zarr", ".zarr.zip"),
        reads="an array of a folder or a zip, versions 2 and 3, packed with zstd, gzip, zlib, lz4 or blosc; arrays "
        "of one dimension and equal length become columns; `X`, `obsm` and `obs` of AnnData",
    )

    def claims_folder(self, folder: Path) -> bool:
        """Every folder of a hierarchy holds a description."""
        return any((folder / mark).is_file() for mark in MARKS)

    def match(self, source: Source) -> Match:
        """Stores are folders, or zips whose members have such descriptions."""
        if source.path.is_dir():
            return Match.CERTAIN if self.claims_folder(source.path) else Match.NO
        return Match.CERTAIN if is_store(source) else Match.NO

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """Describe the arrays from their descriptions."""
        with opened(source) as store:
            found = array_candidates(_Hierarchy(store).infos)
        return [replace(one, columns=tuple(map(_short, one.columns))) for one in found]

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one array, with the arrays of equal length as columns."""
        with opened(source) as store:
            hierarchy = _Hierarchy(store)
            if key not in hierarchy.names:
                raise unknown_name(f"array in {source.name}", key, hierarchy.names)

            def fetch(name: str) -> NDArray[Any]:
                return hierarchy.values(name, options.progress if name == key else None)

            reading = read_array(key, hierarchy.infos, fetch)
            items = _with_categories(reading.items, store)
        names = {name: _short(str(name)) for name in items}
        plain = items.rename(columns=names) if len(set(names.values())) == len(names) else items
        index = next((name for name in ("_index", "index") if name in plain), None)
        return replace(reading, items=plain, id_column=index)

    def read_columns(self, source: Source, rows: int, options: Options) -> Columns:
        """Read the arrays of one dimension that have one value per vector."""
        with opened(source) as store:
            fitting = {name: one for name, one in _Hierarchy(store).arrays.items() if one.shape == (rows,)}
            if not fitting:
                raise LoadError(f"{source.name} holds no array of {rows:,} labels.", "Give one value per vector.")
            return Columns(pd.DataFrame({name: list(read(store, one)) for name, one in fitting.items()}))


class _Hierarchy:
    """The arrays by name, sparse matrices as one, and in an AnnData store only what belongs to its items."""

    def __init__(self, store: Store) -> None:
        self._store = store
        known = {array.path or _ROOT: array for array in arrays_of(store)}
        self._sparse = {name: shape for name in _sparse_names(known) if (shape := _sparse_shape(store, name))}
        inside = tuple(f"{name}/" for name in self._sparse)
        known = {name: array for name, array in known.items() if not name.startswith(inside or ("\0",))}
        if any(name.startswith(_ITEMS) for name in known):
            known = {name: array for name, array in known.items() if _of_items(name, array)}
            self._sparse = {
                name: shape for name, shape in self._sparse.items() if name.startswith(("X", "layers", "obsm"))
            }
        self.arrays = known

    @property
    def names(self) -> list[str]:
        return [*self.arrays, *self._sparse]

    @property
    def infos(self) -> list[ArrayInfo]:
        plain = [
            ArrayInfo(name, array.shape, np.dtype("U1") if array.texts else array.dtype)
            for name, array in self.arrays.items()
        ]
        return plain + [ArrayInfo(name, shape, np.dtype("float32")) for name, shape in self._sparse.items()]

    def values(self, name: str, progress: Progress | None) -> NDArray[Any]:
        """Return the numbers of an array, a sparse one in full; strings as NumPy's own."""
        if name not in self._sparse:
            values = read(self._store, self.arrays[name], progress)
            return values.astype("U") if self.arrays[name].texts else values
        known = {array.path: array for array in arrays_of(self._store)}
        kind = str(_attributes(self._store, name).get("encoding-type", "csr"))
        parts = {part: read(self._store, known[f"{name}/{part}"]) for part in _PARTS}
        described = {"format": np.array(kind[:3].encode()), "shape": np.array(self._sparse[name])}
        return dense({**parts, **described}, name)


def _sparse_names(known: dict[str, ZarrArray]) -> list[str]:
    names = [name.removesuffix("/indptr") for name in known if name.endswith("/indptr")]
    return [name for name in names if all(f"{name}/{part}" in known for part in _PARTS)]


def _attributes(store: Store, name: str) -> dict[str, Any]:
    inner = store.document(f"{name}/zarr.json").get("attributes")
    return inner if isinstance(inner, dict) else store.document(f"{name}/.zattrs")


def _sparse_shape(store: Store, name: str) -> tuple[int, ...]:
    """Return the shape of a sparse matrix; () when its description does not say."""
    shape = _attributes(store, name).get("shape")
    sizes = shape if isinstance(shape, list) else []
    return tuple(sizes) if len(sizes) == 2 and all(isinstance(one, int) and one >= 0 for one in sizes) else ()


def _of_items(name: str, array: ZarrArray) -> bool:
    """Whether an array of an AnnData store describes its items: the columns of `obs`, or a matrix."""
    if name.startswith(_ITEMS):
        return "__categories/" not in name and not name.endswith("/categories")
    return len(array.shape) == 2 and (name == "X" or name.startswith(("obsm/", "layers/")))


def _short(name: str) -> str:
    return name.removeprefix(_ITEMS)


def _with_categories(items: pd.DataFrame, store: Store) -> pd.DataFrame:
    """Put names in the place of the numbers of categories, as AnnData stores them beside each other."""
    known = {array.path: array for array in arrays_of(store)}
    for name in list(items):
        text = str(name)
        folder, _, last = text.rpartition("/")
        beside = f"{folder}/categories" if last == "codes" else f"{folder}/__categories/{last}"
        if beside not in known or items[name].dtype.kind not in "iu":
            continue
        names = [str(one) for one in read(store, known[beside])]
        values = [names[code] if 0 <= code < len(names) else None for code in items[name].tolist()]
        items = items.assign(**{text: pd.Series(values, dtype="str")})
        if last == "codes":
            items = items.rename(columns={text: folder})
    return items


LOADER = ZarrStore()
