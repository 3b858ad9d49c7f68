"""The names in a formula with their vectors, and what sums of them come to: every formula is linear in its names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.arithmetic.group_means import group_means
from cartography.concepts.formulas.tree import Formula, Name, Scaled, Sum, names_in
from cartography.errors import ParameterError
from cartography.neighbours.lookup import distinct
from cartography.records import EmbeddingSet

__all__ = ["NOTHING", "Inputs", "inputs_of"]

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]

NOTHING = 1e-6
"""A sum this much shorter than its terms together is zero but for rounding."""
_LONGEST = 1e15  # its square, times another, is still a 32-bit number


@dataclass(frozen=True, eq=False)
class Inputs:
    """The k different names in a formula, in their order.

    Attributes
    ----------
    names, rows : the names, and the rows (m,), rising, of the items that each stands for
    vectors : (k, d) float64 what each counts with: the item's vector, or the mean of several
    """

    names: tuple[Name, ...]
    rows: tuple[Rows, ...]
    vectors: Numbers

    @cached_property
    def all_rows(self) -> Rows:
        """The rows of all items that go in, each once, rising."""
        goes_in = np.zeros(max(int(rows[-1]) for rows in self.rows) + 1, bool)
        for rows in self.rows:
            goes_in[rows] = True
        return np.flatnonzero(goes_in)

    def factors(self, formula: Formula) -> Numbers:
        """Return how often each name counts in (part of) the formula, (k,)."""
        found = np.zeros(len(self.names))
        places = {name: place for place, name in enumerate(self.names)}

        def add(part: Formula, times: float) -> None:
            if isinstance(part, Name):
                found[places[part]] += times
            elif isinstance(part, Scaled):
                add(part.term, times * part.factor)
            else:
                share = times if isinstance(part, Sum) else times / len(part.terms)
                for term in part.terms:
                    add(term, share)

        add(formula, 1.0)
        return found

    def total(self, formula: Formula) -> Numbers:
        """Return what (part of) the formula comes to, (d,)."""
        return np.asarray(self.factors(formula) @ self.vectors)

    def checked_total(self, formula: Formula) -> Numbers:
        """Return what the whole formula comes to; `ParameterError` where that is nothing, or beyond numbers."""
        factors = self.factors(formula)
        terms = np.abs(factors) @ np.linalg.norm(self.vectors, axis=1)
        if not terms < _LONGEST:
            raise ParameterError(
                "The numbers in the formula are so large that the sum can no longer be told from others.",
                "Only their proportions matter for directions: divide all by the largest.",
            )
        total = np.asarray(factors @ self.vectors)
        if not np.linalg.norm(total) > max(NOTHING * terms, 1 / _LONGEST):
            raise ParameterError(
                "The formula comes to zero, and nothing is nearer to zero than anything else.",
                "Its terms take each other away: change one of them.",
            )
        return total


def inputs_of(
    embeddings: EmbeddingSet,
    formula: Formula,
    rows_of: Callable[[Name], NDArray[np.integer]],
    unit: bool,
    told: Callable[[float], None] = lambda _: None,
) -> Inputs:
    """Look up the names of a formula; with `unit` each item counts with its direction, of length 1."""
    names = tuple(dict.fromkeys(names_in(formula)))
    rows = tuple(distinct(rows_of(name)) for name in names)
    return Inputs(names, rows, group_means(embeddings.vectors, rows, unit, told))
