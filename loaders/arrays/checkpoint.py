"""What all checkpoint formats share: tensors that are listed from headers and read by ranges of rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError, unknown_name
from cartography.progress import Progress, report
from loaders.arrays.small_floats import from_bfloat16, from_float8
from loaders.arrays.tensors import TensorInfo, tensor_candidates
from loaders.base import Candidate, Loader, Reading
from loaders.files.limits import check_memory, size_text
from loaders.files.source import Source
from loaders.options import Options

__all__ = ["MOST_TENSORS", "Checkpoint", "Rows", "Tensor", "rows_in_file", "stored_type", "widened"]

MOST_TENSORS = 200_000
"""Tensors in one file. The largest models of experts have some ten thousand."""

_BLOCK = 1 << 19  # elements read in one go
_FILTERS = ("kernel", "filter")

Rows = Callable[[int, int], NDArray[Any]]
"""Return rows start..stop of a tensor, (stop - start, ...); a tensor without axes has one row."""


@dataclass(frozen=True, eq=False)
class Tensor:
    """A tensor in a file. `why` says why its numbers cannot be shown; empty when they can."""

    info: TensorInfo
    rows: Rows
    why: str = ""
    hint: str = "Convert it to float32 and save it again."

    def read(self, progress: Progress | None = None) -> NDArray[Any]:
        """Return all its numbers, read block by block. Raises `LoadError` when they cannot be shown."""
        name, shape = self.info.name, self.info.shape
        self.check()
        check_memory(prod(shape) * 4, f"The tensor {name[:60]!r}")
        n, inner = (shape[0] if shape else 1), prod(shape[1:])
        if prod(shape) == 0:
            return np.empty(shape, dtype=np.float32)
        step = max(1, _BLOCK // max(inner, 1))
        first = self.rows(0, min(step, n))
        if step >= n:
            report(progress, f"Reading {name}", 0.5)
            return first.reshape(shape)
        result = np.empty((n, *shape[1:]), dtype=first.dtype)
        result[:step] = first
        for start in range(step, n, step):
            report(progress, f"Reading {name}", 0.8 * start / n)
            result[start : start + step] = self.rows(start, min(start + step, n))
        return result

    def check(self) -> None:
        """Raise `LoadError` when its numbers cannot be shown."""
        if self.why:
            raise LoadError(f"The tensor {self.info.name[:60]!r} {self.why}.", self.hint)


class Checkpoint(Loader):
    """A format whose content is tensors by name.

    `filters_last` says that the format keeps the filters of a convolution on the last axis, as Keras and JAX do;
    they are moved to the front, so that each is one item.
    """

    filters_last: bool = False

    @abstractmethod
    def tensors(self, source: Source) -> Mapping[str, Tensor]:
        """Return every tensor by name, from headers alone. Raises `LoadError` when header and file disagree."""

    def items(self, source: Source, tensor: Tensor) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Return what the file itself says of the rows of a tensor, and notes on that."""
        return pd.DataFrame(index=range(tensor.info.shape[0] if tensor.info.shape else 0)), ()

    def notes(self, source: Source) -> tuple[str, ...]:
        """Return sentences on what was left out of the whole file."""
        return ()

    def probe(self, source: Source, options: Options) -> list[Candidate]:
        """List the tensors, from the header."""
        infos = [self._turned(tensor.info) for tensor in self.tensors(source).values()]
        return tensor_candidates(infos)

    def nothing_found(self, source: Source) -> LoadError:
        """Say which tensors there are instead of vectors."""
        found = list(self.tensors(source).values())
        listed = ", ".join(f"{one.info.name[:60]} {_shape(one.info.shape)}" for one in found[:6])
        return LoadError(
            f"{source.name} ({self.format.name}) holds no vectors: "
            + (f"its tensors have one dimension or none: {listed}." if found else "there is no tensor in it."),
            "Vectors are a tensor of two dimensions or more, with at least one row.",
        )

    def read(self, source: Source, key: str, options: Options) -> Reading:
        """Read one tensor, each of its rows an item."""
        known = self.tensors(source)
        if key not in known:
            raise unknown_name(f"tensor in {source.name}", key, known)
        tensor = known[key]
        report(options.progress, f"Reading {key}", 0.05)
        numbers = tensor.read(options.progress)
        provenance = {"dtype": tensor.info.dtype, "shape": list(numbers.shape)}
        notes = self.notes(source)
        turned = self._turned(tensor.info)
        if turned.shape != tensor.info.shape:
            numbers = np.moveaxis(numbers, -1, 0)
            notes += ("The filters lie on the last axis of this tensor; each filter is one item.",)
            return Reading(numbers, pd.DataFrame(index=range(len(numbers))), notes=notes, provenance=provenance)
        items, said = self.items(source, tensor)
        return Reading(numbers, items, notes=(*notes, *said), provenance=provenance)

    def _turned(self, info: TensorInfo) -> TensorInfo:
        """Return the tensor as it opens: with the filters of a convolution in front."""
        last = info.name.split("/")[-1].split(".")[-1].split(":")[0]
        if not (self.filters_last and len(info.shape) > 2 and last in _FILTERS):
            return info
        return replace(info, shape=(info.shape[-1], *info.shape[:-1]))


