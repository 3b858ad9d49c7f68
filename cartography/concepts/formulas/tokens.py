"""A formula as its smallest pieces: names, numbers, quoted names and signs, each with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cartography.concepts.formulas.tree import FormulaError

__all__ = ["QUOTES", "Token", "joins_words", "skipped", "tokens", "unquoted"]

QUOTES = {'"': '"', "'": "'", "“": "”", "„": "“”", "”": "”", "‘": "’", "«": "»", "「": "」"}
"""What opens a quoted name, and the characters that close it."""

_OPERATORS = {
    **dict.fromkeys("+＋", "+"),
    **dict.fromkeys("-−–‐‑—－", "-"),
    **dict.fromkeys("*×∗⋅＊", "*"),
    **dict.fromkeys("/÷／", "/"),
    **dict.fromkeys("(（", "("),
    **dict.fromkeys(")）", ")"),
    **dict.fromkeys(",，", ","),
}
_SIGNS = {"#": "#", "@": "@", "＃": "#", "＠": "@"}
_IN_WORDS = frozenset("_.'’&·・#@")
_UNSEEN = frozenset("\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Token:
    """One piece of a formula, at characters `start` to `end`.

    `kind` is "word", "number", "quoted", "sign", "end" or the operator itself. `text` is what it says: a quoted name
    without its quotes. `open` quotes are not closed; `glued` pieces follow their neighbour without a space.
    """

    kind: str
    text: str
    start: int
    end: int
    glued: bool = False
    open: bool = False


def tokens(text: str) -> Iterator[Token]:
    """Yield the pieces of a formula, the last of kind "end".

    Quotes that are not closed reach to the end. Raises `FormulaError` at a character that means nothing.
    """
    at, last = 0, -1
    while at < len(text):
        if skipped(text[at]):
            at += 1
            continue
        kind, says, end, left_open = _piece(text, at)
        yield Token(kind, says, at, end, at == last, left_open)
        at = last = end
    yield Token("end", "", len(text), len(text), at == last)


def skipped(character: str) -> bool:
    """Whether a character only parts pieces: spaces, and marks of direction that nobody sees."""
    return character.isspace() or character in _UNSEEN


def joins_words(character: str) -> bool:
    """Whether a character is part of words: letters of any script, digits, marks, pictures and _ . ' & inside."""
    return character in _IN_WORDS or _letter(character)


def unquoted(text: str) -> str:
    """Return what stands between quotes as it is meant: a backslash before a quote or a backslash is dropped."""
    if "\\" not in text:
        return text
    return re.sub(r"\\([\\\"'”’»」“])", r"\1", text)


@lru_cache(maxsize=4096)
def _letter(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cf":
        return character not in _UNSEEN
    return category[0] in "LMN" or category in ("Pc", "So", "Sc") or (category == "Sk" and character > "\uffff")


def _piece(text: str, at: int) -> tuple[str, str, int, bool]:
    """The kind, the text and the end of the piece that begins at `at`, and whether its quotes are left open."""
    character = text[at]
    if character in _OPERATORS:
        return _OPERATORS[character], character, at + 1, False
    if character in _SIGNS:
        return "sign", _SIGNS[character], at + 1, False
    if character in QUOTES:
        return _quoted(text, at)
    number = _NUMBER.match(text, at)
    if number and not (number.end() < len(text) and joins_words(text[number.end()])):
        return "number", number.group(), number.end(), False
    end = at
    while end < len(text) and joins_words(text[end]):
        end += 1
    if end == at:
        raise _meaningless(character, at)
    return "word", text[at:end], end, False


def _quoted(text: str, at: int) -> tuple[str, str, int, bool]:
    closing, end = QUOTES[text[at]], at + 1
    while end < len(text):
        if text[end] == "\\" and text[end + 1 : end + 2] in ("\\", *closing):
            end += 2
        elif text[end] in closing and not _apostrophe(text, end):
            return "quoted", unquoted(text[at + 1 : end]), end + 1, False
        else:
            end += 1
    return "quoted", unquoted(text[at + 1 :]), len(text), True


def _apostrophe(text: str, at: int) -> bool:
    """Whether the ' in 'don't stop' is met, which closes nothing."""
    return text[at] in "'’" and at + 1 < len(text) and _letter(text[at + 1]) and _letter(text[at - 1])


def _meaningless(character: str, at: int) -> FormulaError:
    shown = f"“{character}”" if character.isprintable() else f"The character U+{ord(character):04X}"
    hint = 'If it belongs to a name, put the name in quotes: "like this".'
    if character == "^":
        hint = "Write 2*paris for twice as much; there are no powers."
    elif character in "[]{}":
        hint = "Use round parentheses."
    elif character == "%":
        hint = "Write 0.7 for 70 %."
    return FormulaError(f"{shown} means nothing in a formula.", hint, start=at, end=at + 1)
