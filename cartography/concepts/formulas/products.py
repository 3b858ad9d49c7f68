"""Products in a formula: numbers that scale one name, sum or mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cartography.concepts.formulas.tree import Formula, FormulaError

__all__ = ["Factor", "Number", "multiplied", "scaled_of"]

_LARGEST = 1e6


@dataclass(frozen=True)
class Number:
    """A number that is still to scale something; `literal` when it was written as it is, and so may be a name."""

    value: float
    start: int
    end: int
    literal: str = ""


@dataclass(frozen=True)
class Factor:
    """A part of a product with its sign; `divides` where the product is divided by it."""

    part: Formula | Number
    sign: int
    divides: bool
    start: int
    end: int


def scaled_of(factors: list[Factor], names_something: Callable[[Number], bool]) -> int | None:
    """Return which part the numbers scale; among numbers alone the last that is a name, None where none is.

    Raises `FormulaError` for several such parts, or when the product is divided by it.
    """
    named = [at for at, one in enumerate(factors) if not isinstance(one.part, Number)]
    if len(named) > 1:
        said, hint = "Names are not multiplied or divided by each other.", "Scale with a number, as in 0.7*paris;"
        raise _at(factors[named[1]], said, f"{hint} a name with * or / in it stands in quotes.")
    if named and factors[named[0]].divides:
        raise _at(factors[named[0]], "Nothing can be divided by a name.", "Write paris/2 for half of it.")
    if named:
        return named[0]
    for at, one in reversed(list(enumerate(factors))):
        if isinstance(one.part, Number) and not one.divides and names_something(one.part):
            return at
    return None


def multiplied(factors: list[Factor], scaled: int | None, sign: int) -> float:
    """Return what all but the scaled part come to, from left to right; `FormulaError` where that is no factor."""
    value = float(sign)
    for at, one in enumerate(factors):
        value *= one.sign
        if at == scaled or not isinstance(one.part, Number):
            continue
        if one.divides and one.part.value == 0:
            raise _at(one, "Nothing can be divided by 0.", "Choose another number.")
        value = value / one.part.value if one.divides else value * one.part.value
    if not abs(value) <= _LARGEST:
        said = f"A factor may be {_LARGEST:,.0f} at most, up or down."
        raise FormulaError(said, "Choose a smaller number.", start=factors[0].start, end=factors[-1].end)
    return value


def _at(factor: Factor, said: str, hint: str) -> FormulaError:
    return FormulaError(said, hint, start=factor.start, end=factor.end)
