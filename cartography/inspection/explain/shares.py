"""How frequent things are inside and outside, compared all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.inspection.explain.difference import Difference
from cartography.inspection.explain.statistics import share_effects
from cartography.inspection.explain.tried import Tried

__all__ = ["Counted"]


@dataclass(frozen=True, eq=False)
class Counted:
    """m values or words of one column: how many items have each.

    `inside` (m,) of `of_inside` items, `everywhere` (m,) of both sides together; `named` returns what one is called.
    `held` as in `Tried`.
    """

    kind: str
    column: str
    inside: NDArray[np.int64]
    everywhere: NDArray[np.int64]
    of_inside: int
    of_outside: int
    named: Callable[[int], str]
    held: Callable[[int], NDArray[np.bool_]]

    def tried(self, most: int) -> Tried:
        """Compare the shares; at most so many may be told."""
        effect, strength, p = share_effects(self.inside, self.everywhere, self.of_inside, self.of_outside)

        def told(at: int, corrected: float) -> Difference:
            here, there = int(self.inside[at]), int(self.everywhere[at] - self.inside[at])
            return Difference(
                kind=self.kind,
                column=self.column,
                value=self.named(at),
                effect=float(effect[at]),
                strength=float(strength[at]),
                p=corrected,
                inside=here,
                outside=there,
                of_inside=self.of_inside,
                of_outside=self.of_outside,
                typical_inside=here / self.of_inside,
                typical_outside=there / self.of_outside,
            )

        return Tried(self.kind, self.column, effect, strength, p, told, self.held, most)
