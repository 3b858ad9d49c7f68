"""Conditions as pieces of an address, and back.

    where=Origin:Japan|Europe       one of these groups
    where=Weight:2000..3000         from 2000 to 3000; either end may be left open
    where=Horsepower:..100|~        up to 100, or no value
    where=Cylinders:~               no value

Dates count in nanoseconds since 1970. A backslash takes the meaning from the character behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cartography.errors import CartographyError
from cartography.records import Filter

__all__ = ["filter_pairs", "read_filters"]

_MOST = 16  # conditions in an address
_MEANING = re.compile(r"([\\:|~]|\.(?=\.))")
_PIECES = re.compile(r"\\(.)|(\.\.)|([:|~])|(.)", re.DOTALL)
_MISSING = "~"
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?")


def filter_pairs(filters: Iterable[Filter]) -> Iterator[tuple[str, str]]:
    """Yield each condition as a name and a value; those that cannot be read again are left out."""
    for one in filters:
        text = _written(one)
        if read_filters([text]) == (one,) and text.isprintable():
            yield "where", text


def read_filters(said: Iterable[str]) -> tuple[Filter, ...]:
    """Return the conditions that an address tells, one a column; what is none is passed over."""
    found: dict[str, Filter] = {}
    for text in said:
        try:
            one = _read(text)
        except (ValueError, CartographyError):
            continue
        if len(found) < _MOST:
            found.setdefault(one.column, one)
    return tuple(found.values())


def _written(by: Filter) -> str:
    missing = [_MISSING] if by.missing else []
    if by.values is None:
        bounds = "..".join("" if bound is None else _number(bound) for bound in (by.low, by.high))
        return f"{_quoted(by.column)}:{'|'.join([bounds, *missing])}"
    return f"{_quoted(by.column)}:{'|'.join([*map(_quoted, by.values), *missing])}"


def _read(text: str) -> Filter:
    """One condition; `ValueError` for anything else."""
    column, colon, said = _parted(text)
    if not column or not colon:
        raise ValueError(text)
    choices = _choices(said)
    missing = choices[-1:] == [[(_MISSING, True)]]
    choices = choices[:-1] if missing else choices
    if any(("..", True) in choice for choice in choices):
        if len(choices) != 1:
            raise ValueError(text)
        place = choices[0].index(("..", True))
        low, high = (_bound(part) for part in (choices[0][:place], choices[0][place + 1 :]))
        return Filter(column, low=low, high=high, missing=missing)
    values = ["".join(piece for piece, _ in choice) for choice in choices]
    return Filter(column, tuple(dict.fromkeys(filter(None, values))), missing=missing)


_Pieces = list[tuple[str, bool]]


def _parted(text: str) -> tuple[str, bool, _Pieces]:
    """The column, whether a colon ends it, and the pieces behind it: texts, and whether each has a meaning."""
    pieces: _Pieces = []
    for escaped, dots, sign, plain in _PIECES.findall(text):
        pieces.append((escaped or dots or sign or plain, bool(dots or sign)))
    end = next((place for place, piece in enumerate(pieces) if piece == (":", True)), len(pieces))
    return "".join(piece for piece, _ in pieces[:end]), end < len(pieces), pieces[end + 1 :]


def _choices(pieces: _Pieces) -> list[_Pieces]:
    choices: list[_Pieces] = [[]]
    for piece in pieces:
        if piece == ("|", True):
            choices.append([])
        else:
            choices[-1].append(piece)
    return choices


def _bound(pieces: _Pieces) -> float | None:
    text = "".join(piece for piece, _ in pieces)
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    number = float(text)
    if abs(number) == float("inf"):
        raise ValueError(text)
    return number


def _number(value: float) -> str:
    """The shortest text that is read as the same number."""
    whole = float(value).is_integer() and abs(value) < 1e16
    return str(int(value)) if whole else repr(float(value))


def _quoted(text: str) -> str:
    return _MEANING.sub(r"\\\1", text)
