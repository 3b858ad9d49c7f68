"""Keras weights: legacy `.h5`, `.weights.h5` of Keras 3, and whole models, without Keras."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from numpy.typing import NDArray

from loaders.arrays.checkpoint import Checkpoint, Tensor
from loaders.arrays.tensors import TensorInfo
from loaders.base import Format, Match
from loaders.files.source import Source
from loaders.hdf5.arrays import check
from loaders.hdf5.files import Found, opened, tree_of
from loaders.hdf5.keras_names import weights_of
from loaders.hdf5.kinds import hdf5_kind

__all__ = ["LOADER", "Keras", "keras_tensors"]

Open = Callable[[], AbstractContextManager[Any]]


class Keras(Checkpoint):
    """A model's weights in HDF5."""

    format = Format(
        "Keras weights",
        (".weights.h5", ".h5", ".hdf5"),
        reads="the table of an embedding layer by the layer's name, or any other weight of two dimensions or more",
    )
    filters_last = True

    def match(self, source: Source) -> Match:
        """An HDF5 file with the layers of a model."""
        return Match.CERTAIN if hdf5_kind(source) == "keras" else Match.NO

    def tensors(self, source: Source) -> dict[str, Tensor]:
        """Return every weight, from the headers."""
        return keras_tensors(lambda: opened(source.plain_path(), source.name), source)


def keras_tensors(open_file: Open, source: Source) -> dict[str, Tensor]:
    """Return every weight of an HDF5 file that `open_file` opens; remembered in the source."""
    if "keras" not in source.memo:
        with open_file() as file:
            tree = tree_of(file, source.name)
            source.memo["keras"] = {
                one.name: _tensor(open_file, one.name, tree.sets[one.path], one.is_table)
                for one in weights_of(file, tree)
            }
    found: dict[str, Tensor] = source.memo["keras"]
    return found


def _tensor(open_file: Open, name: str, found: Found, is_table: bool) -> Tensor:
    def rows(start: int, stop: int) -> NDArray[Any]:
        check(found)
        with open_file() as file:
            item = file[found.path]
            part: NDArray[Any] = item[start:stop] if found.shape else item[()].reshape(1)
            return part

    aliases = (found.path,) if found.path != name else ()
    info = TensorInfo(name, found.shape, str(found.dtype), found.nbytes, aliases, is_table=is_table)
    why = found.why or ("holds complex numbers" if found.dtype.kind == "c" else "")
    return Tensor(info, rows, why)


LOADER = Keras()
