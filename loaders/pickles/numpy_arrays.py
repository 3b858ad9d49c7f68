"""NumPy arrays that lie within a pickle: their bytes are looked at, nothing is rebuilt by NumPy's own functions.

An array is `_reconstruct(...)` with the state (version, shape, dtype, column-major, bytes), or, from protocol 5 on,
`_frombuffer(bytes, dtype, shape, order)`.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from loaders.pickles.records import Call

__all__ = ["array_in"]

_KINDS = "fiub"


def array_in(value: Any) -> NDArray[Any] | None:
    """Return the array that a record describes, or None when it describes none that can be read."""
    if not isinstance(value, Call):
        return None
    if value.name.endswith("._reconstruct") and isinstance(value.state, tuple) and len(value.state) == 5:
        _, shape, dtype, fortran, data = value.state
        return _array(data, dtype, shape, "F" if fortran is True else "C")
    if value.name.endswith("._frombuffer") and len(value.args) == 4:
        data, dtype, shape, order = value.args
        return _array(data, dtype, shape, "F" if order == "F" else "C")
    return None


def _array(data: Any, dtype: Any, shape: Any, order: Any) -> NDArray[Any] | None:
    kind, raw = _dtype(dtype), _bytes(data)
    if kind is None or raw is None or not isinstance(shape, tuple):
        return None
    if not all(type(size) is int and size >= 0 for size in shape) or prod(shape) * kind.itemsize != len(raw):
        return None
    return np.frombuffer(raw, kind).reshape(shape, order=order)


def _dtype(value: Any) -> np.dtype[Any] | None:
    """Return the type that `dtype("f4", False, True)` with the state (3, "<", ...) describes."""
    if not isinstance(value, Call) or value.name != "numpy.dtype" or not value.args or type(value.args[0]) is not str:
        return None
    name = value.args[0]
    if len(name) < 2 or name[0] not in _KINDS or name[1:] not in ("1", "2", "4", "8"):
        return None
    big = isinstance(value.state, tuple) and len(value.state) > 1 and value.state[1] == ">"
    try:
        return np.dtype((">" if big else "<") + name)
    except TypeError:
        return None


def _bytes(value: Any) -> bytes | None:
    """Return bytes, also those that older protocols write as text: `_codecs.encode(text, "latin1")`."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, Call) and value.name == "_codecs.encode" and value.args and type(value.args[0]) is str:
        try:
            return value.args[0].encode("latin1")
        except UnicodeEncodeError:
            return None
    return None
