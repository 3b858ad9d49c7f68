"""One tree over a few thousand points: the two nearest clusters join, again and again.

By chains of nearest neighbours (Murtagh 1983; Müllner 2011), with Lance and Williams' update of the distances. Unlike
scipy's, points may stand for several items each, and it can be stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LINKAGES", "Merges", "agglomerate", "joined"]

LINKAGES = ("ward", "average", "complete", "single")

Doubles = NDArray[np.float64]
Sizes = NDArray[np.int64]

_ROWS = 256
_STEPS = 512
_EQUAL = 1e-9  # of the greatest height: what joins below was one
_ROUNDING = 1e-13  # of the squared lengths of two points: what they are apart by less is rounding


@dataclass(frozen=True, eq=False)
class Merges:
    """What joins in a tree over m points: `pairs` (m - 1, 2) by rising `heights` (m - 1,).

    A pair names one point of either side. Heights are distances; under "ward" the root of twice what the join adds to
    the sum of squares, as in scipy.
    """

    pairs: NDArray[np.int32]
    heights: Doubles

    def __len__(self) -> int:
        return len(self.pairs) + 1

    @property
    def distinct(self) -> int:
        """How many clusters there are of points that are not equal."""
        return 1 + int((self.heights > _EQUAL * self.heights.max(initial=0.0)).sum())

    def cut(self, count: int) -> NDArray[np.int32]:
        """Return labels (m,) of at most `count` clusters; equal points are never taken apart."""
        return joined(self.pairs[: len(self) - max(1, min(count, self.distinct))], len(self))


def joined(pairs: NDArray[np.int32], m: int) -> NDArray[np.int32]:
    """Return labels (m,) without gaps of what these pairs make of m points."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ties = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(m, m))
    return connected_components(ties, directed=False)[1].astype(np.int32)


def agglomerate(
    points: NDArray[np.floating],
    linkage: str = "ward",
    sizes: ArrayLike | None = None,
    told: Callable[[float], None] = lambda _: None,
) -> Merges:
    """Return the tree over points (m, d), of which each stands for `sizes` (m,) items, by default one.

    "ward" adds least to the sum of squares, "average", "complete" and "single" go by the mean, the greatest and the
    least distance. Memory and time grow with m squared. `told` hears how far it has come and may raise.
    """
    m = len(points)
    weights = np.ones(m) if sizes is None else np.array(sizes, dtype=np.float64)
    apart = _distances(points, weights, linkage == "ward", told)
    pairs, heights = _chained(apart, weights, linkage, lambda done: told(0.4 + 0.6 * done))
    order = np.argsort(heights, kind="stable")
    heights = np.sqrt(heights) if linkage == "ward" else heights
    return Merges(pairs[order], heights[order])


def _distances(points: NDArray[np.floating], weights: Doubles, ward: bool, told: Callable[[float], None]) -> Doubles:
    """Return (m, m) distances, or twice what a join adds to the sum of squares; infinite from a point to itself."""
    m = len(points)
    centred = points - points.mean(axis=0, dtype=np.float64)
    lengths = np.einsum("ij,ij->i", centred, centred)
    apart = np.empty((m, m))
    for first in range(0, m, _ROWS):
        told(0.4 * first / m)
        part = slice(first, first + _ROWS)
        both = lengths[part, None] + lengths
        squared = both - 2 * centred[part] @ centred.T
        squared[squared <= _ROUNDING * both] = 0  # equal points are not a hair's breadth apart
        if ward:
            squared *= 2 * weights[part, None] * weights / (weights[part, None] + weights)
        apart[part] = squared if ward else np.sqrt(squared)
    np.fill_diagonal(apart, np.inf)
    return apart


def _chained(
    apart: Doubles, weights: Doubles, linkage: str, told: Callable[[float], None]
) -> tuple[NDArray[np.int32], Doubles]:
    """Return pairs and heights in the order in which chains of nearest neighbours end."""
    m = len(weights)
    pairs, heights = np.empty((max(m - 1, 0), 2), np.int32), np.empty(max(m - 1, 0))
    left = np.ones(m, bool)
    chain: list[int] = []
    start = done = steps = 0
    while done < m - 1:
        steps += 1
        if steps % _STEPS == 1:
            told(done / m)
        if not chain:
            start += int(left[start:].argmax())
            chain.append(start)
        top = chain[-1]
        row = apart[top]
        nearest = int(row.argmin())
        before = chain[-2] if len(chain) > 1 else -1
        if before < 0 or row[nearest] < row[before]:
            chain.append(nearest)
            continue
        del chain[-2:]
        pairs[done], heights[done] = (before, top), row[before]
        _join(apart, weights, top, before, linkage)
        left[top] = False
        done += 1
    return pairs, heights


def _join(apart: Doubles, weights: Doubles, gone: int, kept: int, linkage: str) -> None:
    """Let one cluster join another: write how far the two together are from all others."""
    a, b, height = weights[gone], weights[kept], apart[gone, kept]
    one, other = apart[gone], apart[kept]
    if linkage == "ward":
        new = ((a + weights) * one + (b + weights) * other - weights * height) / (a + b + weights)
    elif linkage == "average":
        new = (a * one + b * other) / (a + b)
    else:
        new = np.maximum(one, other) if linkage == "complete" else np.minimum(one, other)
    new[[gone, kept]] = np.inf
    apart[kept], apart[:, kept] = new, new
    apart[gone], apart[:, gone] = np.inf, np.inf
    weights[kept] += a
