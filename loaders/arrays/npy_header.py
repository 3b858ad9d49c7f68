"""The header of NumPy's own format, versions 1 to 3, read and checked without NumPy's help and without `eval`."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from cartography.errors import LoadError
from loaders.files.source import Readable

__all__ = ["MAGIC", "ArrayHeader", "read_header"]

MAGIC = b"\x93NUMPY"
_LONGEST = 1 << 20
_PYTHON_2 = re.compile(r"(\d)L\b")


@dataclass(frozen=True)
class ArrayHeader:
    """What a stored array is: its shape, its type, the order of its axes, and where its data begin."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool
    offset: int

    @property
    def nbytes(self) -> int:
        """Bytes of data that must follow the header."""
        return prod(self.shape) * self.dtype.itemsize

    @property
    def has_objects(self) -> bool:
        """Whether the data are a pickle, which is never read."""
        return self.dtype.hasobject


def read_header(stream: Readable, name: str) -> ArrayHeader:
    """Read the header of the array called `name`. Raises `LoadError` when it is damaged."""
    start = stream.read(8)
    if not start.startswith(MAGIC):
        raise LoadError(
            f"{name} does not begin like a NumPy array (found {start[:6]!r}).", "Save it again with numpy.save."
        )
    if len(start) < 8 or start[6] not in (1, 2, 3):
        raise LoadError(f"{name} is damaged in its first bytes.", "Versions 1 to 3 of the format are read.")
    width = 2 if start[6] == 1 else 4
    length = int.from_bytes(stream.read(width), "little")
    text = stream.read(length) if length <= _LONGEST else b""
    if len(text) != length or not length:
        raise LoadError(f"The header of {name} should have {length:,} bytes; {len(text):,} could be read.")
    fields = _fields(text.decode("utf-8" if start[6] == 3 else "latin-1"), name)
    return ArrayHeader(*_checked(fields, name), offset=8 + width + length)


def _fields(text: str, name: str) -> dict[str, Any]:
    try:
        fields = ast.literal_eval(_PYTHON_2.sub(r"\1", text).strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise LoadError(f"The header of {name} cannot be understood: {text[:60]!r}.") from error
    if not isinstance(fields, dict) or not {"descr", "fortran_order", "shape"} <= set(fields):
        raise LoadError(f"The header of {name} lacks its shape or type: {text[:60]!r}.")
    return fields


def _checked(fields: dict[str, Any], name: str) -> tuple[tuple[int, ...], np.dtype[Any], bool]:
    shape = fields["shape"]
    whole = isinstance(shape, tuple) and all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in shape)
    if not whole or len(shape) > 32:
        raise LoadError(f"The header of {name} gives the shape {str(shape)[:60]}, which is not a shape.")
    try:
        dtype = np.lib.format.descr_to_dtype(fields["descr"])
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, SyntaxError) as error:
        raise LoadError(f"{name} holds the type {str(fields['descr'])[:60]}, which is not known here.") from error
    if dtype.itemsize == 0:
        raise LoadError(f"{name} holds the type {dtype}, which has no size.")
    return shape, dtype, bool(fields["fortran_order"])
