"""Walks through a JSON text one value at a time, so that a large file never becomes one large object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from cartography.errors import LoadError
from loaders.files.limits import MAX_DEPTH

__all__ = ["JsonText", "check_depth", "elements", "first_sign", "members", "nested_too_deep", "parse"]

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True)
class JsonText:
    """A JSON text and the name of its file.

    `cut` says that it is only the beginning of the file and may end anywhere; `deep` that its values may nest deeper
    than the limit, so that each must be looked through.
    """

    text: str
    name: str
    cut: bool = False
    deep: bool = False


def first_sign(text: str) -> str:
    """Return the first character that is not space: "{" for an object, "[" for an array."""
    place = _after_space(text, 0)
    return text[place : place + 1]


def elements(whole: JsonText) -> Iterator[Any]:
    """Yield the elements of the array that the text is. Raises `LoadError` with the place where it is not JSON."""
    place = _inside(whole.text, "]")
    while place >= 0:
        try:
            value, place = _decode(whole, place)
        except LoadError:
            if whole.cut:
                return
            raise
        yield value
        place = _next(whole, place, "]", "a comma or the end of the list")


def members(whole: JsonText) -> Iterator[tuple[str, Any]]:
    """Yield the members of the object that the text is, repeated names included. As `elements` otherwise."""
    place = _inside(whole.text, "}")
    while place >= 0:
        try:
            key, place = _key(whole, place)
            value, place = _decode(whole, place)
        except LoadError:
            if whole.cut:
                return
            raise
        yield key, value
        place = _next(whole, place, "}", "a comma or the end of the object")


def parse(text: str, name: str, line: int = 0, deep: bool = False) -> Any:
    """Return the value of one text; `line` (from 1) names it in errors."""
    where = f"Line {line:,} of {name}" if line else name
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise LoadError(f"{where} is not JSON: {error.msg} at column {error.colno:,}.") from error
    except (RecursionError, ValueError) as error:
        raise _unreadable(where, error) from error
    if deep:
        check_depth(value, where)
    return value


def nested_too_deep(data: bytes) -> bool:
    """Whether brackets may nest deeper than the limit; brackets inside texts count too, so `check_depth` decides."""
    signs = np.frombuffer(data, dtype=np.uint8) | 0x20  # [ becomes {, ] becomes }
    places = np.flatnonzero((signs == 0x7B) | (signs == 0x7D))
    steps = np.where(signs[places] == 0x7B, 1, -1)
    return bool(len(steps)) and int(np.cumsum(steps).max()) > MAX_DEPTH


def check_depth(value: Any, what: str) -> None:
    """Raise `LoadError` when lists and objects nest deeper than the limit."""
    stack = [(value, 1)]
    while stack:
        one, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise _too_deep(what)
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        stack.extend((child, depth + 1) for child in inner if isinstance(child, (dict, list)))


def _inside(text: str, closing: str) -> int:
    """Return the place of the first value of an array or object; -1 when it is empty."""
    place = _after_space(text, _after_space(text, 0) + 1)
    return -1 if text[place : place + 1] == closing else place


def _next(whole: JsonText, place: int, closing: str, expected: str) -> int:
    """Return the place of the next value; -1 at the end."""
    text = whole.text
    place = _after_space(text, place)
    sign = text[place : place + 1]
    if sign == ",":
        return _after_space(text, place + 1)
    if sign == closing:
        end = _after_space(text, place + 1)
        if end < len(text):
            raise _unexpected(whole, end, "the end of the file")
        return -1
    if whole.cut and not sign:
        return -1
    raise _unexpected(whole, place, expected)


def _key(whole: JsonText, place: int) -> tuple[str, int]:
    key, place = _decode(whole, place)
    place = _after_space(whole.text, place)
    if not isinstance(key, str) or whole.text[place : place + 1] != ":":
        raise _unexpected(whole, place, "a name and a colon")
    return key, _after_space(whole.text, place + 1)


def _decode(whole: JsonText, place: int) -> tuple[Any, int]:
    text, name = whole.text, whole.name
    try:
        value, end = _DECODER.raw_decode(text, place)
    except json.JSONDecodeError as error:
        if place >= len(text) or error.pos >= len(text) - 1 or error.msg.startswith("Unterminated"):
            raise LoadError(f"{name} ends in the middle of a value; it was cut short.", "Copy it again.") from error
        where = f"line {error.lineno:,}, column {error.colno:,}"
        raise LoadError(f"{name} is not JSON at {where}: {error.msg}.") from error
    except (RecursionError, ValueError) as error:
        raise _unreadable(name, error) from error
    if whole.deep:
        check_depth(value, name)
    return value, end


def _unreadable(name: str, error: Exception) -> LoadError:
    if isinstance(error, RecursionError):
        return _too_deep(name)
    return LoadError(f"{name} holds a number that cannot be read: {str(error)[:80]}.")


def _too_deep(name: str) -> LoadError:
    return LoadError(
        f"{name} nests lists and objects more than {MAX_DEPTH} deep.", "Vectors need four levels at most."
    )


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _unexpected(whole: JsonText, place: int, expected: str) -> LoadError:
    text, name = whole.text, whole.name
    if place >= len(text):
        return LoadError(f"{name} ends where {expected} should follow; it was cut short.", "Copy or write it again.")
    line = text.count("\n", 0, place) + 1
    return LoadError(f"{name}, line {line:,}: found {text[place : place + 12]!r} where {expected} should be.")
