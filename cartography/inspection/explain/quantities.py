"""Whether the numbers or dates of a column are higher or lower inside than outside, by their ranks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.columns import Column
from cartography.inspection.explain.difference import Difference
from cartography.inspection.explain.sides import Sides
from cartography.inspection.explain.statistics import rank_biserial, strength_of_ranks
from cartography.inspection.explain.tried import Tried
from cartography.remembering import remembered

__all__ = ["DRAWN", "compare_quantity", "only_names_items"]

DRAWN = 50_000
"""Items of either side whose numbers are compared, where there are more."""
_DENSE = 2  # times as far as there are numbers: whole numbers that reach no farther count the items
_MANY = 1_000  # whole numbers that all differ are ids from here on


def compare_quantity(column: Column, sides: Sides, probe: NDArray[np.intp]) -> Tried | None:
    """Compare a column of numbers or dates; None where either side has none, or all are the same."""
    numbers = column.numbers
    if numbers is None:
        return None
    inside, outside = (_known(numbers[rows]) for rows in sides.drawn(DRAWN))
    if not len(inside) or not len(outside):
        return None
    effect, p = rank_biserial(inside, outside)
    strength = strength_of_ranks(effect)
    kind = "date" if column.kind == "dates" else "number"

    def told(_: int, corrected: float) -> Difference:
        return Difference(
            kind=kind,
            column=column.name,
            value="",
            effect=effect,
            strength=strength,
            p=corrected,
            inside=len(inside),
            outside=len(outside),
            of_inside=len(inside),
            of_outside=len(outside),
            typical_inside=float(np.median(inside)),
            typical_outside=float(np.median(outside)),
        )

    return Tried(
        kind, column.name, np.array([effect]), np.array([strength]), np.array([p]), told, lambda _: numbers[probe]
    )


@remembered
def only_names_items(column: Column) -> bool:
    """Whether whole numbers that all differ are ids: they count the items, or are too many to differ by chance."""
    if column.kind != "numbers" or column.numbers is None:
        return False
    known = _known(column.numbers)
    if len(known) < 2 or not (known == np.round(known)).all() or len(np.unique(known)) < len(known):
        return False
    return len(known) >= _MANY or float(known.max()) < float(known.min()) + _DENSE * len(known)


def _known(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    return numbers[np.isfinite(numbers)]
