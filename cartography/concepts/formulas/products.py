"""Products in a formula: numbers that scale one name, sum or mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cartography.concepts.formulas.tree import Formula, FormulaError, Scaled

__all__ = ["Factor", "Number", "product_of", "times"]

_LARGEST = 1e6


@dataclass(frozen=True)
class Number:
    """A number that is still to scale something.

    Where it has to stand for itself, it is `scale` times what is called like the `literal`, the number as written:
    in 2*1984 the item 1984 is meant, in (1/2)*paris no item.
    """

    value: float
    start: int
    end: int
    literal: str = ""
    scale: float = 1.0


@dataclass(frozen=True)
class Factor:
    """A part of a product with its sign; `divides` where the product is divided by it."""

    part: Formula | Number
    sign: int
    divides: bool
    start: int
    end: int


def product_of(factors: list[Factor], sign: int, known: Callable[[str], bool]) -> Formula | Number:
    """Return what factors are together: numbers scale the one other part, or are a number by themselves.

    Raises `FormulaError` for several other parts, or where something cannot be divided by or is too large.
    """
    scaled = _scaled(factors)
    if scaled is None:
        return _number(factors, sign, known)
    at, part = scaled
    if len(factors) == 1 and sign * factors[0].sign > 0:
        return part
    return times(_multiplied(factors, at, sign), part, factors[0].start, factors[-1].end)


def times(factor: float, part: Formula, start: int, end: int) -> Scaled:
    """Return a scaled part; `FormulaError` for a factor that is too large, which was written from start to end."""
    if abs(factor) <= _LARGEST:
        return Scaled(factor, part)
    said = f"A factor may be {_LARGEST:,.0f} at most, up or down."
    raise FormulaError(said, "Choose a smaller number.", start=start, end=end)


def _scaled(factors: list[Factor]) -> tuple[int, Formula] | None:
    """The part that the numbers scale and where it is, None where there are only numbers."""
    named = [(at, one.part) for at, one in enumerate(factors) if not isinstance(one.part, Number)]
    if len(named) > 1:
        said, hint = "Names are not multiplied or divided by each other.", "Scale with a number, as in 0.7*paris;"
        raise _at(factors[named[1][0]], said, f"{hint} a name with * or / in it stands in quotes.")
    if named and factors[named[0][0]].divides:
        raise _at(factors[named[0][0]], "Nothing can be divided by a name.", "Write paris/2 for half of it.")
    return named[0] if named else None


def _number(factors: list[Factor], sign: int, known: Callable[[str], bool]) -> Number:
    """Numbers alone; the last of them that is a name, if any, is what the others scale should they have to."""
    value = _multiplied(factors, None, sign)
    start, end = factors[0].start, factors[-1].end
    for at, one in reversed(list(enumerate(factors))):
        if isinstance(one.part, Number) and one.part.literal and not one.divides and known(one.part.literal):
            return Number(value, start, end, one.part.literal, one.part.scale * _multiplied(factors, at, sign))
    return Number(value, start, end)


def _multiplied(factors: list[Factor], scaled: int | None, sign: int) -> float:
    """What all but the scaled part come to, from left to right."""
    value = float(sign)
    for at, one in enumerate(factors):
        value *= one.sign
        if at == scaled or not isinstance(one.part, Number):
            continue
        if one.divides and one.part.value == 0:
            raise _at(one, "Nothing can be divided by 0.", "Choose another number.")
        value = value / one.part.value if one.divides else value * one.part.value
    return value


def _at(factor: Factor, said: str, hint: str) -> FormulaError:
    return FormulaError(said, hint, start=factor.start, end=factor.end)
