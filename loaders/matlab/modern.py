"""MATLAB v7.3, which is HDF5 inside: arrays lie transposed, cells are references, texts are 16-bit numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from cartography.progress import Progress
from loaders.arrays.sparse import dense
from loaders.hdf5.arrays import read_numbers
from loaders.hdf5.files import Tree
from loaders.hdf5.frames import attribute
from loaders.matlab.variables import Variable

__all__ = ["list_modern", "read_modern"]

_LONGEST_TEXT = 1 << 16


def list_modern(file: Any, tree: Tree) -> list[Variable]:
    """List the variables of a workspace from their headers."""
    found = [_variable(file[one.path], one.path, tree) for one in tree.sets.values() if "/" not in one.path]
    for path in tree.groups:
        rows = attribute(file[path], "MATLAB_sparse") if "/" not in path else None
        if rows is not None and f"{path}/jc" in tree.sets and f"{path}/data" in tree.sets:
            shape = (int(rows), tree.sets[f"{path}/jc"].shape[0] - 1)
            found.append(Variable(path, shape, np.dtype("f8"), "numbers"))
    return found


def _variable(item: Any, path: str, tree: Tree) -> Variable:
    one = tree.sets[path]
    kind = str(attribute(item, "MATLAB_class") or "")
    if attribute(item, "MATLAB_empty"):
        return Variable(path, (0,), np.dtype("f8"), "other", "is empty")
    if kind == "cell":
        return Variable(path, one.shape[::-1], np.dtype("O"), "texts", one.why)
    if kind == "char":
        return Variable(path, one.shape[-1:], np.dtype("O"), "texts", one.why)
    if one.kind != "numbers":
        return Variable(path, one.shape, one.dtype, "other", one.why or f"is a {kind or one.kind}")
    return Variable(path, one.shape[::-1], one.dtype, "numbers", one.why)


def read_modern(file: Any, one: Variable, tree: Tree, progress: Progress | None = None) -> NDArray[Any]:
    """Return one variable as MATLAB shows it: numbers transposed back, or texts (n,)."""
    if one.why:
        raise LoadError(f"The variable {one.name!r} {one.why}.", "Save a plain matrix of numbers.")
    if one.name in tree.groups:
        return _sparse(file, one, tree)
    if one.kind == "numbers":
        return read_numbers(file, tree.sets[one.name], progress).T
    if str(attribute(file[one.name], "MATLAB_class")) == "char":
        codes = np.atleast_2d(read_numbers(file, tree.sets[one.name]))
        return np.array([_decoded(column) for column in codes.T], dtype=object)
    return _cells(file, one, tree)


def _sparse(file: Any, one: Variable, tree: Tree) -> NDArray[Any]:
    parts = {name: read_numbers(file, tree.sets[f"{one.name}/{name}"]) for name in ("data", "ir", "jc")}
    return dense(
        {
            "data": parts["data"],
            "indices": parts["ir"],
            "indptr": parts["jc"],
            "format": np.array(["csc"]),
            "shape": np.array(one.shape, dtype=np.int64),
        },
        one.name,
    )


def _cells(file: Any, one: Variable, tree: Tree) -> NDArray[Any]:
    """Return the texts behind the references of a cell array; a reference leads to a data set of this very file."""
    known = {f"/{path}" for path in tree.sets}
    texts = []
    for reference in file[one.name][()].T.reshape(-1):
        item = file[reference]
        name = item.name
        if name not in known or tree.sets[name[1:]].why or item.size > _LONGEST_TEXT:
            raise LoadError(f"The cells of {one.name!r} hold more than texts.", "Save them as a column of texts.")
        empty = attribute(item, "MATLAB_empty")
        texts.append("" if empty else _decoded(np.asarray(item[()]).reshape(-1)))
    return np.array(texts, dtype=object)


def _decoded(codes: NDArray[Any]) -> str:
    if codes.dtype.kind not in "iu":
        return str(codes.reshape(-1)[0]) if codes.size == 1 else ""
    return codes.astype("<u2").tobytes().decode("utf-16-le", "replace").rstrip()
