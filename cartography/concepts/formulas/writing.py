"""Formulas written so that they read back to the same, and the place of a fault in a terminal."""

from __future__ import annotations

import unicodedata

from cartography.concepts.formulas.reading import FUNCTIONS, LONGEST
from cartography.concepts.formulas.tokens import tokens
from cartography.concepts.formulas.tree import Formula, FormulaError, Mean, Name, Scaled, Sum

__all__ = ["caret", "quoted", "written"]

_SHOWN = 100  # characters of a formula beside its fault


def written(formula: Formula) -> str:
    """Return a formula as `read_formula` reads it back to the same tree."""
    if isinstance(formula, Name):
        return quoted(formula.text, formula.sign)
    if isinstance(formula, Mean):
        return f"mean({', '.join(map(written, formula.terms))})"
    if isinstance(formula, Scaled):
        inner = written(formula.term)
        return _factor(formula.factor) + (f"({inner})" if isinstance(formula.term, Scaled | Sum) else inner)
    first, *others = (_summand(term) for term in formula.terms)
    return first + "".join(f" - {one[1:]}" if one.startswith("-") else f" + {one}" for one in others)


def quoted(name: str, sign: str = "") -> str:
    """Return a name as it stands in a formula after its sign, in quotes only when it needs them."""
    return sign + name if _plain(name) else f'{sign}"{_escaped(name)}"'


def caret(text: str, error: FormulaError) -> str:
    """Return a formula and, in the line below it, ^^^ under its fault; of a long one what stands around it."""
    first = max(0, min(error.start - _SHOWN // 2, len(text) - _SHOWN))
    line = "".join(" " if one.isspace() or not one.isprintable() else one for one in text[first : first + _SHOWN])
    start = min(error.start - first, len(line))
    end = max(min(error.end - first, len(line)), start)
    marks = "^" * max(_width(line[start:end]), 1)
    return f"{line}\n{' ' * _width(line[:start])}{marks}"


def _summand(term: Formula) -> str:
    return f"({written(term)})" if isinstance(term, Sum) else written(term)


def _factor(value: float) -> str:
    if value == -1:
        return "-"
    return f"{int(value) if value == int(value) and abs(value) <= 1e6 else repr(value)}*"


def _plain(name: str) -> bool:
    """Whether a name without quotes is read as one word."""
    if not name or len(name) > LONGEST or name.lower() in FUNCTIONS:
        return False
    try:
        first = next(tokens(name))
    except FormulaError:
        return False
    return first.kind == "word" and first.text == name


def _escaped(name: str) -> str:
    """A backslash before every quote and every backslash."""
    return name.replace("\\", "\\\\").replace('"', '\\"')


def _width(text: str) -> int:
    """Columns of a terminal: wide letters take two, marks none."""
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in text)
    return len(text) + wide - sum(unicodedata.category(one) in ("Mn", "Me", "Cf") for one in text)
