"""What a person types into the search box, read: words, ids, and comparisons with the values of a column.

    ford pickup                 both words, anywhere in an item, in any order
    "ford pickup"               exactly this
    #car 17                     the item with this id, else those whose ids begin so
    Weight > 3000               also >=, <, <=, =, != and 2000..3000 (open: 2000.., ..3000)
    Year >= 1975-06             dates may be a year, a month, a day or a moment
    Origin = Japan|Europe       the whole value, whatever its case; != for all others
    Name: ford                  words within one column
    ford, Weight > 3000         a comma or "and" joins conditions: all must hold

The beginning of a column's name is enough where no other column begins so. Commas and "and" join only where one of
the parts is a comparison or an id; everywhere else they are words. An item without a value fulfils no comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from cartography.columns import Column, Columns
from cartography.errors import ParameterError, unknown_name
from cartography.records import Filter

__all__ = ["Compared", "Id", "Part", "Within", "Words", "parts_of", "phrase_of"]

_JOINTS = re.compile(r'("[^"]*"?)|(,(?!\d{3}(?!\d))|(?<!\d),|(?<!\S)and(?!\S))', re.IGNORECASE)
_OPERATOR = re.compile(r">=|<=|!=|<>|≥|≤|≠|==|=|>|<|:")
_SAME = {"≥": ">=", "≤": "<=", "≠": "!=", "<>": "!=", "==": "="}
_RANGE = re.compile(r"^\s*(\S*?)\s*\.\.\s*(\S*)\s*$")
_RANGED = re.compile(r"^(.*\S)\s+(\S*\.\.\S*)$")
_DATE = re.compile(r"^\d{4}(-\d{1,2}(-\d{1,2}([T ]\d{1,2}(:\d{2}){0,2})?)?)?$")
_BEGINNING = 3  # letters of a name that may stand for it
_LONGEST = 1_000  # characters of a query that are read


@dataclass(frozen=True)
class Words:
    """All of `words` are in the item; `phrase` is how they were typed."""

    phrase: str
    words: tuple[str, ...]
    doubt: str = ""  # what may be wrong when nothing is found


@dataclass(frozen=True)
class Id:
    """The id is this one or, where there is no such item, begins so."""

    text: str


@dataclass(frozen=True)
class Within:
    """A text of one column has all of these words, or is one of them as a whole; `negated`: has another value."""

    column: str
    words: tuple[str, ...]
    whole: bool = False
    negated: bool = False


@dataclass(frozen=True)
class Compared:
    """The value fulfils a condition; `negated`: there is a value, and it does not."""

    by: Filter
    negated: bool = False


Part = Words | Id | Within | Compared


def parts_of(text: str, columns: Columns) -> tuple[Part, ...]:
    """Return what a text asks for; `ParameterError` says what is still missing or wrong."""
    text = text[:_LONGEST].strip()
    if not text:
        return ()
    parts = [part for piece in _pieces(text) for part in _read(piece, columns)]
    if all(isinstance(part, Words) for part in parts):
        doubt = next((part.doubt for part in parts if isinstance(part, Words) and part.doubt), "")
        words = _words(text, doubt)
        return (words,) if words.words else ()
    return tuple(parts)


def phrase_of(parts: tuple[Part, ...]) -> str:
    """Return the words that were typed, for putting the best hits first; empty where there are none."""
    return next((part.phrase for part in parts if isinstance(part, Words)), "")


def _pieces(text: str) -> Iterator[str]:
    """The text, cut at commas and "and" outside quotes; a comma within a number cuts nothing."""
    start = 0
    for joint in _JOINTS.finditer(text):
        if joint[2]:
            yield text[start : joint.start()].strip()
            start = joint.end()
    yield text[start:].strip()


def _read(piece: str, columns: Columns) -> list[Part]:
    if not piece:
        return []
    if piece.startswith('"'):
        return [_words(piece)]
    if piece.startswith("#"):
        if not piece[1:].strip():
            raise ParameterError("Which id?", "Type it behind the #.")
        return [Id(piece[1:].strip())]
    found = _OPERATOR.search(piece)
    ranged = _RANGED.match(piece) if found is None else None
    if ranged is not None:
        left, sign, right = ranged[1], "=", ranged[2]
    elif found is not None:
        left, sign, right = piece[: found.start()], _SAME.get(found[0], found[0]), piece[found.end() :]
    else:
        return [_words(piece)]
    before, column = _column(left.strip(), columns)
    if column is None:
        return [_words(piece, _doubt(left.strip(), sign, columns))]
    return [*([_words(before)] if before else []), _compared(column, sign, right.strip())]


def _words(piece: str, doubt: str = "") -> Words:
    """Quotes hold words together; one that is not closed yet holds to the end."""
    found = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"?|([^\s"]+)', piece)]
    return Words(piece.replace('"', "").strip(), tuple(word for word in found if word.strip()), doubt)


def _column(left: str, columns: Columns) -> tuple[str, Column | None]:
    """The column that a text ends with, whatever its case, and what stands before it."""
    if left in columns:
        return "", columns[left]
    words = left.strip('"').split(" ")
    for first in range(len(words)):
        name = _called(" ".join(words[first:]), columns)
        if name is not None:
            return " ".join(words[:first]).strip(), columns[name]
    return left, None


def _called(text: str, columns: Columns) -> str | None:
    """The column of this name, or the only one whose name begins so."""
    folded = text.casefold()
    same = [name for name in columns if str(name).casefold() == folded]
    begun = [name for name in columns if len(folded) >= _BEGINNING and str(name).casefold().startswith(folded)]
    return same[0] if same else begun[0] if len(begun) == 1 else None


def _doubt(left: str, sign: str, columns: Columns) -> str:
    if sign == ":" or not left:
        return ""
    names = {str(name).casefold(): str(name) for name in columns}
    near = get_close_matches(left.casefold(), names, n=1, cutoff=0.5)
    hint = f"Did you mean {names[near[0]]!r}?" if near else unknown_name("column", left, names.values()).hint
    return f"There is no column called {left!r}. {hint}"


def _compared(column: Column, sign: str, value: str) -> Part:
    """A comparison of this column with a value, or several to choose from."""
    if column.pictured:
        raise ParameterError(f"{column.name} holds pictures, which cannot be compared.")
    if not value.strip('" '):
        raise ParameterError(
            f"{column.name}{'' if sign == ':' else ' '}{sign} what?", f"Type a value, such as {_example(column)}."
        )
    if column.numbers is None:
        return _named(column, sign, value)
    ends = _RANGE.match(value)
    if ends is not None and sign in ("=", ":", "!="):
        low = _bounds(column, ends[1])[0] if ends[1] else None
        high = _bounds(column, ends[2])[1] if ends[2] else None
        if low is not None and high is not None and low > high:
            raise ParameterError(f"{value} runs backwards.", "Type the smaller value first.")
        return Compared(Filter(column.name, low=low, high=high), sign == "!=")
    low, high = _bounds(column, value)
    after, before = np.nextafter(high, np.inf), np.nextafter(low, -np.inf)
    return {
        ">": Compared(Filter(column.name, low=float(after))),
        ">=": Compared(Filter(column.name, low=low)),
        "<": Compared(Filter(column.name, high=float(before))),
        "<=": Compared(Filter(column.name, high=high)),
        "!=": Compared(Filter(column.name, low=low, high=high), negated=True),
    }.get(sign, Compared(Filter(column.name, low=low, high=high)))


def _named(column: Column, sign: str, value: str) -> Within:
    if sign in ("<", ">", "<=", ">="):
        raise ParameterError(
            f"{column.name} holds words, which are neither more nor less.", f"Ask for {column.name} = {value}."
        )
    if sign == ":":
        return Within(column.name, _words(value).words)
    choices = tuple(choice.strip(' "') for choice in value.split("|"))
    return Within(column.name, tuple(filter(None, choices)), whole=True, negated=sign == "!=")


def _bounds(column: Column, value: str) -> tuple[float, float]:
    """The first and the last number, or moment, that a value stands for."""
    value = value.strip('" ')
    try:
        if column.kind == "dates":
            if not _DATE.match(value):
                raise ValueError(value)
            period = pd.Period(value)
            first, after = period.start_time.as_unit("ns"), (period + 1).start_time.as_unit("ns")
            return float(first.value), float(np.nextafter(float(after.value), -np.inf))
        number = float(value.replace(",", ""))
        if not np.isfinite(number) or "_" in value:
            raise ValueError(value)
    except (ValueError, OverflowError):
        kind = "date" if column.kind == "dates" else "number"
        more = " A comma stands between conditions." if " " in value else ""
        raise ParameterError(f"{value!r} is not a {kind}.", f"Type one, such as {_example(column)}.{more}") from None
    return number, number


def _example(column: Column) -> str:
    """A value that the column has."""
    numbers = column.numbers
    if numbers is None:
        return next((name for name in column.names[:1]), "a word")[:40]
    known = numbers[:1000][np.isfinite(numbers[:1000])]
    if not len(known):
        return "2000-01-31" if column.kind == "dates" else "1"
    middle = float(np.sort(known)[len(known) // 2])
    return str(pd.Timestamp(int(middle)).date()) if column.kind == "dates" else f"{middle:.6g}"
