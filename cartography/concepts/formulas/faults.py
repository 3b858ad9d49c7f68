"""What is wrong with a formula, in words, and where."""

from __future__ import annotations

from cartography.concepts.formulas.tokens import Token
from cartography.concepts.formulas.tree import FormulaError

__all__ = ["comma", "fault", "missing", "nothing_between", "short", "unknown_words"]

_QUOTE = 'Put a name of several words in quotes: "like this"'
_SHOWN = 40


def fault(said: str, hint: str, token: Token) -> FormulaError:
    """Return the error that points at one piece of a formula."""
    return FormulaError(said, hint, start=token.start, end=token.end)


def short(text: str) -> str:
    """Return a text as it is shown in a sentence."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def missing(before: Token | None, token: Token) -> FormulaError:
    """Return the error for an operator or a comma that lacks a side."""
    if before is not None and token.kind in ("end", ")"):
        return fault(f"Something is missing after “{before.text}”.", "Write a name there.", before)
    return fault(f"Something is missing before “{token.text}”.", "Write a name there.", token)


def nothing_between(text: str, before: Token, token: Token) -> FormulaError:
    """Return the error for two names in a row."""
    one = short(text[before.start : before.end])
    other = "(…)" if token.kind == "(" else short(text[token.start : token.end])
    hint = f"Write {one}*{other}." if before.kind == "number" else f"Put + or - between. {_QUOTE}."
    return fault(f"There is nothing between “{one}” and “{other}”.", hint, token)


def unknown_words(text: str, sign: str, start: int, end: int) -> FormulaError:
    """Return the error for several words that are no name together."""
    what = "Nothing" if sign else "No item"
    said = f"{what} is called “{short(text[start:end])}”."
    return FormulaError(said, f"{_QUOTE}; or put + or - between.", start=start, end=end)


def comma(before: Token, token: Token, after: Token) -> FormulaError:
    """Return the error for a comma outside of a mean, or inside of a number."""
    if before.kind == after.kind == "number":
        return fault("Numbers have a point, not a comma.", f"Write {before.text}.{after.text}", token)
    hint = "Write mean(paris, rome), or + between names."
    return fault("Commas only stand between the terms of mean(...).", hint, token)
