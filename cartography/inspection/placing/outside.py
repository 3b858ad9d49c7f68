"""Whether something lies outside everything known: farther from its nearest items than items are from theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.neighbours import nearest_to
from cartography.progress import Progress
from cartography.records import EmbeddingSet, NeighbourGraph

__all__ = ["FAR", "Usual", "usual_distances"]

FAR = 0.99
"""Outside is what is farther off than this share of the items themselves."""
_COMPARED = 5  # nearest items
_SAMPLE = 1_000


@dataclass(frozen=True, eq=False)
class Usual:
    """How far items are from their own nearest ones.

    `distances` (s, j) float32 hold in column j - 1 the distances of s items to their j-th nearest other item, each
    column sorted; without columns nothing can be judged. `sampled` tells whether they are some of the items only.
    """

    distances: NDArray[np.float32]
    sampled: bool = False

    def beyond(self, distances: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return for distances (m, k) to the nearest items the share (m,) of items that are nearer to theirs.

        The nearest is compared with the nearest, the second with the second and so on, up to the fifth, and the
        smallest share counts: a copy of a lonely item is not outside, nor is an item among others that all come in
        pairs. It is NaN where nothing can be compared.
        """
        compared = min(self.distances.shape[1], distances.shape[1])
        if compared == 0 or not len(self.distances):
            return np.full(len(distances), np.nan, np.float32)
        nearer = [np.searchsorted(self.distances[:, j], distances[:, j], side="left") for j in range(compared)]
        return np.asarray(np.min(nearer, axis=0) / len(self.distances), np.float32)


def usual_distances(
    prepared: EmbeddingSet,
    metric: str,
    neighbours: NeighbourGraph | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Usual:
    """Return the items' distances to their five nearest others: from the graph if it has them, else of 1,000 items.

    Under the inner product there are none: it says nothing of far and near.
    """
    if metric == "dot":
        return Usual(np.empty((0, 0), np.float32))
    if neighbours is not None and neighbours.metric == metric:
        return Usual(np.sort(neighbours.distances[:, :_COMPARED], axis=0))
    n = len(prepared)
    rows = np.sort(np.random.default_rng(seed).choice(n, min(n, _SAMPLE), replace=False))
    _, distances = nearest_to(prepared, prepared.vectors[rows], _COMPARED, metric, exclude=rows, progress=progress)
    return Usual(np.sort(distances, axis=0), sampled=len(rows) < n)
