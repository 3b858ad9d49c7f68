"""Round clusters by k-means (Lloyd 1982): middles from a sample, then every item to its nearest.

In numpy, in blocks, so that it can be stopped at any time and needs no threads of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["compact", "means"]

Floats = NDArray[np.float32]
Labels = NDArray[np.int32]

_SAMPLE = 20_000
_ROUNDS = 20
_TRIED = 8  # items among which the next middle is chosen
_ROWS = 16_384


def compact(
    points: Floats,
    count: int,
    seed: int,
    told: Callable[[float], None] = lambda _: None,
    *,
    starts: int = 3,
    rounds: int = _ROUNDS,
) -> tuple[Labels, Floats]:
    """Return labels 0..m-1 (n,) of up to `count` round clusters, and how far (n,) each item is from its middle.

    The best of a few starts counts, each improved for at most so many rounds. `told` hears how far it has come.
    """
    rng = np.random.default_rng(seed)
    n = len(points)
    sample = points if n <= _SAMPLE else points[np.sort(rng.choice(n, _SAMPLE, replace=False))]
    centre = sample.mean(axis=0)  # distances from afar would be all rounding
    sample = sample - centre
    best, least = sample[:1], np.inf
    lengths = np.einsum("ij,ij->i", sample, sample)
    for start in range(starts):
        middles = _first_middles(sample, count, rng, told)
        for turn in range(rounds):
            told(0.6 * (start + turn / rounds) / starts)
            labels, squared = _nearest(sample, middles, lengths)
            moved = means(sample, labels, middles)
            if np.array_equal(moved, middles):
                break
            middles = moved
        if squared.sum() < least:
            best, least = middles, float(squared.sum())
    labels, apart = np.empty(n, np.int32), np.empty(n, np.float32)
    for first in range(0, n, _ROWS):
        told(0.6 + 0.4 * first / n)
        part = slice(first, first + _ROWS)
        labels[part], apart[part] = _nearest(points[part] - centre, best)
    _, numbered = np.unique(labels, return_inverse=True)
    return numbered.astype(np.int32), np.sqrt(apart)


def _first_middles(sample: Floats, count: int, rng: np.random.Generator, told: Callable[[float], None]) -> Floats:
    """Choose middles far from each other (Arthur and Vassilvitskii 2007, the greedy kind)."""
    some = sample[rng.permutation(len(sample))[: max(2_048, 4 * count)]]
    chosen = [int(rng.integers(len(some)))]
    squared = _nearest(some, some[chosen])[1]
    for _ in range(count - 1):
        told(0.0)
        total = float(squared.sum())
        if total <= 0:
            break
        tried = rng.choice(
            len(some), _TRIED, p=(squared / total).astype(np.float64) / (squared / total).sum(dtype=float)
        )
        left = np.minimum(squared[:, None], _squared(some, some[tried]))
        best = int(left.sum(axis=0).argmin())
        chosen.append(int(tried[best]))
        squared = left[:, best]
    return some[chosen]


def _squared(points: Floats, middles: Floats, lengths: Floats | None = None) -> Floats:
    """Return squared distances (n, m); `lengths` (n,) are the squared lengths of the points, where they are known."""
    if lengths is None:
        lengths = np.einsum("ij,ij->i", points, points)
    reach = lengths[:, None] + np.einsum("ij,ij->i", middles, middles) - 2 * points @ middles.T
    return np.maximum(reach, 0)


def _nearest(points: Floats, middles: Floats, lengths: Floats | None = None) -> tuple[Labels, Floats]:
    squared = _squared(points, middles, lengths)
    labels = squared.argmin(axis=1)
    return labels.astype(np.int32), squared[np.arange(len(points)), labels]


def means(points: Floats, labels: Labels, middles: Floats) -> Floats:
    """Return the middles of the items labelled 0..m-1 (n,), (m, d); one without items stays as in `middles`."""
    from scipy.sparse import csr_array

    n, m = len(points), len(middles)
    sizes = np.bincount(labels, minlength=m)
    at = csr_array((np.ones(n, np.float32), labels, np.arange(n + 1)), shape=(n, m))
    sums = at.T.tocsr() @ points
    return np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], middles).astype(np.float32)
