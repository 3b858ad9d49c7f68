"""More items like some: the nearest others to where those are in the middle."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.errors import ParameterError
from cartography.inspection.nearness.query import middle_of
from cartography.neighbours import nearest_to
from cartography.records import EmbeddingSet

__all__ = ["more_like"]


def more_like(
    embeddings: EmbeddingSet, rows: ArrayLike, k: int = 50, metric: str = "cosine"
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return rows and distances, up to k each, of the items nearest to the mean of `rows`, those left out.

    Under "cosine" the mean is that of directions, whatever their lengths. All other items are compared.
    Raises `ParameterError` when no rows are given, for rows that are not there, and for an unknown metric.
    """
    own = np.unique(np.asarray(rows, dtype=np.int64))
    if not len(own):
        raise ParameterError("There is nothing to be like: no items are given.", "Select some items first.")
    if own[0] < 0 or own[-1] >= len(embeddings):
        raise ParameterError(f"There are {len(embeddings):,} items; rows from {own[0]} to {own[-1]} were given.")
    most = min(max(k, 0) + len(own), len(embeddings))
    found, distances = nearest_to(embeddings, middle_of(embeddings.vectors, own, metric), most, metric)
    others = np.flatnonzero(~np.isin(found[0], own))[: max(k, 0)]
    return found[0][others], distances[0][others]