_TYPES = {
    "float64": "f8",
    "float32": "f4",
    "float16": "f2",
    "int64": "i8",
    "int32": "i4",
    "int16": "i2",
    "int8": "i1",
    "uint64": "u8",
    "uint32": "u4",
    "uint16": "u2",
    "uint8": "u1",
    "bool": "u1",
    "bfloat16": "u2",
    "float8_e4m3fn": "u1",
    "float8_e5m2": "u1",
    "float8_e4m3fnuz": "u1",
    "float8_e5m2fnuz": "u1",
    "float8_e8m0fnu": "u1",
    "complex64": "c8",
    "complex128": "c16",
}
_EIGHT_BITS = {
    "float8_e4m3fn": "E4M3",
    "float8_e5m2": "E5M2",
    "float8_e4m3fnuz": "E4M3FNUZ",
    "float8_e5m2fnuz": "E5M2FNUZ",
    "float8_e8m0fnu": "E8M0",
}


def stored_type(dtype: str, big_endian: bool = False) -> np.dtype[Any] | None:
    """Return how numbers called `dtype` lie in a file: those that NumPy lacks as whole numbers; None if unknown."""
    code = _TYPES.get(dtype)
    return None if code is None else np.dtype((">" if big_endian else "<") + code)


def widened(stored: NDArray[Any], dtype: str) -> NDArray[Any]:
    """Return numbers as NumPy has them; bfloat16 and 8-bit floats become float32, exactly."""
    if dtype == "bfloat16":
        return from_bfloat16(stored)
    return from_float8(stored, _EIGHT_BITS[dtype]) if dtype in _EIGHT_BITS else stored


def rows_in_file(path: Path, offset: int, shape: Sequence[int], dtype: str, big_endian: bool = False) -> Rows:
    """Return how rows of a tensor that lies in one piece are read: by range, never the whole file."""
    kind = stored_type(dtype, big_endian)
    inner = prod(shape[1:])

    def rows(start: int, stop: int) -> NDArray[Any]:
        if kind is None:
            raise LoadError(f"Numbers of the type {dtype[:40]} cannot be shown.", "Convert them to float32.")
        with path.open("rb") as stream:
            stream.seek(offset + start * inner * kind.itemsize)
            flat = np.fromfile(stream, dtype=kind, count=(stop - start) * inner)
        if flat.size != (stop - start) * inner:
            raise LoadError(
                f"{path.name} ends before row {stop:,} of a tensor of {size_text(prod(shape) * kind.itemsize)}.",
                "Copy or download the file again.",
            )
        return widened(flat, dtype).reshape((stop - start, *shape[1:]))

    return rows


def _shape(shape: tuple[int, ...]) -> str:
    return "(" + " × ".join(map(str, shape)) + ")" if shape else "(a single value)"
