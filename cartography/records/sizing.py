"""How large every item is drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.records.arrays import digest, frozen, require

__all__ = ["GRADES", "Sizing"]

GRADES = (0.55, 0.85, 1.2, 1.6, 2.1, 2.7)
"""How large the items of each grade are drawn, as multiples of the usual radius."""


@dataclass(frozen=True, eq=False)
class Sizing:
    """A column as sizes: (n,) uint8 grades, in equal steps from `low` to `high`; no value has grade 0."""

    column: str
    grades: NDArray[np.uint8]
    low: float
    high: float

    def __post_init__(self) -> None:
        grades = frozen(self.grades, np.uint8, "grades", (None,))
        require(grades.size == 0 or int(grades.max()) < len(GRADES), "grades holds values beyond the largest grade.")
        object.__setattr__(self, "grades", grades)

    @property
    def radii(self) -> NDArray[np.float64]:
        """(n,) multiples of the usual radius."""
        return np.array(GRADES)[self.grades]

    @property
    def fingerprint(self) -> str:
        """Names the content."""
        return digest(self.column, self.grades, self.low, self.high)
