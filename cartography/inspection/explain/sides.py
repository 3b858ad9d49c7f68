"""The two sides that are compared: all rows of them, and some drawn at random where all are too many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cartography.errors import ShapeError

__all__ = ["Sides"]

Rows = NDArray[np.intp]

_DRAWN = 50_000


@dataclass(frozen=True, eq=False)
class Sides:
    """`selected` (n,) bool splits the items; `seed` settles which few are drawn."""

    selected: NDArray[np.bool_]
    seed: int = 0

    @classmethod
    def of(cls, selected: NDArray[np.bool_], n: int, seed: int) -> Sides:
        """Return the sides of a selection of n items; `ShapeError` when it is not (n,) bool."""
        given = np.asarray(selected)
        if given.dtype != bool or given.shape != (n,):
            raise ShapeError(
                f"The selection is {given.dtype} of shape {given.shape}; expected bool of shape ({n},).",
                "Say for every item whether it is selected.",
            )
        return cls(given, seed)

    @cached_property
    def inside(self) -> Rows:
        """The rows that are selected."""
        return np.flatnonzero(self.selected)

    @cached_property
    def outside(self) -> Rows:
        """All other rows."""
        return np.flatnonzero(~self.selected)

    @cached_property
    def _shuffled(self) -> tuple[Rows, Rows]:
        rng = np.random.default_rng(self.seed)
        inside = rng.choice(self.inside, min(len(self.inside), _DRAWN), replace=False)
        return inside, rng.choice(self.outside, min(len(self.outside), _DRAWN), replace=False)

    def drawn(self, most: int) -> tuple[Rows, Rows]:
        """Return at most so many (up to 50,000) rows of either side, ascending; all where there are no more."""
        inside, outside = self._shuffled
        return np.sort(inside[:most]), np.sort(outside[:most])

    def sampled(self, most: int) -> bool:
        """Whether either side has more items than that."""
        return max(len(self.inside), len(self.outside)) > most
