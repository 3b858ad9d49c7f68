"""The arrays of a Zarr hierarchy: what their descriptions say, and their numbers, chunk by chunk.

Layout: the Zarr specifications, version 2 (`.zarray`) and version 3 (`zarr.json`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from cartography.progress import Progress, report
from loaders.files.limits import FREE, RATIO, check_memory, size_text
from loaders.zarr.codecs import TEXTS, texts_of, unpacked
from loaders.zarr.store import Store

__all__ = ["ZarrArray", "arrays_of", "read"]

_MOST_ARRAYS = 2000
_MOST_CHUNKS = 1_000_000


@dataclass(frozen=True)
class ZarrArray:
    """An array: its path in the hierarchy, its shape and chunks, the codecs, and how the names of chunks are made.

    `order` are the axes as they lie in a chunk, outermost first. `texts` says that it holds strings.
    """

    path: str
    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    dtype: np.dtype[Any]
    codecs: tuple[dict[str, Any], ...]
    order: tuple[int, ...]
    prefix: str
    separator: str
    fill: Any = 0
    texts: bool = False

    @property
    def nbytes(self) -> int:
        """Bytes of the numbers in memory."""
        return prod(self.shape) * self.dtype.itemsize


def arrays_of(store: Store) -> list[ZarrArray]:
    """Return every array whose description can be understood. Raises `LoadError` when there is none."""
    found, odd = [], ""
    names = [name for name in store.names() if not name.endswith(".zattrs")][:_MOST_ARRAYS]
    for name in names:
        path = name.rpartition("/")[0]
        whole = store.document(name)
        if name.endswith("zarr.json") and whole.get("node_type") != "array":
            continue
        try:
            found.append(_version_2(path, whole) if name.endswith(".zarray") else _version_3(path, whole))
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            odd = f"{path or 'the array'}: {error}"
    if not found:
        raise LoadError(
            f"This Zarr store holds no array that can be read{f' ({odd[:120]})' if odd else ''}.",
            "Save the array with numpy.save, or write it again with a current zarr.",
        )
    return found


def read(store: Store, array: ZarrArray, progress: Progress | None = None) -> NDArray[Any]:
    """Return the numbers of an array; strings as an array of objects. A chunk that is not there is all `fill`."""
    grid = [range(-(-length // size)) for length, size in zip(array.shape, array.chunks, strict=True)]
    count = prod(map(len, grid))
    if count > _MOST_CHUNKS:
        raise LoadError(f"{array.path} is cut into {count:,} chunks; at most {_MOST_CHUNKS:,} are read.")
    check_memory(array.nbytes, array.path or "The array")
    result = np.full(array.shape, "" if array.texts else array.fill, dtype=object if array.texts else array.dtype)
    stored = 0
    for done, place in enumerate(product(*grid)):
        data = store.get(_name(array, place))
        if data is not None:
            stored += len(data)
            _put(result, array, place, data)
        elif (done + 1) * prod(array.chunks) * array.dtype.itemsize > FREE + RATIO * stored:
            raise _empty(array, stored)
        report(progress, f"Reading {array.path}", 0.8 * (done + 1) / count)
    return result


def _put(result: NDArray[Any], array: ZarrArray, place: Sequence[int], data: bytes) -> None:
    inner = tuple(array.chunks[axis] for axis in array.order)
    size = prod(inner) * array.dtype.itemsize
    plain = unpacked(data, array.codecs, None if array.texts else size, array.path)
    if array.texts:
        flat: NDArray[Any] = np.array(texts_of(plain, prod(inner)), dtype=object)
    elif len(plain) != size:
        raise LoadError(
            f"A chunk of {array.path} has {len(plain):,} bytes; {size:,} are expected.", "Copy or write it again."
        )
    else:
        flat = np.frombuffer(plain, array.dtype)
    chunk = flat.reshape(inner).transpose(np.argsort(array.order))
    corner = [index * length for index, length in zip(place, array.chunks, strict=True)]
    rooms = tuple(
        slice(start, min(start + length, whole))
        for start, length, whole in zip(corner, array.chunks, array.shape, strict=True)
    )
    result[rooms] = chunk[tuple(slice(0, room.stop - room.start) for room in rooms)]


def _name(array: ZarrArray, place: Sequence[int]) -> str:
    key = array.separator.join(map(str, place)) if place else ("0" if not array.prefix else "")
    return "/".join(part for part in (array.path, f"{array.prefix}{key}".strip("/")) if part)


def _version_2(path: str, whole: dict[str, Any]) -> ZarrArray:
    shape, chunks = _sizes(whole["shape"]), _sizes(whole["chunks"])
    codecs = [*(whole.get("filters") or []), *([whole["compressor"]] if whole.get("compressor") else [])]
    texts = any(isinstance(codec, dict) and codec.get("id") == TEXTS for codec in codecs)
    dtype = np.dtype("i8") if texts else np.dtype(str(whole["dtype"]))
    axes = range(len(shape))
    order = tuple(reversed(axes)) if whole.get("order") == "F" else tuple(axes)
    separator = str(whole.get("dimension_separator") or ".")
    return _checked(
        ZarrArray(path, shape, chunks, dtype, tuple(codecs), order, "", separator, whole.get("fill_value"), texts)
    )


def _version_3(path: str, whole: dict[str, Any]) -> ZarrArray:
    shape = _sizes(whole["shape"])
    chunks = _sizes(whole["chunk_grid"]["configuration"]["chunk_shape"])
    codecs = tuple(whole["codecs"])
    names = {codec["name"]: codec.get("configuration") or {} for codec in codecs}
    texts = whole["data_type"] == "string"
    dtype = np.dtype("i8") if texts else np.dtype(str(whole["data_type"]))
    if names.get("bytes", {}).get("endian") == "big":
        dtype = dtype.newbyteorder(">")
    order = tuple(names.get("transpose", {}).get("order") or range(len(shape)))
    encoding = whole.get("chunk_key_encoding") or {}
    inner = encoding.get("configuration") or {}
    plain = encoding.get("name") == "v2"
    separator = str(inner.get("separator") or ("." if plain else "/"))
    prefix = "" if plain else f"c{separator}"
    return _checked(
        ZarrArray(path, shape, chunks, dtype, codecs, order, prefix, separator, whole.get("fill_value"), texts)
    )


def _checked(array: ZarrArray) -> ZarrArray:
    """Refuse a description that makes no sense, and give the fill value its type."""
    if len(array.shape) != len(array.chunks) or min(array.chunks, default=1) < 1 or array.separator not in (".", "/"):
        raise ValueError(f"shape {array.shape} and chunks {array.chunks} do not fit")
    if array.dtype.hasobject or sorted(array.order) != list(range(len(array.shape))):
        raise ValueError(f"it holds {array.dtype}")
    if not all(isinstance(codec, dict) for codec in array.codecs):
        raise ValueError("its codecs are not described")
    fill: Any = array.fill if isinstance(array.fill, (int, float)) else np.nan if array.fill == "NaN" else 0
    fill = fill if array.dtype.kind in "fiub" else np.zeros((), array.dtype)[()]
    return ZarrArray(**{**vars(array), "fill": fill})


def _sizes(value: Any) -> tuple[int, ...]:
    sizes = tuple(int(size) for size in value)
    if any(size < 0 or size > 1 << 48 for size in sizes):
        raise ValueError(f"its shape is {sizes}")
    return sizes


def _empty(array: ZarrArray, stored: int) -> LoadError:
    return LoadError(
        f"{array.path or 'The array'} claims {size_text(array.nbytes)}, of which {size_text(stored)} are there.",
        "Its chunks are missing; copy the whole store again.",
    )
