"""More items like some: the nearest others to where those are in the middle."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.blocks import rows_at_once
from cartography.errors import ParameterError
from cartography.neighbours import nearest_to
from cartography.records import EmbeddingSet

__all__ = ["middle_of", "more_like"]


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


def middle_of(vectors: NDArray[np.float32], rows: NDArray[np.int64], metric: str = "cosine") -> NDArray[np.float32]:
    """Return the mean (d,) of some rows of vectors (n, d), under "cosine" of their directions; block by block."""
    total = np.zeros(vectors.shape[1])
    step = rows_at_once(vectors.shape[1])
    for first in range(0, len(rows), step):
        block = vectors[rows[first : first + step]].astype(np.float64)
        if metric == "cosine":
            lengths = np.linalg.norm(block, axis=1, keepdims=True)
            block /= np.where(lengths > 0, lengths, 1.0)
        total += block.sum(axis=0)
    return (total / len(rows)).astype(np.float32)
