"""Data frames and sparse matrices as AnnData lays them out in HDF5.

The layout is that of anndata's on-disk specification: a group with `column-order` and `_index`; categorical columns
as a group of codes and categories (0.2.0), or as codes with their texts under `__categories` (0.7).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.arrays.named import column_of
from loaders.arrays.sparse import dense
from loaders.files.limits import check_memory
from loaders.hdf5.arrays import check, read_numbers, read_text
from loaders.hdf5.files import Tree

__all__ = ["attribute", "read_frame", "read_sparse", "sparse_size"]

_MOST_COLUMNS = 256
_SPARSE = {"csr_matrix": "csr", "csc_matrix": "csc", "csr": "csr", "csc": "csc"}


def attribute(item: Any, *names: str) -> Any:
    """Return the first of these attributes that is there, bytes as text; None when none is."""
    for name in names:
        if name in item.attrs:
            value = item.attrs[name]
            return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return None


def read_frame(file: Any, path: str, tree: Tree) -> tuple[pd.DataFrame, str | None, list[str]]:
    """Return a frame's columns, the name of its index column among them, and the columns that were left out."""
    if path in tree.sets:
        return _old_frame(file, path, tree)
    if path not in tree.groups:
        return pd.DataFrame(), None, []
    group = file[path]
    index = str(attribute(group, "_index") or "_index")
    order = [str(one.decode() if isinstance(one, bytes) else one) for one in group.attrs.get("column-order", [])]
    names = order or [name for name in _members(path, tree) if name not in (index, "__categories")]
    columns: dict[str, pd.Series] = {}
    aside = names[_MOST_COLUMNS:]
    for name in names[:_MOST_COLUMNS]:
        column = _column(file, f"{path}/{name}", tree, f"{path}/__categories/{name}")
        if column is None:
            aside.append(name)
        else:
            columns[name] = column
    ids = _column(file, f"{path}/{index}", tree, "")
    if ids is not None:
        columns = {"obs_names" if index in columns or index.startswith("_") else index: ids, **columns}
    lengths = {len(one) for one in columns.values()}
    if len(lengths) > 1:
        raise LoadError(f"The columns of {path!r} have different lengths: {sorted(lengths)[:5]}.")
    return pd.DataFrame(columns), next(iter(columns), None) if ids is not None else None, aside


def _members(path: str, tree: Tree) -> list[str]:
    inside = [one for one in (*tree.sets, *tree.groups) if one.startswith(f"{path}/")]
    return list(dict.fromkeys(one[len(path) + 1 :].split("/")[0] for one in inside))


def _column(file: Any, path: str, tree: Tree, categories: str) -> pd.Series | None:
    """Return one column, or None when it is of a kind that is not read."""
    if path in tree.sets:
        values = _values(file, path, tree)
        return _coded(values, _values(file, categories, tree)) if categories in tree.sets else _series(values)
    if f"{path}/codes" in tree.sets and f"{path}/categories" in tree.sets:
        return _coded(_values(file, f"{path}/codes", tree), _values(file, f"{path}/categories", tree))
    if f"{path}/values" in tree.sets and f"{path}/mask" in tree.sets:
        known, mask = _series(_values(file, f"{path}/values", tree)), _values(file, f"{path}/mask", tree)
        return known.mask(mask.astype(bool)) if known is not None and len(mask) == len(known) else known
    return None


def _values(file: Any, path: str, tree: Tree) -> NDArray[Any]:
    found = tree.sets[path]
    return read_text(file, found) if found.kind == "text" else read_numbers(file, found)


def _series(values: NDArray[Any]) -> pd.Series | None:
    if values.ndim != 1:
        return None
    return pd.Series(values.tolist(), dtype="str") if values.dtype.kind == "O" else column_of(values)


def _coded(codes: NDArray[Any], categories: NDArray[Any]) -> pd.Series | None:
    """Return the texts behind codes; -1 is missing."""
    if codes.ndim != 1 or codes.dtype.kind not in "iu" or categories.ndim != 1:
        return None
    places = codes.astype(np.int64)
    places[(places < 0) | (places >= len(categories))] = -1
    return pd.Series([*categories.tolist(), None], dtype=object).iloc[places].reset_index(drop=True).infer_objects()


def _old_frame(file: Any, path: str, tree: Tree) -> tuple[pd.DataFrame, str | None, list[str]]:
    """Read a frame that is one table of records, as before anndata 0.7; its categories lie under `uns`."""
    found = tree.sets[path]
    check(found)
    names = [name for name in found.dtype.names or () if found.dtype[name].kind in "fiubSUO"]
    check_memory(found.nbytes * 4, f"The table {path!r}")
    table = file[path][()]
    columns: dict[str, pd.Series] = {}
    for name in names[:_MOST_COLUMNS]:
        values = np.asarray(table[name])
        if values.dtype.kind == "O":
            values = np.array(
                [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in values]
            )
        known = f"uns/{name}_categories"
        column = _coded(values, _values(file, known, tree)) if known in tree.sets else _series(values)
        if column is not None:
            columns[name] = column
    index = "index" if "index" in columns else None
    return pd.DataFrame(columns), index, [name for name in found.dtype.names or () if name not in columns]


def sparse_size(file: Any, path: str) -> tuple[str, tuple[int, int]] | None:
    """Return "csr" or "csc" and (n, d) of a sparse matrix; None when the group is none."""
    group = file[path]
    kind = _SPARSE.get(str(attribute(group, "encoding-type", "h5sparse_format") or ""))
    shape = attribute(group, "shape", "h5sparse_shape")
    if kind is None or shape is None or len(np.asarray(shape).reshape(-1)) != 2:
        return None
    n, d = (int(length) for length in np.asarray(shape).reshape(-1))
    return kind, (n, d)


def read_sparse(file: Any, path: str, tree: Tree) -> NDArray[Any]:
    """Return a sparse matrix in full (n, d). Raises `LoadError` when its indices do not fit."""
    size = sparse_size(file, path)
    missing = [one for one in ("data", "indices", "indptr") if f"{path}/{one}" not in tree.sets]
    if size is None or missing:
        raise LoadError(f"{path!r} should be a sparse matrix, but lacks {', '.join(missing) or 'its shape'}.")
    parts = {one: _values(file, f"{path}/{one}", tree) for one in ("data", "indices", "indptr")}
    return dense({**parts, "format": np.array([size[0]]), "shape": np.array(size[1])}, path)
