"""A direction that stands for a concept, and where items are along it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each, rows_at_once
from cartography.records import AxisSpec
from cartography.records.arrays import all_finite, frozen, require

__all__ = ["Axis"]

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Axis:
    """A unit direction (d,) float64 in the space of the vectors.

    An item's place is the product of its vector with the direction, less `zero`: half-way between the poles, or at
    the middle of all items where there are none. With `unit`, vectors are brought to length 1 first, so that places
    are differences of cosines. `low_rows` and `high_rows` are the items of the poles, none for other kinds.
    """

    spec: AxisSpec
    direction: NDArray[np.float64]
    zero: float = 0.0
    unit: bool = True
    low_rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    high_rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        direction = frozen(self.direction, np.float64, "direction", (None,))
        require(all_finite(direction), "direction holds NaN or infinity.")
        object.__setattr__(self, "direction", direction)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.spec.name

    @property
    def ends(self) -> tuple[str, str]:
        """What is written at its low and its high end."""
        return self.spec.ends

    def places(self, vectors: Floats) -> Floats:
        """Return the places (m,) float32 of vectors (m, d) along the axis; a zero vector is at its own product, 0."""
        found = np.empty(len(vectors), np.float32)
        step = rows_at_once(vectors.shape[1])
        direction = self.direction.astype(np.float32)

        def place(first: int) -> None:
            block = vectors[first : first + step]
            products = block @ direction
            if self.unit:
                lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
                products /= np.where(lengths > 0, lengths, 1)
            found[first : first + step] = products - self.zero

        for_each(place, range(0, len(vectors), step), lambda _: None)
        return found
