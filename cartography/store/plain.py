"""Records as plain values and arrays, and back, to the bit. What cannot be told like that is not kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.projectors.placing import PLACERS
from cartography.records import Clustering, Fidelity, Level, NeighbourGraph, Projection

__all__ = ["Arrays", "NotPlainError", "restored", "told"]

Arrays = dict[str, NDArray[Any]]

_RECORDS: dict[str, type] = {
    one.__name__: one for one in (Clustering, Fidelity, Level, NeighbourGraph, Projection, *PLACERS)
}


class NotPlainError(TypeError):
    """A result holds something other than records, arrays and plain values."""


def told(value: object, arrays: Arrays, given: Mapping[str, object]) -> Any:
    """Return `value` as JSON can hold it, its arrays put into `arrays`; what is in `given` is only named.

    Raises `NotPlainError`.
    """
    for name, one in given.items():
        if value is one:
            return {"given": name}
    if isinstance(value, np.ndarray):
        return {"array": _array(value, arrays)}
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (tuple, list)):
        return {type(value).__name__: [told(one, arrays, given) for one in value]}
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return {"mapping": {name: told(one, arrays, given) for name, one in value.items()}}
    kind = type(value).__name__
    if _RECORDS.get(kind) is not type(value):
        raise NotPlainError(f"{kind} cannot be kept")
    parts = {field.name: getattr(value, field.name) for field in fields(_RECORDS[kind]) if field.init}
    return {"record": kind, "parts": {name: told(one, arrays, given) for name, one in parts.items()}}


def restored(plain: Any, array: Callable[[str], NDArray[Any]], given: Mapping[str, object]) -> Any:
    """Return what `told` was handed; `array` returns an array by its name. Raises whatever does not fit."""
    if not isinstance(plain, dict):
        return plain
    if "given" in plain:
        return given[plain["given"]]
    if "array" in plain:
        return array(plain["array"])
    if "tuple" in plain:
        return tuple(restored(one, array, given) for one in plain["tuple"])
    if "list" in plain:
        return [restored(one, array, given) for one in plain["list"]]
    if "mapping" in plain:
        return {name: restored(one, array, given) for name, one in plain["mapping"].items()}
    parts = {name: restored(one, array, given) for name, one in plain["parts"].items()}
    return _RECORDS[plain["record"]](**parts)


def _array(value: NDArray[Any], arrays: Arrays) -> str:
    """Return the name of an array; one that is there already, as a view of the same numbers, is not kept twice."""
    if value.dtype.hasobject:
        raise NotPlainError("an array of objects cannot be kept")
    for name, known in arrays.items():
        if _place(known) == _place(value):
            return name
    name = f"array_{len(arrays)}"
    arrays[name] = value
    return name


def _place(array: NDArray[Any]) -> tuple[Any, ...]:
    return array.ctypes.data, array.shape, array.strides, array.dtype.str
