"""Places new vectors on a map that was made without them, without moving anything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.errors import ShapeError
from cartography.neighbours import nearest_to
from cartography.neighbours.between import PLACED_BY, between
from cartography.records import EmbeddingSet

__all__ = ["PLACERS", "AlongAxes", "AmongNeighbours"]


_ROWS = 16_384


@dataclass(frozen=True)
class AmongNeighbours:
    """Puts a new vector among its k nearest items under `metric`, as `cartography/neighbours/between.py` says.

    An exact copy of an item lands on it.
    """

    embeddings: EmbeddingSet
    coordinates: NDArray[np.float32]
    metric: str
    k: int = PLACED_BY

    def __call__(self, new_vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return coordinates (m, 2 or 3) float32 for new vectors (m, d)."""
        rows, distances = nearest_to(self.embeddings, new_vectors, self.k, self.metric)
        return between(self.coordinates, rows, distances)


@dataclass(frozen=True)
class AlongAxes:
    """Reads a new vector off straight axes: `mean` (d,), `axes` (c, d), and which of them are `chosen`.

    An axis that the items were too few for stands at 0.
    """

    mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    chosen: tuple[int, ...]

    def __call__(self, new_vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return coordinates (m, len(chosen)) float32 for new vectors (m, d)."""
        if new_vectors.shape[1] != len(self.mean):
            raise ShapeError(
                f"The new vectors have {new_vectors.shape[1]} dimensions; the map was made from {len(self.mean)}."
            )
        blocks = range(0, max(1, len(new_vectors)), _ROWS)
        scores = np.vstack([(new_vectors[at : at + _ROWS] - self.mean) @ self.axes.T for at in blocks])
        found = [scores[:, c] if c < len(self.axes) else np.zeros(len(scores)) for c in self.chosen]
        return np.stack(found, axis=1).astype(np.float32)


PLACERS = (AlongAxes, AmongNeighbours)
"""What places new vectors, told in arrays and plain values, so that a map kept on disk can do it too."""
