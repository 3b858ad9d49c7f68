"""The finest level of all: what is large is divided into compact parts of the map, so that there are towns wherever
one looks closely.

k-means in the plane (Lloyd 1982), begun along a curve through the items, on a sample where they are many; it needs no
chance, and the parts come out about equally large.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cartography.curve import along_a_curve
from cartography.medoids import by_label

__all__ = ["MOST", "hamlets"]

Floats = NDArray[np.float32]
Labels = NDArray[np.int32]

MOST = 3000
"""So many parts are made at most."""
_USUAL = 12  # items of a part, where they are few
_LEAST = 8
_ROUNDS = 6
_SEEN = 24  # items of a part that decide where it lies
_BLOCK = 1 << 17


def hamlets(places: Floats, labels: Labels, told: Callable[[float], None] = lambda _: None) -> Labels:
    """Return labels (n,) nested in `labels`: clusters are divided into parts of about n / 3000 items, at least 12.

    `places` (n, 2) is the map. No part holds fewer than 8 items unless the cluster itself does; noise stays noise.
    """
    sizes = np.bincount(labels[labels >= 0])
    parts = _parts(sizes, len(labels))
    if parts.max(initial=0) <= 1:
        return labels
    result = np.full(len(labels), -1, np.int32)
    taken = seen = 0
    for count, rows in zip(parts.tolist(), by_label(labels, sizes), strict=True):
        done = seen / len(labels)
        seen += len(rows)
        result[rows] = taken
        if count > 1:
            told(done)
            inside = _divided(places[rows], count, lambda: told(done))  # noqa: B023  (called at once)
            result[rows] += inside
            taken += int(inside.max())
        taken += 1
    return result


def _parts(sizes: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return into how many parts clusters of these sizes are divided."""
    size = max(float(_USUAL), n / MOST)
    while True:
        parts = np.clip(np.rint(sizes / size).astype(np.int64), 1, np.maximum(sizes // _LEAST, 1))
        if parts.sum() <= max(MOST, len(sizes)):
            return parts
        size *= 1.05


def _divided(points: Floats, count: int, told: Callable[[], None]) -> Labels:
    """Return labels 0..m-1 of up to `count` compact parts of points (n, 2), none of fewer than 8."""
    from scipy.spatial import cKDTree

    points = points - points.mean(axis=0, dtype=np.float64).astype(np.float32)
    some = points[:: max(1, len(points) // (_SEEN * count))]
    middles = _along(some, count)
    for _ in range(_ROUNDS):
        told()
        nearest = cKDTree(middles).query(some)[1]
        sizes = np.bincount(nearest, minlength=len(middles))
        sums = np.stack([np.bincount(nearest, some[:, axis], len(middles)) for axis in (0, 1)], axis=1)
        middles = sums[sizes > 0] / sizes[sizes > 0, None]
    while True:
        labels = _nearest(points, middles, told)
        sizes = np.bincount(labels, minlength=len(middles))
        if len(middles) == 1 or sizes.min() >= _LEAST:
            return labels
        stays = sizes >= _LEAST
        stays[sizes.argmax()] = True
        if stays.sum() == len(middles):
            return labels
        middles = middles[stays]


def _along(points: Floats, count: int) -> NDArray[np.float64]:
    """Return the middles of `count` stretches, equally many points long, of a curve through the points."""
    starts = np.unique(np.arange(count) * len(points) // count)
    ordered = points[along_a_curve(points)].astype(np.float64)
    return np.add.reduceat(ordered, starts, axis=0) / np.diff([*starts, len(points)])[:, None]


def _nearest(points: Floats, middles: NDArray[np.float64], told: Callable[[], None]) -> Labels:
    from scipy.spatial import cKDTree

    tree = cKDTree(middles)
    labels = np.empty(len(points), np.int32)
    for first in range(0, len(points), _BLOCK):
        told()
        workers = -1 if len(points) > _BLOCK else 1  # threads cost more than they bring where there is little
        labels[first : first + _BLOCK] = tree.query(points[first : first + _BLOCK], workers=workers)[1]
    return labels
