"""What is being typed at a place of a formula that need not be complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cartography.concepts.formulas.reading import LONGEST
from cartography.concepts.formulas.tokens import Token, joins_words, tokens
from cartography.concepts.formulas.tree import FormulaError

__all__ = ["Typed", "typed_at"]

_WORDS = 8  # words in a row that may be one name
_GOES_ON = re.compile(r"\s[-+*/−–×]\s|[-+*/−–×(,]\s*$")


@dataclass(frozen=True)
class Typed:
    """The beginning of a name, which is to replace characters `start` to `end`.

    `kind` is "word", "number", "quoted", "sign", or "words" for several; `sign` is that of a group.
    """

    text: str
    start: int
    end: int
    kind: str
    sign: str = ""


def typed_at(text: str, cursor: int) -> list[Typed]:
    """Return what may be meant by what stands before the cursor, the most words first; nothing between names."""
    cursor = max(0, min(cursor, len(text)))
    if len(text) > LONGEST:
        return []
    before = list(_lenient(text, cursor))
    if not before:
        return []
    last = before[-1]
    if last.kind == "quoted":
        return _in_quotes(text, cursor, before) if last.open else []
    if last.kind == "sign":
        return [Typed("", last.start, cursor, "sign", last.text)] if last.end == cursor else []
    if last.kind not in ("word", "number"):
        return []
    return _in_words(text, cursor, before)


def _lenient(text: str, cursor: int) -> Iterator[Token]:
    """The pieces before the cursor; characters that mean nothing are passed over."""
    first = 0
    while first < cursor:
        try:
            for one in tokens(text[first:cursor]):
                if one.kind != "end":
                    yield replace(one, start=first + one.start, end=first + one.end)
            return
        except FormulaError as error:
            first += error.end


def _in_quotes(text: str, cursor: int, before: list[Token]) -> list[Typed]:
    quote = before[-1]
    sign = before[-2] if len(before) > 1 and quote.glued and before[-2].kind == "sign" else None
    whole = next(tokens(text[quote.start :]))
    end = quote.start + whole.end
    if whole.open or _GOES_ON.search(text[cursor : end - 1]):
        end = cursor
    start = sign.start if sign else quote.start
    return [Typed(quote.text, start, end, "quoted", sign.text if sign else "")]


def _in_words(text: str, cursor: int, before: list[Token]) -> list[Typed]:
    """The last words before the cursor, all together first; a space after them asks for one more word."""
    last, end = before[-1], cursor
    spaced = last.end < cursor
    while not spaced and end < len(text) and joins_words(text[end]):
        end += 1
    first = len(before) - 1
    found = [Typed(last.text, last.start, end, last.kind)]
    while len(found) < _WORDS and (earlier := _earlier(before, first)) is not None:
        gap = "" if before[first].glued else " "
        middle = before[first - 1].text if first - earlier == 2 else ""
        said = f"{before[earlier].text}{middle}{gap if not middle else ''}{found[-1].text}"
        found.append(Typed(said, before[earlier].start, end, "words"))
        first = earlier
    if first and before[first].glued and before[first - 1].kind == "sign":
        sign = before[first - 1]
        found = [replace(found[-1], start=sign.start, kind="word", sign=sign.text)]
    if spaced:
        found = [replace(one, text=f"{one.text} ", kind="words") for one in found]
    return found[::-1]


def _earlier(before: list[Token], first: int) -> int | None:
    """Where the word stands that belongs before the word at `first`, perhaps with a hyphen; None for none."""
    if first >= 1 and before[first - 1].kind in ("word", "number"):
        return first - 1
    hyphened = first >= 2 and before[first].glued and before[first - 1].kind == "-" and before[first - 1].glued
    return first - 2 if hyphened and before[first - 2].kind in ("word", "number") else None
