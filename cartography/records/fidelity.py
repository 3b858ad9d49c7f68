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

    `kept` asks for the very same neighbours, which hardly any map of a million items can keep; `near` asks whether
    they are in the same part of the map at all, and means the same however many items there are. Fog goes by `near`.

    Attributes
    ----------
    kept : (n,) float32, the share of an item's k true neighbours that are among its k nearest on the map, 0 to 1
    n_neighbors : k
    baseline : what a map of items thrown at random keeps
    near : (n,) float32, the share of its k true neighbours that are among its `reach` nearest on the map, 0 to 1
    reach : how many nearest on the map count as near; never fewer than k
    near_baseline : the share that is near on a map of items thrown at random
    """

    kept: NDArray[np.float32]
    n_neighbors: int
    baseline: float
    near: NDArray[np.float32]
    reach: int
    near_baseline: float

    def __post_init__(self) -> None:
        kept = _shares(self.kept, "kept", (None,))
        object.__setattr__(self, "kept", kept)
        object.__setattr__(self, "near", _shares(self.near, "near", kept.shape))
        require(
            self.reach >= self.n_neighbors, f"reach is {self.reach}, less than the {self.n_neighbors} neighbours."
        )

    @property
    def overall(self) -> float:
        """The share of all true neighbours that were kept."""
        return _mean(self.kept)

    @property
    def overall_near(self) -> float:
        """The share of all true neighbours that are in the same part of the map."""
        return _mean(self.near)


def _shares(values: object, name: str, shape: tuple[int | None, ...]) -> NDArray[np.generic]:
    shares = frozen(values, np.float32, name, shape)
    inside = shares.size == 0 or (float(shares.min()) >= 0 and float(shares.max()) <= 1)
    require(inside, f"{name} holds values outside 0 to 1.")
    return shares


def _mean(shares: NDArray[np.float32]) -> float:
    return float(shares.mean()) if shares.size else 0.0
