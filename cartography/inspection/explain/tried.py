"""What was compared together: arrays of effects and their p, of which few become sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.inspection.explain.difference import Difference

__all__ = ["Tried"]


@dataclass(frozen=True, eq=False)
class Tried:
    """m comparisons of one kind in one column.

    `effect`, `strength` and `p` are (m,); `told` returns one as a `Difference` when given its p after correction.
    `held` returns for the rows of the probe whether they have the thing, as bool, or their numbers, as float, NaN for
    none; with it, differences that say the same are found. `most` of these comparisons may be told.
    """

    kind: str
    column: str
    effect: NDArray[np.float64]
    strength: NDArray[np.float64]
    p: NDArray[np.float64]
    told: Callable[[int, float], Difference]
    held: Callable[[int], NDArray[np.bool_] | NDArray[np.float64]] | None = None
    most: int = 1
