"""What a formula comes to, and how much that says."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Answer", "Chance", "Step"]


@dataclass(frozen=True, eq=False)
class Step:
    """A partial sum on the way: what was done last, as "+ woman", and the sum so far (d,)."""

    says: str
    vector: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Chance:
    """How near random formulas of the same form come to their best match.

    Attributes
    ----------
    similarities : (m,) float64 the cosine of the best match of each random formula; its distance under other metrics
    best : the same of the answer's best match
    percentile : the share of random formulas whose best match is farther away, from 0 to 100
    """

    similarities: NDArray[np.float64]
    best: float
    percentile: float


@dataclass(frozen=True, eq=False)
class Answer:
    """The nearest items to a formula.

    Attributes
    ----------
    formula : as it was understood, written anew
    vector : (d,) float32 what it comes to
    metric, unit : how nearness was measured, and whether every vector was brought to length 1 first; "cosine" if so
    neighbours : nearest first, inputs left out: a DataFrame indexed by item id with `row`, `name`, `distance` and
        `alone`, the place (1 for the nearest) that the item has among the neighbours of that input which is nearest
        to it, the same items left out; 1 where the formula tells nothing that one of its inputs does not tell
    excluded : the inputs, nearest first, by item id with `row`, `name`, `distance` and `rank`, the place that each
        would have had; the first 500 of many; none where inputs are not left out
    evidence : `Chance`, and numbers worth saying: "percentile", "random formulas", "offset norm" (the length of what
        is added to the first term), "vector norm"
    steps : partial sums, the first term first
    notes : what was taken for what, sampled, or chosen for the person
    """

    formula: str
    vector: NDArray[np.float32]
    metric: str
    unit: bool
    neighbours: pd.DataFrame
    excluded: pd.DataFrame
    chance: Chance | None = None
    evidence: dict[str, float] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
