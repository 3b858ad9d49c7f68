"""What a formula says, once it is read: sums of scaled terms, means, names. No vectors yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cartography.errors import ParameterError

__all__ = ["Formula", "FormulaError", "Mean", "Name", "Scaled", "Sum", "names_in"]


class FormulaError(ParameterError):
    """A formula that cannot be read; the fault is at characters `start` to `end` of it."""

    def __init__(self, message: str, hint: str = "", *, start: int, end: int) -> None:
        super().__init__(message, hint)
        self.start, self.end = start, end


@dataclass(frozen=True)
class Name:
    """Something that has vectors: an item, or with a `sign` a group.

    `sign` is "#" for a town or realm, "@" for a bookmark or a selection. `start` and `end` say where in the formula
    the name stands; names are equal wherever they stand.
    """

    text: str
    sign: str = ""
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Scaled:
    """A factor times a term."""

    factor: float
    term: Formula


@dataclass(frozen=True)
class Sum:
    """Two or more terms, added in their order; what is taken away is scaled by -1."""

    terms: tuple[Formula, ...]


@dataclass(frozen=True)
class Mean:
    """The mean of its terms."""

    terms: tuple[Formula, ...]


Formula = Name | Scaled | Sum | Mean


def names_in(formula: Formula) -> Iterator[Name]:
    """Yield the names in a formula, in their order."""
    if isinstance(formula, Name):
        yield formula
    elif isinstance(formula, Scaled):
        yield from names_in(formula.term)
    else:
        for term in formula.terms:
            yield from names_in(term)
