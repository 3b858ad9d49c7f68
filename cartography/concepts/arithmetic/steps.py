"""The way to a sum: what it comes to after each of its terms."""

from __future__ import annotations

import numpy as np

from cartography.concepts.arithmetic.answer import Step
from cartography.concepts.arithmetic.inputs import Inputs
from cartography.concepts.formulas.tree import Formula, Scaled, Sum
from cartography.concepts.formulas.writing import written

__all__ = ["MINUS", "steps_of"]

MINUS = "−"


def steps_of(formula: Formula, inputs: Inputs) -> tuple[Step, ...]:
    """Return the partial sums of a formula in the order of its terms; of anything but a sum, the whole.

    What stands in parentheses is one step, and so is a mean.
    """
    if not isinstance(formula, Sum):
        return (Step(written(formula), inputs.total(formula).astype(np.float32)),)
    sums = np.cumsum([inputs.total(term) for term in formula.terms], axis=0)
    first, *others = formula.terms
    says = [_term(first), *(_added(term) for term in others)]
    return tuple(Step(said, so_far.astype(np.float32)) for said, so_far in zip(says, sums, strict=True))


def _added(term: Formula) -> str:
    if isinstance(term, Scaled) and term.factor < 0:
        rest = term.term if term.factor == -1 else Scaled(-term.factor, term.term)
        return f"{MINUS} {_term(rest)}"
    return f"+ {_term(term)}"


def _term(term: Formula) -> str:
    return f"({written(term)})" if isinstance(term, Sum) else written(term)
