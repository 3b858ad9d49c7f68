"""Sparse matrices as SciPy stores them (csr, csc, coo), made dense with every index checked."""

from __future__ import annotations

from collections.abc import Container, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.files.limits import check_memory

__all__ = ["dense", "is_sparse", "sparse_shape"]


def is_sparse(names: Container[str]) -> bool:
    """Whether arrays of these names are one sparse matrix."""
    if not ("data" in names and "shape" in names and "format" in names):
        return False
    return ("indices" in names and "indptr" in names) or ("row" in names and "col" in names) or "offsets" in names


def sparse_shape(stored: NDArray[Any], name: str) -> tuple[int, int]:
    """Return (n, d). Raises `LoadError` for anything else."""
    sizes = [int(length) for length in np.asarray(stored).reshape(-1)[:3]] if stored.dtype.kind in "iu" else []
    if len(sizes) != 2 or min(sizes) < 0:
        raise LoadError(f"{name} should be a sparse matrix, but its shape is {np.asarray(stored).tolist()!s:.60}.")
    return sizes[0], sizes[1]


def dense(parts: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.floating[Any]]:
    """Return the full matrix (n, d), float64 when the stored numbers are, float32 otherwise.

    Raises `LoadError` when an index lies outside, or when the full matrix does not fit into memory.
    """
    shape = sparse_shape(parts["shape"], name)
    dtype = np.float64 if parts["data"].dtype.itemsize > 4 else np.float32
    check_memory(
        prod(shape) * np.dtype(dtype).itemsize, f"{name}, written out in full ({shape[0]:,} × {shape[1]:,}),"
    )
    rows, columns = _places(parts, shape, name)
    data = parts["data"].reshape(-1)
    if not len(rows) == len(columns) == len(data):
        raise LoadError(f"{name} is a damaged sparse matrix: {len(data):,} numbers at {len(rows):,} places.")
    for places, length in ((rows, shape[0]), (columns, shape[1])):
        if len(places) and (places.min() < 0 or places.max() >= length):
            raise LoadError(f"{name} is a damaged sparse matrix: an index lies outside its shape {shape}.")
    matrix = np.zeros(shape, dtype=dtype)
    np.add.at(matrix, (rows, columns), data.astype(dtype))
    return matrix


def _places(
    parts: Mapping[str, NDArray[Any]], shape: tuple[int, int], name: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if "row" in parts and "col" in parts:
        return parts["row"].reshape(-1).astype(np.int64), parts["col"].reshape(-1).astype(np.int64)
    kind = parts["format"].reshape(-1)[:1].astype(str).tolist()[0] if parts["format"].size else ""
    if kind not in ("csr", "csc") or "indptr" not in parts or "indices" not in parts:
        raise LoadError(f"{name} is a sparse matrix of kind {kind!r}.", "Save it as csr: matrix.tocsr().")
    indices = parts["indices"].reshape(-1).astype(np.int64)
    edges = parts["indptr"].reshape(-1).astype(np.int64)
    counts: NDArray[np.int64] = edges[1:] - edges[:-1]
    lines = shape[0] if kind == "csr" else shape[1]
    if len(counts) != lines or (counts < 0).any() or counts.sum() != len(indices):
        raise LoadError(f"{name} is a damaged sparse matrix: its row pointers do not fit {shape}.")
    outer = np.repeat(np.arange(lines), counts)
    return (outer, indices) if kind == "csr" else (indices, outer)
