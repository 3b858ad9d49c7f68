"""Keeping the nearest of many candidates, and measuring them again in all dimensions."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["join", "push", "rerank"]


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
    fastmath=True,
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
    "float32(float32[:,::1], int64, int64, float32)",
    cache=True,
    nogil=True,
    fastmath=True,
    error_model="numpy",
    inline="always",
)
def _squared_distance(points, a, b, most):
    """Squared distance of two rows; stops once it is beyond `most`."""
    total = np.float32(0.0)
    d = points.shape[1]
    for begin in range(0, d, 64):
        part = np.float32(0.0)
        for axis in range(begin, min(begin + 64, d)):
            step = points[a, axis] - points[b, axis]
            part += step * step
        total += part
        if total > most:
            break
    return total


@njit(
    "void(float32[:,::1], int32[::1], int32[:,::1], int32[:,::1], float32[:,::1], int64, int64)",
    cache=True,
    nogil=True,
    fastmath=True,
    error_model="numpy",
)
def rerank(points, order, candidates, rows, squared, first, last):
    """Measure the candidates of places `first` to `last` in all dimensions and keep the nearest.

    `order[place]` is a row of `points`; candidates are places, what is written to `rows` too.
    """
    k = rows.shape[1]
    for place in range(first, last):
        for slot in range(k):
            squared[place, slot] = np.float32(np.inf)
            rows[place, slot] = -1
        for slot in range(candidates.shape[1]):
            other = candidates[place, slot]
            if other < 0:
                continue
            worst = squared[place, k - 1]
            distance = _squared_distance(points, order[place], order[other], worst)
            if distance < worst:
                _insert(rows, squared, place, other, distance)


@njit(
    "void(float32[:,::1], int32[::1], int32[:,::1], int32[:,::1], float32[:,::1], int64, int64, int64)",
    cache=True,
    nogil=True,
    fastmath=True,
    error_model="numpy",
)
def join(points, order, known, rows, squared, reach, first, last):
    """Offer every item the first `reach` neighbours of its first `reach` neighbours (Dong, Moses and Li 2011).

    `known` is read, `rows` and `squared` are bettered, for places `first` to `last`.
    """
    k = rows.shape[1]
    for place in range(first, last):
        for a in range(reach):
            near = known[place, a]
            if near < 0:
                continue
            for b in range(reach):
                other = known[near, b]
                if other < 0 or other == place:
                    continue
                met = False
                for slot in range(k):
                    if rows[place, slot] == other:
                        met = True
                        break
                if met:
                    continue
                worst = squared[place, k - 1]
                distance = _squared_distance(points, order[place], order[other], worst)
                if distance < worst:
                    _insert(rows, squared, place, other, distance)
