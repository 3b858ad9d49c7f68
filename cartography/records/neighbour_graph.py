"""Who is near whom in the original space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.records.arrays import digest, frozen, require

__all__ = ["NeighbourGraph"]


@dataclass(frozen=True, eq=False)
class NeighbourGraph:
    """The k nearest other items of every item, nearest first.

    Attributes
    ----------
    indices : (n, k) int32, rows of the neighbours; an item is never its own neighbour
    distances : (n, k) float32, ascending along each row, in units of `metric`
    metric : "cosine" (1 - cosine similarity), "euclidean", or "dot" (largest squared length - inner product)
    exact : whether every neighbour is known to be right
    recall : share of true neighbours found, measured on a sample; None when exact
    source : `vectors_fingerprint` of the embeddings, so that a graph is never used for others
    """

    indices: NDArray[np.int32]
    distances: NDArray[np.float32]
    metric: str
    exact: bool = True
    recall: float | None = None
    source: str = ""

    def __post_init__(self) -> None:
        indices = frozen(self.indices, np.int32, "indices", (None, None))
        distances = frozen(self.distances, np.float32, "distances", indices.shape)
        n, k = indices.shape
        require(0 <= k < max(n, 1), f"{n} items have at most {n - 1} neighbours, not {k}.")
        if indices.size:
            inside = int(indices.min()) >= 0 and int(indices.max()) < n
            require(inside, f"indices points outside the {n} items.")
        require(self.exact or self.recall is not None, "An approximate graph carries its measured recall.")
        object.__setattr__(self, "indices", indices)
        object.__setattr__(self, "distances", distances)

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def n_neighbors(self) -> int:
        """k, the number of neighbours kept for each item."""
        return int(self.indices.shape[1])

    @property
    def fingerprint(self) -> str:
        """Names the content of the graph."""
        return digest(self.source, self.metric, self.indices, self.distances)

    def take(self, k: int) -> NeighbourGraph:
        """Return the graph of the first `k` neighbours."""
        require(1 <= k <= self.n_neighbors, f"This graph holds {self.n_neighbors} neighbours; {k} were asked for.")
        if k == self.n_neighbors:
            return self
        return NeighbourGraph(
            self.indices[:, :k], self.distances[:, :k], self.metric, self.exact, self.recall, self.source
        )
