"""Which values of a column, its absence included, are more or less frequent inside than outside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.columns import Column
from cartography.inspection.explain.shares import Counted
from cartography.inspection.explain.sides import Sides
from cartography.inspection.explain.tried import Tried

__all__ = ["FEWEST", "compare_missing", "compare_values"]

FEWEST = 3
"""Items that have a thing, and that lack it, before it is compared."""
_TOLD = 2  # values of a column


def compare_values(column: Column, sides: Sides, probe: NDArray[np.intp]) -> Tried | None:
    """Compare how frequent every value is that some items share; None when there is none."""
    counts, total = column.counts, len(sides.selected)
    tested = np.flatnonzero((counts >= FEWEST) & (counts <= total - FEWEST))
    if not len(tested):
        return None
    own = column.codes[sides.inside]
    return Counted(
        kind="category",
        column=column.name,
        inside=np.bincount(own[own >= 0], minlength=len(counts))[tested],
        everywhere=counts[tested],
        of_inside=len(sides.inside),
        of_outside=len(sides.outside),
        named=lambda at: column.names[tested[at]],
        held=lambda at: column.codes[probe] == tested[at],
    ).tried(_TOLD)


def compare_missing(column: Column, sides: Sides, probe: NDArray[np.intp]) -> Tried | None:
    """Compare how many items have no value; None where nearly all have one, or nearly none."""
    lacks = column.codes < 0 if column.numbers is None else ~np.isfinite(column.numbers)
    everywhere = int(np.count_nonzero(lacks))
    if not FEWEST <= everywhere <= len(lacks) - FEWEST:
        return None
    return Counted(
        kind="category",
        column=column.name,
        inside=np.array([np.count_nonzero(lacks[sides.inside])]),
        everywhere=np.array([everywhere]),
        of_inside=len(sides.inside),
        of_outside=len(sides.outside),
        named=lambda _: "",
        held=lambda _: lacks[probe],
    ).tried(1)
