"""Walks through a JSON text one value at a time, so that a large file never becomes one large object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from cartography.errors import LoadError
from loaders.files.limits import MAX_DEPTH

__all__ = ["elements", "first_sign", "members", "nested_too_deep", "parse"]

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)


def first_sign(text: str) -> str:
    """Return the first character that is not space: "{" for an object, "[" for an array."""
    place = _after_space(text, 0)
    return text[place : place + 1]


def elements(text: str, name: str, cut: bool = False) -> Iterator[Any]:
    """Yield the elements of the array that `text` is. `cut` says that the text may end anywhere, in silence.

    Raises `LoadError` with line and column where the text is not JSON.
    """
    place = _after_space(text, _after_space(text, 0) + 1)
    if text[place : place + 1] == "]":
        return
    while True:
        try:
            value, place = _decode(text, place, name)
        except LoadError:
            if cut:
                return
            raise
        yield value
        place = _after_space(text, place)
        sign = text[place : place + 1]
        if sign == "]":
            _check_end(text, place + 1, name)
            return
        if sign != ",":
            if cut and not sign:
                return
            raise _unexpected(text, place, name, "a comma or the end of the list")
        place = _after_space(text, place + 1)


def members(text: str, name: str, cut: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield the members of the object that `text` is, repeated names included. As `elements` otherwise."""
    place = _after_space(text, _after_space(text, 0) + 1)
    if text[place : place + 1] == "}":
        return
    while True:
        try:
            key, place = _decode(text, place, name)
            place = _after_space(text, place)
            if not isinstance(key, str) or text[place : place + 1] != ":":
                raise _unexpected(text, place, name, "a name and a colon")
            value, place = _decode(text, _after_space(text, place + 1), name)
        except LoadError:
            if cut:
                return
            raise
        yield key, value
        place = _after_space(text, place)
        sign = text[place : place + 1]
        if sign == "}":
            _check_end(text, place + 1, name)
            return
        if sign != ",":
            if cut and not sign:
                return
            raise _unexpected(text, place, name, "a comma or the end of the object")
        place = _after_space(text, place + 1)


def parse(text: str, name: str, line: int = 0) -> Any:
    """Return the value of one text; `line` (from 1) names it in errors."""
    where = f"line {line:,} of {name}" if line else name
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise LoadError(
            f"{where[0].upper()}{where[1:]} is not JSON: {error.msg} at column {error.colno:,}."
        ) from error
    except (RecursionError, ValueError) as error:
        raise _too_deep(where, error) from error


def nested_too_deep(data: bytes) -> bool:
    """Whether brackets nest deeper than the limit; brackets inside texts count too, so this errs on the safe side."""
    import numpy as np

    signs = np.frombuffer(data, dtype=np.uint8) | 0x20  # [ becomes {, ] becomes }
    places = np.flatnonzero((signs == 0x7B) | (signs == 0x7D))
    steps = np.where(signs[places] == 0x7B, 1, -1)
    return bool(len(steps)) and int(np.cumsum(steps).max()) > MAX_DEPTH


def _decode(text: str, place: int, name: str) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, place)
    except json.JSONDecodeError as error:
        if place >= len(text) or error.pos >= len(text) - 1:
            raise LoadError(
                f"{name} ends in the middle of a value; it was cut short.", "Copy or write it again."
            ) from error
        raise LoadError(
            f"{name} is not JSON at line {error.lineno:,}, column {error.colno:,}: {error.msg}."
        ) from error
    except (RecursionError, ValueError) as error:
        raise _too_deep(name, error) from error


def _too_deep(name: str, error: Exception) -> LoadError:
    if isinstance(error, RecursionError):
        return LoadError(f"{name} is nested too deep.", f"At most {MAX_DEPTH} levels are needed for vectors.")
    return LoadError(f"{name} holds a number that cannot be read: {str(error)[:80]}.")


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _check_end(text: str, place: int, name: str) -> None:
    place = _after_space(text, place)
    if place < len(text):
        raise _unexpected(text, place, name, "the end of the file")


def _unexpected(text: str, place: int, name: str, expected: str) -> LoadError:
    if place >= len(text):
        return LoadError(f"{name} ends where {expected} should follow; it was cut short.", "Copy or write it again.")
    line = text.count("\n", 0, place) + 1
    return LoadError(f"{name}, line {line:,}: found {text[place : place + 12]!r} where {expected} should be.")
