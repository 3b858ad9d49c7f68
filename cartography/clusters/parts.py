"""Ties between parts of the items that a neighbour graph leaves unconnected: true distances, between a few items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cartography.medoids import members
from cartography.neighbours import EXACT_UP_TO
from cartography.neighbours.approximate import approximate_neighbours
from cartography.neighbours.exact import exact_neighbours
from cartography.neighbours.metrics import Space
from cartography.progress import Progress, part_of, report

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["ties_between"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

_MEMBERS = 64  # items of a part that are tried
_NUMBERS = 1 << 27  # held of them at once: 512 MB
_NEAR = 8  # parts whose middles are nearest, which are tried
_STAGE = "Finding clusters"


def ties_between(
    parts: Rows, vectors: Floats, metric: str, progress: Progress | None = None
) -> tuple[Rows, Rows, Floats]:
    """Return the ties (heads, tails, lengths) that make one of the parts (n,), named by any numbers.

    Between parts whose middles are near, a tie is the shortest among up to 64 items of each. Cosine counts as
    distance between unit vectors.
    """
    from scipy.sparse.csgraph import connected_components

    found, own = np.unique(parts, return_inverse=True)
    if len(found) == 1:
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.float32)
    most = int(np.clip(_NUMBERS // (len(found) * vectors.shape[1]), 1, _MEMBERS))
    rows, starts = members(own, most)
    some = vectors[rows]
    points = Space.of(some, metric).points(some)
    middles = np.add.reduceat(points, starts[:-1], axis=0) / np.diff(starts)[:, None]
    forest = _forest(middles.astype(np.float32), part_of(progress, 0.0, 0.5))
    ties = []
    for place, (a, b) in enumerate(zip(*forest.nonzero(), strict=True)):
        if place % 256 == 0:
            report(progress, _STAGE, 0.5 + 0.5 * place / forest.nnz, "joining")
        at, to, length = _nearest(points, slice(*starts[a : a + 2]), slice(*starts[b : b + 2]))
        ties.append((rows[at], rows[to], length))
    _, group = connected_components(forest, directed=False)
    more = ties_between(group[own], vectors, metric, progress)
    heads, tails, lengths = (np.array(one) for one in zip(*ties, strict=True))
    return (
        np.concatenate([heads, more[0]]).astype(np.int32),
        np.concatenate([tails, more[1]]).astype(np.int32),
        np.concatenate([lengths, more[2]]).astype(np.float32),
    )


def _forest(middles: Floats, progress: Progress | None) -> csr_array:
    """Return the minimum spanning forest (m, m) of the graph of nearest middles."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    m = len(middles)
    k = min(_NEAR, m - 1)
    if m <= EXACT_UP_TO:
        near, apart = exact_neighbours(middles, k, "euclidean", progress)
    else:
        near, apart, _ = approximate_neighbours(middles, k, "euclidean", progress)
    apart = np.maximum(apart, 1e-30)  # a tie of length 0 would be none
    ties = csr_array((apart.ravel(), near.ravel(), np.arange(0, m * k + 1, k)), shape=(m, m))
    return minimum_spanning_tree(ties)


def _nearest(points: Floats, here: slice, there: slice) -> tuple[int, int, float]:
    a, b = points[here], points[there]
    squared = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    at, to = np.unravel_index(int(squared.argmin()), squared.shape)
    return here.start + int(at), there.start + int(to), float(np.linalg.norm(a[at] - b[to]))
