"""What is asked about: one item, several at once, or a vector from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.blocks import rows_at_once
from cartography.errors import ParameterError, ShapeError
from cartography.records import EmbeddingSet

__all__ = ["Query", "middle_of", "query_of"]


@dataclass(frozen=True, eq=False)
class Query:
    """Items by their rows, or a vector (d,) with the place (x, y), in map units, where it would stand.

    Several items ask with their mean; under cosine with the mean of their directions, so that long vectors count no
    more than short ones.
    """

    rows: tuple[int, ...] = ()
    vector: NDArray[np.float32] | None = None
    place: tuple[float, float] | None = None

    @property
    def item(self) -> int | None:
        """The row of the item, when it is a single one."""
        return self.rows[0] if len(self.rows) == 1 and self.vector is None else None

    def asking(self, embeddings: EmbeddingSet, metric: str) -> NDArray[np.float32]:
        """Return the vector (d,) that is looked for.

        Raises `ParameterError` for rows that are not there or when nothing is asked, `ShapeError` when d differs.
        """
        if self.vector is not None:
            return _checked(self.vector, embeddings.dimensions)
        if not self.rows:
            raise ParameterError("Nothing is asked about.", "Name one item, several items, or a vector.")
        n = len(embeddings)
        beyond = next((row for row in self.rows if not 0 <= row < n), None)
        if beyond is not None:
            raise ParameterError(f"There is no item in row {beyond}; rows run from 0 to {n - 1}.")
        if len(self.rows) == 1:
            return embeddings.vectors[self.rows[0]]
        return middle_of(embeddings.vectors, np.array(self.rows), metric)


def query_of(asked: Query | int | Sequence[int] | ArrayLike) -> Query:
    """Return what is meant: whole numbers are rows, other numbers a vector."""
    if isinstance(asked, Query):
        return asked
    values = np.asarray(asked)
    if values.dtype.kind in "iu":
        return Query(rows=tuple(dict.fromkeys(values.reshape(-1).tolist())))
    if values.dtype.kind != "f":
        raise ParameterError(f"A query is made of {values.dtype} values; expected rows or a vector of numbers.")
    return Query(vector=np.asarray(values, np.float32)) if values.size else Query()


def middle_of(vectors: NDArray[np.float32], rows: NDArray[np.integer], metric: str) -> NDArray[np.float32]:
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


def _checked(vector: NDArray[np.float32], dimensions: int) -> NDArray[np.float32]:
    found = np.asarray(vector, np.float32)
    if found.shape != (dimensions,):
        raise ShapeError(f"The vector has shape {found.shape}; the items have {dimensions} dimensions.")
    if not np.isfinite(found).all():
        raise ParameterError("The vector holds NaN or infinity.", "Every value must be a finite number.")
    return found
