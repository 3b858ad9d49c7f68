"""How far a map can be believed, item by item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.records.arrays import frozen, require

__all__ = ["Fidelity"]


@dataclass(frozen=True, eq=False)
class Fidelity:
    """What became of the items' neighbours on the map.

    Attributes
    ----------
    kept : (n,) float32, the share of an item's k true neighbours that are among its k nearest on the map, 0 to 1
    n_neighbors : k
    baseline : what a map of items thrown at random keeps
    """

    kept: NDArray[np.float32]
    n_neighbors: int
    baseline: float

    def __post_init__(self) -> None:
        kept = frozen(self.kept, np.float32, "kept", (None,))
        inside = kept.size == 0 or (float(kept.min()) >= 0 and float(kept.max()) <= 1)
        require(inside, "kept holds values outside 0 to 1.")
        object.__setattr__(self, "kept", kept)

    @property
    def overall(self) -> float:
        """The share of all true neighbours that were kept."""
        return float(self.kept.mean()) if self.kept.size else 0.0
