"""safetensors, single or in shards: read without the library, every offset checked against the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError, unknown_name
from cartography.progress import report
from loaders.arrays.small_floats import from_bfloat16, from_float8
from loaders.arrays.tensors import TensorInfo, tensor_candidates
from loaders.base import Candidate, Format, Loader, Match, Reading
from loaders.files.limits import check_memory
from loaders.files.source import Source
from loaders.options import Options

__all__ = ["LOADER", "Safetensors", "Stored", "read_index", "read_tensor"]

_LONGEST_HEADER = 100_000_000
_PLAIN = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "u1",
    "BOOL": "u1",
}
_WIDENED = {
    "BF16": "<u2",
    "F8_E4M3": "u1",
    "F8_E5M2": "u1",
    "F8_E8M0": "u1",
    "F8_E4M3FNUZ": "u1",
    "F8_E5M2FNUZ": "u1",
}
_NAMES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "BOOL": "bool"}


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
        return _NAMES.get(self.dtype, self.dtype.replace("I", "int").replace("U", "uint").lower())


class Safetensors(Loader):
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

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the tensors, from the header."""
        return tensor_candidates(
            [TensorInfo(name, one.shape, one.info_dtype, one.nbytes) for name, one in read_index(source).items()]
        )

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one tensor, each of its rows an item."""
        stored = read_index(source)
        if key not in stored:
            raise unknown_name(f"tensor in {source.name}", key, stored)
        report(options.progress, f"Reading {key}", 0.2)
        tensor = read_tensor(source, key, stored[key])
        items = pd.DataFrame(index=range(len(tensor) if tensor.ndim else 0))
        return Reading(tensor, items, provenance={"dtype": stored[key].info_dtype, "shape": list(tensor.shape)})


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


def read_tensor(source: Source, name: str, stored: Stored) -> NDArray[Any]:
    """Return one tensor; types that NumPy lacks are widened to float32, exactly."""
    check_memory(prod(stored.shape) * 4, name)
    kind = _PLAIN.get(stored.dtype) or _WIDENED.get(stored.dtype)
    if kind is None:
        raise LoadError(
            f"The tensor {name!r} has the type {stored.dtype}, which cannot be shown.",
            "Convert it to float32, for example with tensor.float(), and save it again.",
        )
    with source.path.open("rb") as stream:
        stream.seek(stored.offset)
        flat = np.fromfile(stream, dtype=kind, count=prod(stored.shape))
    if flat.size != prod(stored.shape):
        raise LoadError(f"{source.name} ends before the tensor {name!r} is complete.")
    if stored.dtype == "BF16":
        flat = from_bfloat16(flat)
    elif stored.dtype.startswith("F8"):
        flat = from_float8(flat, stored.dtype[3:])
    return flat.reshape(stored.shape)


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
    kind = _PLAIN.get(dtype) or _WIDENED.get(dtype)
    expected = prod(shape) * np.dtype(kind).itemsize if kind else last - first
    if expected != last - first:
        raise LoadError(
            f"The tensor {name[:60]!r} of {source.name} should have {expected:,} bytes for its shape, "
            f"but {last - first:,} are set aside for it.",
            "Copy or download the file again.",
        )
    return Stored(dtype, shape, start + first, last - first)


LOADER = Safetensors()
