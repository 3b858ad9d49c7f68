"""Where all items are on several axes, how their places go together, and a sample to hold beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each, rows_at_once
from cartography.concepts.evidence.members import counted
from cartography.progress import Progress, report

__all__ = ["Sample", "correlations_of", "ranks", "sample_of"]

_ROWS = 50_000  # of a sample at most ...
_NUMBERS = 16_000_000  # ... and numbers in it

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sample:
    """Some items by their rows (s,), as points (s, d) that count as the metric says; all where there are few.

    `total` is the variance of the points, `lengths` (s,) are those of the vectors as they are.
    """

    rows: Rows
    points: Floats
    lengths: Floats
    mean: Numbers
    total: float

    def places(self, directions: Numbers) -> Floats:
        """Return (s, k) places along directions (k, d), less their mean."""
        found = self.points @ directions.T.astype(np.float32)
        found -= found.mean(axis=0, dtype=np.float64).astype(np.float32)
        return found


def sample_of(vectors: Floats, metric: str, seed: int) -> Sample:
    """Return at most 50,000 items (of more than 320 dimensions fewer), drawn at random and in their order."""
    n, d = vectors.shape
    count = min(n, _ROWS, max(1_000, _NUMBERS // d))
    rows = np.arange(n) if count == n else np.sort(np.random.default_rng(seed).choice(n, count, replace=False))
    block = vectors if count == n else vectors[rows]
    lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
    points = counted(block, metric)
    mean = points.mean(axis=0, dtype=np.float64)
    squares = float(np.einsum("ij,ij->", points, points, dtype=np.float64)) / count
    return Sample(rows, points, lengths, mean, max(squares - float(mean @ mean), 0.0))


def correlations_of(
    vectors: Floats, directions: Sequence[Numbers], metric: str, progress: Progress | None = None
) -> Numbers:
    """Return (k, k) correlations of the places of all n items on k directions (d,); 0 where all are at one place."""
    across = np.column_stack(directions).astype(np.float32)  # (d, k)
    k, step = across.shape[1], rows_at_once(vectors.shape[1])
    starts = range(0, len(vectors), step)
    sums, products = np.zeros((len(starts), k)), np.zeros((len(starts), k, k))
    shift = _first(vectors, across, metric)

    def add(first: int) -> None:
        block = vectors[first : first + step]
        places = (block @ across).astype(np.float64)
        if metric == "cosine":
            lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
            places /= np.where(lengths > 0, lengths, 1)[:, None]
        places -= shift
        sums[first // step], products[first // step] = places.sum(axis=0), places.T @ places

    for_each(add, starts, lambda done: report(progress, "Placing all items on the axes", done))
    mean = sums.sum(axis=0) / len(vectors)
    return _scaled(products.sum(axis=0) / len(vectors) - np.outer(mean, mean))


def ranks(values: NDArray[np.floating]) -> Numbers:
    """Return ranks (m, k) of every column, less their mean and brought to length 1; equal values share a rank."""
    from scipy.stats import rankdata

    found = rankdata(values, axis=0)
    found -= found.mean(axis=0)
    lengths = np.linalg.norm(found, axis=0)
    return np.asarray(found / np.where(lengths > 0, lengths, 1))


def _first(vectors: Floats, across: Floats, metric: str) -> Numbers:
    """Places of some items, near which sums of squares lose no digits."""
    return (counted(vectors[:1_000], metric) @ across).mean(axis=0, dtype=np.float64)


def _scaled(covariance: Numbers) -> Numbers:
    spread = np.sqrt(np.maximum(np.diag(covariance), 0))
    known = spread > 1e-9
    scale = np.where(known, spread, 1)
    return np.where(np.outer(known, known), covariance / np.outer(scale, scale), 0.0)
