"""What "near" means. Every metric is ranked by squared Euclidean distance between vectors made ready for it.

Cosine distance is 1 - cos(u, v), which equals half the squared distance between unit vectors; that form keeps
its precision for nearly equal vectors, where 1 - u.v would round to noise. The largest inner product becomes the
smallest distance when items get one coordinate more that brings them all to one length (Bachrach and others 2014);
those who ask get a zero there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import in_blocks, mean_of

__all__ = ["METRICS", "Space", "distances_between", "distances_from", "ordering", "unit_rows"]

METRICS = ("cosine", "euclidean", "dot")

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Space:
    """How the vectors of one set are made ready for one metric.

    `centre` (d,) is taken away from euclidean ones, which loses less to rounding; `widened` tells whether cosine
    needs a column for zero vectors, which have no direction; `longest` is the largest length, for dot.
    """

    metric: str
    centre: Floats | None = None
    widened: bool = False
    longest: float = 0.0

    @classmethod
    def of(cls, vectors: Floats, metric: str) -> Space:
        """Look once through the vectors (n, d), block by block, so that a memory map stays one."""
        if metric == "euclidean":
            return cls(metric, centre=mean_of(vectors).astype(np.float32))
        if metric == "cosine":
            return cls(metric, widened=any(not block.any(axis=1).all() for block in in_blocks(vectors)))
        lengths = (np.einsum("ij,ij->i", block, block, dtype=np.float64) for block in in_blocks(vectors))
        return cls(metric, longest=float(np.sqrt(max(float(squared.max()) for squared in lengths))))

    @property
    def symmetric(self) -> bool:
        """Whether items are near each other both ways: for all but dot."""
        return self.metric != "dot"

    def points(self, vectors: Floats) -> Floats:
        """Return the vectors (m, d) ready to be found, (m, d or d + 1)."""
        if self.centre is not None:
            return np.asarray(vectors - self.centre, np.float32)
        if self.metric == "cosine":
            units = unit_rows(vectors)
            return _with_zero_rows_apart(units) if self.widened else units
        missing = self.longest**2 - np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
        return np.column_stack([vectors, np.sqrt(np.maximum(missing, 0)).astype(np.float32)])

    def queries(self, vectors: Floats) -> Floats:
        """Return the vectors (m, d) ready to ask for their nearest; the same as `points` but for dot."""
        if self.symmetric:
            return self.points(vectors)
        return np.column_stack([vectors, np.zeros(len(vectors), np.float32)])

    def distances(self, squared: NDArray[np.floating], queries: Floats) -> Floats:
        """Turn squared distances (m, k) from `queries` (m, any) into distances of the metric.

        Under dot those of a query that is longer than every item may be negative.
        """
        positive = np.maximum(squared, 0)
        if self.metric == "euclidean":
            return np.asarray(np.sqrt(positive), np.float32)
        if self.metric == "cosine":
            return np.asarray(positive / 2, np.float32)
        lengths = np.einsum("ij,ij->i", queries, queries, dtype=np.float64)
        return np.asarray((positive - lengths[:, None] + self.longest**2) / 2, np.float32)


def unit_rows(vectors: Floats) -> Floats:
    """Return each row scaled to length 1; a zero row, which has no direction, stays zero."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1), dtype=np.float32)


def ordering(first: Floats, second: Floats, metric: str) -> NDArray[np.floating]:
    """Return (m,) what orders the pairs of rows of two (m, d), or of (m, d) and (1, d), by their distance.

    That is the squared distance, between unit vectors under cosine, and minus the inner product under dot.
    """
    if metric == "dot":
        return -np.einsum("ij,ij->i", first, np.broadcast_to(second, first.shape), dtype=np.float64)
    if metric == "euclidean":
        difference = first - second
        return np.einsum("ij,ij->i", difference, difference)
    difference = unit_rows(first) - unit_rows(second)
    squared = np.einsum("ij,ij->i", difference, difference)
    squared[first.any(axis=1) != second.any(axis=1)] = 2  # no direction: cosine 0 with every other
    return squared


def distances_from(ordered: NDArray[np.floating], metric: str, longest: float = 0.0) -> Floats:
    """Turn what `ordering` returns into distances; `longest` is the largest length of all items, for dot."""
    if metric == "dot":
        return np.asarray(longest**2 + ordered, np.float32)
    return np.asarray(ordered / 2 if metric == "cosine" else np.sqrt(ordered), np.float32)


def distances_between(first: Floats, second: Floats, metric: str, longest: float = 0.0) -> Floats:
    """Return the distances (m,) between the rows of two (m, d), or of (m, d) and (1, d)."""
    return distances_from(ordering(first, second, metric), metric, longest)


def _with_zero_rows_apart(units: Floats) -> Floats:
    """Give zero rows a direction of their own, so that their cosine with every other row is 0."""
    return np.column_stack([units, (~units.any(axis=1)).astype(np.float32)])
