"""Places new vectors on a map that was made without them, without moving anything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.neighbours import nearest_to
from cartography.records import EmbeddingSet

__all__ = ["AmongNeighbours"]


@dataclass(frozen=True)
class AmongNeighbours:
    """Puts a new vector at the weighted middle of its k nearest items on the map.

    Weights fall off as exp(-(distance - nearest) / spread), the spread being the mean excess distance of the
    k neighbours, so that an exact copy of an item lands on it.
    """

    embeddings: EmbeddingSet
    coordinates: NDArray[np.float32]
    metric: str
    k: int = 5

    def __call__(self, new_vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return coordinates (m, 2) float32 for new vectors (m, d)."""
        rows, distances = nearest_to(self.embeddings, new_vectors, self.k, self.metric)
        excess = distances - distances[:, :1]
        spread = np.maximum(excess.mean(axis=1, keepdims=True), 1e-12)
        weights = np.exp(-excess / spread)
        exact = distances[:, :1] == 0
        weights = np.where(exact, distances == 0, weights)
        weights /= weights.sum(axis=1, keepdims=True)
        placed = np.einsum("ij,ijk->ik", weights, self.coordinates[rows])
        return placed.astype(np.float32)
