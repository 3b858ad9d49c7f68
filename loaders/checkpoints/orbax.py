"""Orbax checkpoints of JAX and Flax: a folder whose arrays lie in an OCDBT store, read through tensorstore."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.arrays.checkpoint import MOST_TENSORS, Checkpoint, Tensor
from loaders.arrays.tensors import TensorInfo
from loaders.base import Format, Match
from loaders.extras import installed, needed
from loaders.files.source import Source

__all__ = ["LOADER", "Orbax"]

_MANIFEST = "manifest.ocdbt"
_ITEMS = ("default", "state", "params")  # folders that a step may keep its arrays in
_HEADS = {"/.zarray": "zarr", "/zarr.json": "zarr3"}


class Orbax(Checkpoint):
    """The folder of one step, or the folder of its arrays."""

    format = Format(
        "Orbax",
        (_MANIFEST,),
        available=installed("tensorstore"),
        install_hint="pip install tensorstore",
        reads="any array of two dimensions or more, by its path: params.embed.embedding",
    )
    filters_last = True

    def claims_folder(self, folder: Path) -> bool:
        """A step is one thing."""
        return _home(folder) is not None

    def match(self, source: Source) -> Match:
        """A file alone is no checkpoint."""
        return Match.CERTAIN if source.path.is_dir() and self.claims_folder(source.path) else Match.NO

    def tensors(self, source: Source) -> Mapping[str, Tensor]:
        """Return every array, from the store's list and each array's own header."""
        if "arrays" not in source.memo:
            source.memo["arrays"] = _arrays(source)
        found: dict[str, Tensor] = source.memo["arrays"]
        return found


def _home(folder: Path) -> Path | None:
    places = (folder, *(folder / name for name in _ITEMS))
    return next((place for place in places if (place / _MANIFEST).is_file()), None)


def _arrays(source: Source) -> dict[str, Tensor]:
    tensorstore = needed("tensorstore", "tensorstore", f"{source.name} is an Orbax checkpoint, and")
    base = {"driver": "file", "path": f"{_home(source.path.resolve())}/"}
    try:
        store = tensorstore.KvStore.open({"driver": "ocdbt", "base": base}).result()
        keys = [key.decode("utf-8", "replace") for key in store.list().result()]
        heads = [(key[: -len(end)], driver) for key in keys for end, driver in _HEADS.items() if key.endswith(end)]
        if len(heads) > MOST_TENSORS:
            raise LoadError(f"{source.name} lists {len(heads):,} arrays.", "Open a part of the model.")
        opened = {}
        for name, driver in heads:
            place = {"driver": "ocdbt", "base": base, "path": f"{name}/"}
            opened[name] = tensorstore.open({"driver": driver, "kvstore": place}, open=True, read=True).result()
    except (ValueError, OSError, RuntimeError) as error:
        first = (str(error).strip().splitlines() or [""])[0].rstrip(".")[:200]
        raise LoadError(
            f"{source.name} is no Orbax checkpoint that can be read: {first}.", "Copy the whole folder again."
        ) from error
    return {name: _tensor(name, array) for name, array in opened.items()}


def _tensor(name: str, array: Any) -> Tensor:
    shape = tuple(int(size) for size in array.shape)
    dtype = str(array.dtype.name)
    plain = dtype == "bool" or dtype.startswith(("float", "int", "uint", "bfloat16"))
    info = TensorInfo(name, shape, dtype, prod(shape) * int(array.dtype.numpy_dtype.itemsize))

    def rows(start: int, stop: int) -> NDArray[Any]:
        try:
            numbers = np.asarray((array[start:stop] if shape else array).read().result())
        except (ValueError, OSError, RuntimeError) as error:
            raise LoadError(
                f"A part of {name[:60]!r} is damaged or missing.", "Copy the whole folder again."
            ) from error
        wide = numbers.astype(np.float32) if numbers.dtype.kind not in "biuf" else numbers  # bfloat16, 8-bit floats
        return wide.reshape(max(1, stop - start), *shape[1:]) if shape else wide.reshape(1)

    return Tensor(info, rows, "" if plain else f"holds {dtype}, which is no number")


LOADER = Orbax()
