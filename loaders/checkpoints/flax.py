"""Flax / JAX checkpoints in msgpack, without Flax: arrays are extensions of (shape, type, bytes).

The extension codes are those of `flax/serialization.py`: 1 an array, 3 a single number; arrays beyond 1 GB come in
chunks under `__msgpack_chunked_array__`.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.arrays.checkpoint import MOST_TENSORS, Checkpoint, Rows, Tensor, rows_in_file, stored_type
from loaders.arrays.tensors import TensorInfo
from loaders.base import Format, Match
from loaders.files.source import Source
from loaders.wire.msgpack import Extension, unpack

__all__ = ["LOADER", "Flax"]

_ARRAY = re.compile(rb"(\xc7.|\xc8..|\xc9....)\x01\x93", re.DOTALL)
_LONGEST_NAMES = 1 << 27
_CHUNKED = "__msgpack_chunked_array__"
_DAMAGED = "Copy or download the file again."


class Flax(Checkpoint):
    """A tree of parameters."""

    format = Format(
        "Flax msgpack",
        (".msgpack", ".flax"),
        reads="any array of two dimensions or more, by its path: params/embed/embedding",
    )
    filters_last = True

    def match(self, source: Source) -> Match:
        """A msgpack mapping with an array of Flax in it."""
        first = source.head[:1]
        if (b"\x81" <= first <= b"\x8f" or first in (b"\xde", b"\xdf")) and _ARRAY.search(source.head):
            return Match.CERTAIN
        return Match.NAME if source.suffix in self.format.suffixes else Match.NO

    def tensors(self, source: Source) -> dict[str, Tensor]:
        """Return every array, from the tree."""
        if "flax" not in source.memo:
            path = source.plain_path()
            with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                tree, _ = unpack(data)
                source.memo["flax"] = dict(_tensors(data, tree, source))
        found: dict[str, Tensor] = source.memo["flax"]
        return found


def _tensors(data: Any, tree: Any, source: Source) -> Iterator[tuple[str, Tensor]]:
    held = 0
    for count, (path, value) in enumerate(_leaves(tree, "")):
        held += len(path)
        if count > MOST_TENSORS or held > _LONGEST_NAMES:
            raise LoadError(f"{source.name} holds too many arrays or names.", _DAMAGED)
        make = _chunked if isinstance(value, dict) else _array
        yield path, make(data, path, value, source)


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield arrays, and chunked arrays as their mapping, by their paths."""
    if isinstance(value, Extension):
        if value.code == 1:
            yield path or "array", value
    elif isinstance(value, dict) and _CHUNKED in value:
        yield path, value
    elif isinstance(value, (dict, list)):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in pairs:
            yield from _leaves(one, f"{path}/{key}" if path else str(key))


def _array(data: Any, name: str, one: Extension, source: Source) -> Tensor:
    shape, dtype, place, length = _described(data, one, source)
    kind = stored_type(dtype)
    info = TensorInfo(name, shape, dtype, length)
    if kind is None or kind.kind == "c":
        return Tensor(info, _nothing, f"has the type {dtype}, which cannot be shown")
    if prod(shape) * kind.itemsize != length:
        raise LoadError(f"{source.name} is damaged: {name[:60]!r} has {length:,} bytes for {shape[:8]}.", _DAMAGED)
    return Tensor(info, rows_in_file(source.path, place, shape, dtype))


def _described(data: Any, one: Extension, source: Source) -> tuple[tuple[int, ...], str, int, int]:
    """Return shape, type, first byte and length of an array."""
    value, _ = unpack(data, one.start, one.stop)
    if not (isinstance(value, list) and len(value) == 3 and isinstance(value[2], Extension)):
        raise LoadError(f"{source.name} is damaged: an array in it is not described as Flax does.", _DAMAGED)
    shape, dtype, held = value
    whole = isinstance(shape, list) and len(shape) <= 32 and all(type(n) is int and n >= 0 for n in shape)
    if not whole or not isinstance(dtype, str):
        raise LoadError(f"{source.name} is damaged: an array in it has no proper shape.", _DAMAGED)
    return tuple(shape), dtype[:40], held.start, held.stop - held.start


def _chunked(data: Any, name: str, value: dict[str, Any], source: Source) -> Tensor:
    """Return an array that is stored as flat chunks, one after another."""
    sizes, chunks = value.get("shape"), value.get("chunks")
    shape = tuple(sizes.values()) if isinstance(sizes, dict) else ()
    parts = [one for one in chunks.values() if isinstance(one, Extension)] if isinstance(chunks, dict) else []
    if not parts or not all(type(n) is int and n >= 0 for n in shape):
        raise LoadError(f"{source.name} is damaged: the chunks of {name[:60]!r} make no sense.", _DAMAGED)
    tensors = [_array(data, name, one, source) for one in parts]
    dtype, lengths = tensors[0].info.dtype, [prod(one.info.shape) for one in tensors]
    if sum(lengths) != prod(shape) or len({one.info.dtype for one in tensors}) > 1:
        raise LoadError(f"{source.name} is damaged: the chunks of {name[:60]!r} do not fill {shape[:8]}.", _DAMAGED)
    info = TensorInfo(name, shape, dtype, sum(one.info.nbytes for one in tensors))
    return Tensor(info, _across(tensors, lengths, shape), tensors[0].why)


def _across(tensors: list[Tensor], lengths: list[int], shape: tuple[int, ...]) -> Rows:
    edges = np.concatenate([[0], np.cumsum(lengths)])
    inner = prod(shape[1:])

    def rows(start: int, stop: int) -> NDArray[Any]:
        first, last = start * inner, stop * inner
        parts = [
            one.rows(int(max(first - low, 0)), int(min(last, high) - low))
            for one, low, high in zip(tensors, edges[:-1], edges[1:], strict=True)
            if low < last and high > first
        ]
        return np.concatenate(parts).reshape((stop - start, *shape[1:]))

    return rows


def _nothing(_start: int, _stop: int) -> NDArray[Any]:
    raise LoadError("The array has no numbers that can be shown.", _DAMAGED)


LOADER = Flax()
