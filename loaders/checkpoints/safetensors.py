"""safetensors, single or in shards: read without the library, every offset checked against the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from cartography.errors import LoadError
from loaders.arrays.checkpoint import Checkpoint, Tensor, rows_in_file, stored_type
from loaders.arrays.tensors import TensorInfo
from loaders.base import Format, Match
from loaders.files.source import Source

__all__ = ["LOADER", "Safetensors", "Stored", "read_index"]

_LONGEST_HEADER = 100_000_000
_TYPES = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "F8_E8M0": "float8_e8m0fnu",
    "F8_E4M3FNUZ": "float8_e4m3fnuz",
    "F8_E5M2FNUZ": "float8_e5m2fnuz",
}


@dataclass(frozen=True)
class Stored:
    """Where a tensor lies: its type as the format calls it, its shape, its first byte in the file."""

    dtype: str
    shape: tuple[int, ...]
    offset: int
    nbytes: int

    @property
    def info_dtype(self) -> str:
        """The type as a person would say it."""
        return _TYPES.get(self.dtype, self.dtype.lower())

    def tensor(self, name: str, source: Source) -> Tensor:
        """Return the tensor that lies here."""
        info = TensorInfo(name, self.shape, self.info_dtype, self.nbytes)
        known = self.dtype in _TYPES
        why = "" if known else f"has the type {self.dtype}, which cannot be shown"
        return Tensor(info, rows_in_file(source.path, self.offset, self.shape, self.info_dtype), why)


class Safetensors(Checkpoint):
    """One safetensors file."""

    format = Format(
        "safetensors",
        (".safetensors",),
        reads="any tensor of two dimensions or more; the token table first; bfloat16 and 8-bit floats widened",
    )

    def match(self, source: Source) -> Match:
        """The file begins with the length of a JSON header."""
        length = int.from_bytes(source.head[:8], "little")
        if source.head[8:9] == b"{" and 0 < length <= _LONGEST_HEADER and not source.compression:
            return Match.CERTAIN
        return Match.NAME if source.suffix == ".safetensors" else Match.NO

    def tensors(self, source: Source) -> dict[str, Tensor]:
        """Return every tensor, from the header."""
        return {name: stored.tensor(name, source) for name, stored in read_index(source).items()}


def read_index(source: Source) -> Mapping[str, Stored]:
    """Return where every tensor lies. Raises `LoadError` when the header and the file do not agree."""
    with source.plain_path().open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        if not 0 < length <= min(_LONGEST_HEADER, source.size - 8):
            raise LoadError(
                f"{source.name} is damaged or cut short: its header should have {length:,} bytes, "
                f"the whole file has {source.size:,}.",
                "Copy or download the file again.",
            )
        text = stream.read(length)
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise LoadError(f"The header of {source.name} is not JSON.", "Copy or download the file again.") from error
    if not isinstance(header, dict):
        raise LoadError(f"The header of {source.name} is not a JSON object.")
    return {
        name: _stored(name, entry, 8 + length, source) for name, entry in header.items() if name != "__metadata__"
    }


def _stored(name: str, entry: Any, start: int, source: Source) -> Stored:
    """Check one entry of the header."""
    try:
        dtype, shape = entry["dtype"], tuple(entry["shape"])
        first, last = entry["data_offsets"]
    except (TypeError, KeyError, ValueError) as error:
        raise LoadError(f"The header of {source.name} describes the tensor {name[:60]!r} badly.") from error
    whole = all(type(number) is int and number >= 0 for number in (*shape, first, last))
    if not whole or not isinstance(dtype, str) or last < first or len(shape) > 32:
        raise LoadError(f"The header of {source.name} describes the tensor {name[:60]!r} badly.")
    if start + last > source.size:
        raise LoadError(
            f"{source.name} is cut short: the tensor {name[:60]!r} should end at byte {start + last:,}, "
            f"the file has {source.size:,}.",
            "Copy or download the file again.",
        )
    kind = stored_type(_TYPES.get(dtype, ""))
    expected = prod(shape) * kind.itemsize if kind else last - first
    if expected != last - first:
        raise LoadError(
            f"The tensor {name[:60]!r} of {source.name} should have {expected:,} bytes for its shape, "
            f"but {last - first:,} are set aside for it.",
            "Copy or download the file again.",
        )
    return Stored(dtype, shape, start + first, last - first)


LOADER = Safetensors()
