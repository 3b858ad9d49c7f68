"""The shortest way along a neighbour graph, looked for from both ends (Dijkstra 1959; Pohl 1971)."""

from __future__ import annotations

from heapq import heappop, heappush

import numpy as np
from numba import njit, types

__all__ = ["asked_by", "shortest"]


_NEIGHBOURS = types.Array(types.int32, 2, "C", readonly=True)  # a graph's arrays are, and too large to copy
_DISTANCES = types.Array(types.float32, 2, "C", readonly=True)
_ROWS, _STARTS = types.int32[::1], types.int64[::1]


@njit(types.void(_NEIGHBOURS, _STARTS, _ROWS), cache=True, nogil=True)
def asked_by(indices, starts, ties):
    """Sort all ties by the item that they lead to: those to item i are `ties[starts[i]:starts[i + 1]]`.

    `indices` (n, k) are the neighbours; tie t leads from item t // k to `indices.flat[t]`. `starts` is (n + 1,).
    """
    n, k = indices.shape
    starts[:] = 0
    for item in range(n):
        for other in indices[item]:
            starts[other + 1] += 1
    for item in range(n):
        starts[item + 1] += starts[item]
    at = starts[:n].copy()
    for item in range(n):
        for place in range(k):
            other = indices[item, place]
            ties[at[other]] = item * k + place
            at[other] += 1


@njit("float64(float32, boolean)", cache=True, nogil=True, inline="always")
def _length(distance, angular):
    """How long a tie is: the angle between two directions whose cosine distance is given, or the distance itself."""
    away = max(np.float64(distance), 0.0)
    return 2 * np.arcsin(min(1.0, np.sqrt(away / 2))) if angular else away


@njit(
    types.int64(_NEIGHBOURS, _DISTANCES, _STARTS, _ROWS, types.int64, types.int64, types.boolean, _ROWS),
    cache=True,
    nogil=True,
)
def shortest(indices, distances, starts, ties, begin, end, angular, route):
    """Write the items on the shortest way from `begin` to `end` into `route` (n,); return how many, 0 for no way.

    Ties may be gone both ways. The two searches stop when neither can find anything shorter than what they found
    where they met.
    """
    n, k = indices.shape
    far = np.full((2, n), np.inf)
    came = np.full((2, n), -1, np.int32)
    far[0, begin], far[1, end] = 0.0, 0.0
    first, second = [(0.0, begin)], [(0.0, end)]
    best, middle = np.inf, -1
    while len(first) > 0 and len(second) > 0 and first[0][0] + second[0][0] < best:
        side = 0 if len(first) <= len(second) else 1
        heap = first if side == 0 else second
        reached, item = heappop(heap)
        if reached > far[side, item]:
            continue
        count = starts[item + 1] - starts[item]
        for tie in range(k + count):
            if tie < k:
                other, away = np.int64(indices[item, tie]), distances[item, tie]
            else:
                edge = np.int64(ties[starts[item] + tie - k])
                other, away = edge // k, distances[edge // k, edge % k]
            total = reached + _length(away, angular)
            if total < far[side, other]:
                far[side, other], came[side, other] = total, item
                heappush(heap, (total, other))
                if total + far[1 - side, other] < best:
                    best, middle = total + far[1 - side, other], other
    if middle < 0:
        return 0
    count, item = 0, middle
    while item >= 0:
        route[count] = item
        count += 1
        item = came[0, item]
    route[:count] = route[:count][::-1].copy()
    item = came[1, middle]
    while item >= 0:
        route[count] = item
        count += 1
        item = came[1, item]
    return count
