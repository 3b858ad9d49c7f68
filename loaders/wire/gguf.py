"""The header of a GGUF file: its metadata and where its tensors lie, every count held against the file.

The layout is that of `ggml/docs/gguf.md`, versions 1 to 3, in either byte order.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import prod
from typing import Any

from cartography.errors import LoadError
from loaders.arrays.ggml_blocks import BLOCKS, BlockType

__all__ = ["Header", "Stored", "TYPES", "read_header"]

_DAMAGED = "Copy or download the file again."
_LONGEST_TEXT = 16 << 20
_MOST_KEPT = 1 << 24
_VALUES = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _ARRAY = 8, 9
TYPES = {
    0: "float32",
    1: "float16",
    2: "Q4_0",
    3: "Q4_1",
    6: "Q5_0",
    7: "Q5_1",
    8: "Q8_0",
    9: "Q8_1",
    10: "Q2_K",
    11: "Q3_K",
    12: "Q4_K",
    13: "Q5_K",
    14: "Q6_K",
    15: "Q8_K",
    16: "IQ2_XXS",
    17: "IQ2_XS",
    18: "IQ3_XXS",
    19: "IQ1_S",
    20: "IQ4_NL",
    21: "IQ3_S",
    22: "IQ2_S",
    23: "IQ4_XS",
    24: "int8",
    25: "int16",
    26: "int32",
    27: "int64",
    28: "float64",
    29: "IQ1_M",
    30: "bfloat16",
    34: "TQ1_0",
    35: "TQ2_0",
    39: "MXFP4",
}
_PLAIN = {"float32": 4, "float16": 2, "bfloat16": 2, "float64": 8, "int8": 1, "int16": 2, "int32": 4, "int64": 8}


@dataclass(frozen=True)
class Stored:
    """A tensor: its shape with the rows first (ggml has them last), its type, its first byte and its length."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    offset: int
    nbytes: int


@dataclass(frozen=True, eq=False)
class Header:
    """Metadata by key, tensors in order, and the byte order."""

    metadata: dict[str, Any]
    tensors: list[Stored]
    big_endian: bool


class _Reader:
    """Reads forward through the header, never past the end of the file."""

    def __init__(self, data: Any, name: str) -> None:
        self.data, self.name, self.place, self.order = data, name, 4, "<"

    def number(self, code: str) -> Any:
        """Return one number of a struct code."""
        size = struct.calcsize(code)
        self.need(size)
        value = struct.unpack_from(self.order + code, self.data, self.place)[0]
        self.place += size
        return value

    def need(self, size: int) -> None:
        """Raise `LoadError` when `size` more bytes are not there."""
        if self.place + size > len(self.data):
            raise LoadError(
                f"{self.name} is damaged or cut short: its header asks for {size:,} bytes after byte {self.place:,}, "
                f"the file has {len(self.data):,}.",
                _DAMAGED,
            )

    def text(self, code: str) -> str:
        """Return a text behind its length."""
        length = self.number(code)
        if length > _LONGEST_TEXT:
            raise LoadError(f"{self.name} is damaged: a text in its header has {length:,} bytes.", _DAMAGED)
        self.need(length)
        value = self.data[self.place : self.place + length].decode("utf-8", "replace")
        self.place += length
        return str(value)


def read_header(data: Any, name: str) -> Header:
    """Return the header of a file that is mapped into memory. Raises `LoadError` when it does not fit the file."""
    reader = _Reader(data, name)
    version = reader.number("I")
    if version > 0xFFFF:
        reader.order, reader.place = ">", 4
        version = reader.number("I")
    if version not in (1, 2, 3):
        raise LoadError(f"{name} is GGUF of version {version}; versions 1 to 3 are read.", _DAMAGED)
    length = "I" if version == 1 else "Q"
    tensors, pairs = reader.number(length), reader.number(length)
    if pairs * 9 + tensors * 20 > len(data):
        raise LoadError(
            f"{name} is damaged: {tensors:,} tensors and {pairs:,} entries should be in its {len(data):,} bytes.",
            _DAMAGED,
        )
    metadata = {}
    for _ in range(pairs):
        key = reader.text(length)
        metadata[key] = _value(reader, reader.number("I"), length)
    described = [_described(reader, length) for _ in range(tensors)]
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20:
        raise LoadError(f"{name} is damaged: its alignment is {alignment!r:.40}.", _DAMAGED)
    start = -(-reader.place // alignment) * alignment
    stored = [_stored(one, start, len(data), name) for one in described]
    return Header(metadata, stored, reader.order == ">")


def _value(reader: _Reader, kind: int, length: str, depth: int = 0) -> Any:
    if kind == _TEXT:
        return reader.text(length)
    if kind in _VALUES:
        return reader.number(_VALUES[kind])
    if kind != _ARRAY or depth > 2:
        raise LoadError(f"{reader.name} is damaged: its header holds a value of type {kind}.", _DAMAGED)
    inner, count = reader.number("I"), reader.number(length)
    if inner in _VALUES:
        size = struct.calcsize(_VALUES[inner]) * count
        reader.need(size)
        reader.place += size
        return None  # scores and types of tokens: not needed
    reader.need(count)
    if count > _MOST_KEPT:
        raise LoadError(f"{reader.name} holds a list of {count:,} entries in its header.", _DAMAGED)
    return [_value(reader, inner, length, depth + 1) for _ in range(count)]


def _described(reader: _Reader, length: str) -> tuple[str, tuple[int, ...], int, int]:
    name = reader.text(length)
    axes = reader.number("I")
    if axes > 8:
        raise LoadError(f"{reader.name} is damaged: the tensor {name[:60]!r} has {axes:,} dimensions.", _DAMAGED)
    shape = tuple(reader.number(length) for _ in range(axes))[::-1]
    return name, shape, reader.number("I"), reader.number("Q")


def _stored(described: tuple[str, tuple[int, ...], int, int], start: int, size: int, file: str) -> Stored:
    name, shape, kind, offset = described
    dtype = TYPES.get(kind, f"type {kind}")
    block = BLOCKS.get(dtype) or BlockType(1, _PLAIN.get(dtype, 0))
    if shape and shape[-1] % block.elements:
        raise LoadError(f"{file} is damaged: {name[:60]!r} has rows of {shape[-1]:,} numbers in {dtype}.", _DAMAGED)
    nbytes = prod(shape) // block.elements * block.nbytes
    if start + offset + nbytes > size:
        raise LoadError(
            f"{file} is cut short: the tensor {name[:60]!r} should end at byte {start + offset + nbytes:,}, "
            f"the file has {size:,}.",
            _DAMAGED,
        )
    return Stored(name, shape, dtype, start + offset, nbytes)
