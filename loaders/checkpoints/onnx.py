"""ONNX models: their initialisers, also in files of external data within the folder; without the onnx package.

Field numbers are those of `onnx/onnx.proto`.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.arrays.checkpoint import MOST_TENSORS, Checkpoint, Rows, Tensor, rows_in_file, stored_type, widened
from loaders.arrays.tensors import TensorInfo
from loaders.base import Format, Match
from loaders.files.source import Source
from loaders.wire.protobuf import Field, fields, numbers, text, varints

__all__ = ["LOADER", "Onnx"]

_GRAPH, _OPSET, _NODE, _INITIALISER = 7, 8, 1, 5
_DIMS, _TYPE, _FLOATS, _INT32, _INT64, _NAME, _RAW = 1, 2, 4, 5, 7, 8, 9
_DOUBLES, _UINT64, _EXTERNAL, _LOCATION = 10, 11, 13, 14
_NUMBERS = (_FLOATS, _INT32, _INT64, _RAW, _DOUBLES, _UINT64)
_TYPES = {
    1: "float32",
    2: "uint8",
    3: "int8",
    4: "uint16",
    5: "int16",
    6: "int32",
    7: "int64",
    9: "bool",
    10: "float16",
    11: "float64",
    12: "uint32",
    13: "uint64",
    14: "complex64",
    15: "complex128",
    16: "bfloat16",
    17: "float8_e4m3fn",
    18: "float8_e4m3fnuz",
    19: "float8_e5m2",
    20: "float8_e5m2fnuz",
    24: "float8_e8m0fnu",
}
_NAMES = {8: "text", 21: "uint4", 22: "int4", 23: "float4_e2m1"}
_DAMAGED = "Export or download the model again."


class Onnx(Checkpoint):
    """One model file."""

    format = Format("ONNX", (".onnx",), reads="an initialiser or constant of two dimensions or more")

    def match(self, source: Source) -> Match:
        """The file is a protobuf message with a version, a graph and its operator sets; ONNX has no magic number."""
        if source.head[:1] == b"\x08" and not source.compression and _is_model(source):
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".onnx" else Match.NO

    def tensors(self, source: Source) -> dict[str, Tensor]:
        """Return every initialiser, from the fields that describe it."""
        if "onnx" not in source.memo:
            path = source.plain_path()
            with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                source.memo["onnx"] = _tensors(data, source)
        found: dict[str, Tensor] = source.memo["onnx"]
        return found


def _is_model(source: Source) -> bool:
    try:
        with source.path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            found = {}
            for one in fields(data):
                found[one.number] = one.wire
                if one.number > 64 or len(found) > 32:
                    return False
            return found.get(1) == 0 and found.get(_GRAPH) == 2 and found.get(_OPSET, found.get(2)) == 2
    except (LoadError, ValueError, OSError):
        return False


def _tensors(data: Any, source: Source) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for graph in (one for one in fields(data) if one.number == _GRAPH and one.wire == 2):
        for place, (name, message) in enumerate(_described(data, graph)):
            tensor = _tensor(data, message, source, name or f"tensor {place}")
            found.setdefault(tensor.info.name, tensor)
            if len(found) > MOST_TENSORS:
                raise LoadError(f"{source.name} holds more than {MOST_TENSORS:,} tensors.", _DAMAGED)
    return found


def _described(data: Any, graph: Field) -> Iterator[tuple[str, Field]]:
    """Yield initialisers, and the values of Constant nodes under the name of their output."""
    for one in fields(data, graph.start, graph.stop):
        if one.wire == 2 and one.number == _INITIALISER:
            yield "", one
        elif one.wire == 2 and one.number == _NODE:
            yield from _constant(data, one)


def _constant(data: Any, node: Field) -> Iterator[tuple[str, Field]]:
    parts = [one for one in fields(data, node.start, node.stop) if one.wire == 2]
    if not any(one.number == 4 and text(data, one) == "Constant" for one in parts):
        return
    name = next((text(data, one) for one in parts if one.number == 2), "")
    for attribute in (one for one in parts if one.number == 5):
        for inside in fields(data, attribute.start, attribute.stop):
            if inside.number == 5 and inside.wire == 2:
                yield name, inside


@dataclass
class _Described:
    """What the fields of one tensor say."""

    name: str = ""
    kind: int = 0
    shape: list[int] = field(default_factory=list)
    held: dict[int, Field] = field(default_factory=dict)
    outside: bool = False
    external: dict[str, str] = field(default_factory=dict)


def _read(data: Any, message: Field) -> _Described:
    found = _Described()
    for one in fields(data, message.start, message.stop):
        if one.number == _DIMS:
            found.shape += numbers(data, one)
        elif one.number == _TYPE:
            found.kind = one.value
        elif one.number == _NAME:
            found.name = text(data, one)
        elif one.number == _LOCATION:
            found.outside = one.value == 1
        elif one.number == _EXTERNAL and one.wire == 2:
            parts = [text(data, part) for part in fields(data, one.start, one.stop) if part.wire == 2]
            found.external |= {parts[0]: parts[1]} if len(parts) == 2 else {}
        elif one.number in _NUMBERS and one.wire == 2:
            found.held[one.number] = one
    return found


def _tensor(data: Any, message: Field, source: Source, fallback: str) -> Tensor:
    found = _read(data, message)
    name, shape = found.name or fallback, tuple(found.shape)
    if any(n < 0 for n in shape) or len(shape) > 32 or prod(shape) >= 1 << 60:
        raise LoadError(f"{source.name} describes {name[:60]!r} badly: its shape is {shape[:8]}.", _DAMAGED)
    dtype = _TYPES.get(found.kind, _NAMES.get(found.kind, f"type {found.kind}"))
    stored = stored_type(dtype)
    info = TensorInfo(name, shape, dtype, prod(shape) * (stored.itemsize if stored else 0))
    why = "" if stored else f"has the type {dtype}, which cannot be shown"
    why = "holds complex numbers" if stored is not None and stored.kind == "c" else why
    if why or not prod(shape):
        return Tensor(info, _nothing, why)
    if found.outside:
        return Tensor(info, *_outside(found.external, source, info))
    return Tensor(info, _held(found.held, source.path, info))


def _nothing(_start: int, _stop: int) -> NDArray[Any]:
    raise LoadError("The tensor has no numbers that can be shown.", _DAMAGED)


def _held(held: dict[int, Field], path: Path, info: TensorInfo) -> Rows:
    """Return how a tensor is read whose numbers lie in the model: as raw bytes, or in a field for their type."""
    for number in (_RAW, _FLOATS, _DOUBLES):
        one = held.get(number)
        if one is not None and one.stop - one.start == info.nbytes and (number == _RAW or "float" in info.dtype):
            return rows_in_file(path, one.start, info.shape, info.dtype)
    packed = next((held[number] for number in (_INT32, _INT64, _UINT64) if number in held), None)
    if packed is None or _RAW in held:
        size = sum(one.stop - one.start for one in held.values())
        raise LoadError(
            f"{info.name[:60]!r} of {path.name} should have {info.nbytes:,} bytes, but {size:,} are there.",
            _DAMAGED,
        )
    place, length = packed.start, packed.stop - packed.start
    kind = stored_type(info.dtype)

    def rows(start: int, stop: int) -> NDArray[Any]:
        with path.open("rb") as stream:
            stream.seek(place)
            values = varints(stream.read(length))
        if len(values) != prod(info.shape):
            raise LoadError(f"The tensor {info.name[:60]!r} has {len(values):,} numbers for its shape.", _DAMAGED)
        halves = values.astype(np.uint16).view(np.float16) if info.dtype == "float16" else None
        stored = halves if halves is not None else values.view(np.int64).astype(kind)
        whole = widened(stored, info.dtype).reshape(info.shape)
        return whole[start:stop] if info.shape else whole.reshape(1)

    return rows


def _outside(external: dict[str, str], source: Source, info: TensorInfo) -> tuple[Rows, str]:
    """Return how a tensor in another file of the same folder is read, or why it is not."""
    location = external.get("location", "")
    other = source.beside(location) if location else None
    if other is None:
        return _nothing, f"lies in {location[:60]!r}, which is not beside the model"
    offset, length = external.get("offset", "0"), external.get("length", str(info.nbytes))
    if not (offset.isdecimal() and length.isdecimal() and len(offset) < 20 and len(length) < 20):
        raise LoadError(f"{source.name} says badly where {info.name[:60]!r} lies.", _DAMAGED)
    if int(length) != info.nbytes or int(offset) + info.nbytes > other.size:
        raise LoadError(
            f"{other.name} is cut short: {info.name[:60]!r} should end at byte {int(offset) + info.nbytes:,}, "
            f"the file has {other.size:,}.",
            _DAMAGED,
        )
    return rows_in_file(other.path, int(offset), info.shape, info.dtype), ""


LOADER = Onnx()
