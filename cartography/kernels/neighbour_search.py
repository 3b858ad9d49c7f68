"""Keeping the nearest of many candidates, and measuring them again in all dimensions."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["join", "mark_new", "push", "rerank"]


_PIECE = 128
_FAST = {"reassoc", "contract", "nsz", "arcp"}  # sums in any order; but there are infinities here


@njit("void(int32[:,::1], float32[:,::1], int64, int32, float32)", cache=True, nogil=True, inline="always")
def _insert(rows, squared, item, other, distance):
    """Put a nearer item into its place among the nearest; the caller knows that it is nearer than the last."""
    place = rows.shape[1] - 1
    while place > 0 and squared[item, place - 1] > distance:
        squared[item, place] = squared[item, place - 1]
        rows[item, place] = rows[item, place - 1]
        place -= 1
    squared[item, place] = distance
    rows[item, place] = other


@njit(
    "void(float32[:,::1], float32[::1], int32[::1], int64, int32[:,::1], float32[:,::1])",
    cache=True,
    nogil=True,
    fastmath=_FAST,
    error_model="numpy",
)
def push(products, lengths, items, first, rows, squared):
    """Offer the places from `first` on to `items` (m,); `products` (m, o) are their inner products.

    `lengths` (o,) are the squared lengths of those on offer; kept are |y|² - 2 x·y, which order as distances do.
    An item is never offered to itself.
    """
    two = np.float32(2.0)
    last = squared.shape[1] - 1
    for i in range(products.shape[0]):
        item = items[i]
        worst = squared[item, last]
        for j in range(products.shape[1]):
            rank = lengths[j] - two * products[i, j]
            if rank < worst and first + j != item:
                _insert(rows, squared, item, np.int32(first + j), rank)
                worst = squared[item, last]


@njit(
    "float32(float32[:,::1], float32[:,::1], int64, int64, float32)",
    cache=True,
    nogil=True,
    fastmath=_FAST,
    error_model="numpy",
    inline="always",
)
def _squared_distance(queries, points, a, b, most):
    """Squared distance of query a and point b; stops once it is beyond `most`.

    Pieces of one fixed length become vector instructions; a length that the compiler does not know would not.
    """
    total = np.float32(0.0)
    d = points.shape[1]
    whole = d - d % _PIECE
    for begin in range(0, whole, _PIECE):
        part = np.float32(0.0)
        for axis in range(_PIECE):
            step = queries[a, begin + axis] - points[b, begin + axis]
            part += step * step
        total += part
        if total > most:
            return total
    for axis in range(whole, d):
        step = queries[a, axis] - points[b, axis]
        total += step * step
    return total


@njit(
    "void(float32[:,::1], float32[:,::1], int32[:,::1], float32[:,::1], float32[::1], float32[::1], float32, "
    "int32[:,::1], float32[:,::1], int64, int64)",
    cache=True,
    nogil=True,
    fastmath=_FAST,
    error_model="numpy",
)
def rerank(queries, points, candidates, ranks, asking, beyond, slack, rows, squared, first, last):
    """Measure the candidates of items `first` to `last` in all dimensions and keep the nearest.

    `ranks` are the candidates' squared distances in fewer dimensions, ascending; `asking` and `beyond` (n,) are the
    lengths of what those leave out of queries and points. Together they bound the true distance from below, so most
    candidates need not be measured. `slack` is what rounding may have added to a rank.
    """
    k = rows.shape[1]
    for item in range(first, last):
        for slot in range(k):
            squared[item, slot] = np.float32(np.inf)
            rows[item, slot] = -1
        for slot in range(candidates.shape[1]):
            other = candidates[item, slot]
            if other < 0:
                break
            worst = squared[item, k - 1]
            rank = ranks[item, slot] - slack
            if rank >= worst:
                break
            gap = asking[item] - beyond[other]
            if rank + gap * gap >= worst:
                continue
            distance = _squared_distance(queries, points, item, other, worst)
            if distance < worst:
                _insert(rows, squared, item, other, distance)


@njit("void(int32[:,::1], int32[:,::1], uint8[:,::1], int64, int64)", cache=True, nogil=True)
def mark_new(before, rows, fresh, first, last):
    """Write into `fresh` (n, k) which neighbours of items `first` to `last` were not among those of `before`."""
    k = rows.shape[1]
    for item in range(first, last):
        for slot in range(k):
            fresh[item, slot] = 1
            for old in range(before.shape[1]):
                if before[item, old] == rows[item, slot]:
                    fresh[item, slot] = 0
                    break


@njit(
    "int64(float32[:,::1], float32[:,::1], float32[:,::1], float32[:,::1], int32[:,::1], uint8[:,::1], "
    "int32[:,::1], float32[:,::1], int64, int64, int64)",
    cache=True,
    nogil=True,
    fastmath=_FAST,
    error_model="numpy",
)
def join(queries, points, asking, fewer, known, fresh, rows, squared, reach, first, last):
    """Offer every item its neighbours' neighbours (Dong, Moses and Li 2011); return how many came nearer.

    Looked at are the first `reach` neighbours of the first `reach`, where one of the two steps is `fresh`: the others
    were tried before; what is too far in fewer dimensions (`asking`, `fewer`) is too far. `known` is read, `rows` and
    `squared` are bettered, for items `first` to `last`.
    """
    k = rows.shape[1]
    found = 0
    for item in range(first, last):
        for a in range(reach):
            near = known[item, a]
            if near < 0:
                break
            for b in range(reach):
                if fresh[item, a] == 0 and fresh[near, b] == 0:
                    continue
                other = known[near, b]
                if other < 0 or other == item:
                    continue
                met = False
                for slot in range(k):
                    if rows[item, slot] == other:
                        met = True
                        break
                if met:
                    continue
                worst = squared[item, k - 1]
                if _squared_distance(asking, fewer, item, other, worst) >= worst:
                    continue
                distance = _squared_distance(queries, points, item, other, worst)
                if distance < worst:
                    _insert(rows, squared, item, other, distance)
                    found += 1
    return found
