"""Which items are in a cluster, which stands in its middle, and which small cluster stands for a large one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["by_label", "heirs", "medoids", "members", "standing"]

Labels = NDArray[np.int32]

_LOOKED_AT = 1_000_000  # of more items every m-th may be a medoid


def medoids(points: NDArray[np.float32], labels: Labels) -> Labels:
    """Return the rows (count,) of the items nearest to the mean of each cluster 0..count-1; the first of equals.

    `points` (n, d), `labels` (n,) with -1 for noise. Of more than a million items every m-th is looked at, and all
    of a cluster that has none of those. A cluster without any item has row -1.
    """
    count = int(labels.max(initial=-1)) + 1
    found = np.full(count, -1, np.int32)
    rows = np.arange(0, len(labels), max(1, len(labels) // _LOOKED_AT))
    _look(points, labels, rows[labels[rows] >= 0], found)
    if (found < 0).any():
        missed = np.append(found < 0, False)  # the last entry is for noise
        _look(points, labels, np.flatnonzero(missed[labels]), found)
    return found


def _look(points: NDArray[np.float32], labels: Labels, rows: NDArray[np.intp], found: Labels) -> None:
    """Write into `found` the middle item of every cluster that has one among the rows."""
    if not len(rows):
        return
    own = labels[rows]
    sizes = np.maximum(np.bincount(own, minlength=len(found)), 1)
    apart = np.zeros(len(rows))
    for axis in range(points.shape[1]):
        place = points[rows, axis].astype(np.float64)
        apart += (place - (np.bincount(own, place, len(found)) / sizes)[own]) ** 2
    least = np.full(len(found), np.inf)
    np.minimum.at(least, own, apart)
    at = np.flatnonzero(apart == least[own])[::-1]  # so that the first of equals is written last
    found[own[at]] = rows[at]


def by_label(labels: Labels, sizes: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """Return the rows of every cluster, in their order; `sizes` (count,) say how many it has. Noise is left out."""
    short = labels.astype(np.int16) if len(sizes) < 2**15 else labels  # short numbers sort in one pass
    order = np.argsort(short, kind="stable")
    return np.split(order[len(order) - int(sizes.sum()) :], np.cumsum(sizes)[:-1])


def members(own: NDArray[np.integer], most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return up to `most` rows of every part, spread over it, part after part; and where each part starts."""
    order = np.argsort(own, kind="stable")
    sizes = np.bincount(own)
    kept = np.minimum(sizes, most)
    starts = np.concatenate([[0], np.cumsum(kept)])
    place = np.arange(starts[-1]) - np.repeat(starts[:-1], kept)
    first = np.cumsum(sizes) - sizes
    return order[np.repeat(first, kept) + place * np.repeat(sizes, kept) // np.repeat(kept, kept)], starts


def heirs(levels: Sequence[Labels], middles: Sequence[Labels]) -> list[Labels]:
    """Return for every level which cluster of the finest stands for each of its clusters, -1 where none does.

    A cluster is stood for by whatever stands for that part of it which holds its medoid: `levels` are labels (n,)
    coarse to fine, `middles` the rows of their medoids.
    """
    found = [np.arange(len(middles[-1]), dtype=np.int32)]
    for finer, rows in zip(reversed(levels[1:]), reversed(middles[:-1]), strict=True):
        part = np.where(rows >= 0, finer[rows], -1)
        found.append(np.where(part >= 0, np.append(found[-1], -1)[part], -1).astype(np.int32))
    return found[::-1]


def standing(levels: Sequence[Labels], middles: Sequence[Labels]) -> list[list[tuple[int, int]]]:
    """Return for each cluster of the finest level all (level, cluster) that it stands for, coarsest first."""
    result: list[list[tuple[int, int]]] = [[] for _ in middles[-1]]
    for level, found in enumerate(heirs(levels, middles)):
        for cluster, heir in enumerate(found.tolist()):
            if heir >= 0:
                result[heir].append((level, cluster))
    return result
