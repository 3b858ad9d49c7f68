"""One sweep of UMAP's layout over a part of the items (McInnes, Healy and Melville 2018, section 3.2).

Gather form: an item moves only itself and reads where the others stood, so threads need no locks and the result
does not depend on how many there are. Every tie acts in every epoch with its strength as weight, instead of strong
ties acting more often; repulsion comes from a window of a short random list, which stays in the fastest cache.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from cartography.kernels.arithmetic import exp2, log2, mixed

__all__ = ["CHUNK", "MOST_PUSHES", "sweep", "sweep_3d"]

CHUNK = 1024
"""Items that share one random list."""
_POOL = 512
MOST_PUSHES = 128
"""Items that may push one item in one epoch."""
_LONGEST = np.float32(4.0)
_NEAREST = np.float32(1e-8)
_SOFT = np.float32(0.001)
_SIGNATURE = (
    "void(float32[:,::1], float32[:,::1], int64[::1], int32[::1], float32[::1], int32[::1], float32[::1], "
    "int64, int64, uint64, float32, float32, float32, int64, int64)"
)


@njit(
    "float32(float32, float32, float32)", cache=True, nogil=True, fastmath=True, error_model="numpy", inline="always"
)
def _pull(squared, a, b):
    """How hard a tie pulls, per unit of distance."""
    power = exp2(b * log2(squared))
    return np.float32(4.0) * a * b * power / (squared * (np.float32(1.0) + a * power))


@njit(
    "float32(float32, float32, float32)", cache=True, nogil=True, fastmath=True, error_model="numpy", inline="always"
)
def _push(squared, a, b):
    """How hard another item pushes, per unit of distance."""
    power = exp2(b * log2(squared))
    return np.float32(2.0) * b / ((_SOFT + squared) * (np.float32(1.0) + a * power))


@njit("float32(float32, float32)", cache=True, nogil=True, fastmath=True, error_model="numpy", inline="always")
def _clipped(step, longest):
    step = step if step > -longest else -longest
    return step if step < longest else longest


@njit(_SIGNATURE, cache=True, nogil=True, fastmath=True, error_model="numpy")
def sweep(points, moved, starts, tails, weights, pushes, push_weights, group, groups, seed, a, b, rate, first, last):
    """Move one group's items of the chunks `first` to `last`: read `points` (n, 2), write `moved` (n, 2).

    Item i is pulled towards `tails[starts[i]:starts[i + 1]]` with `weights`, and pushed by `pushes[i]` random items,
    each weighing `push_weights[i]`. Group g of `groups` holds the items i = g modulo `groups`. `a` and `b` are the
    curve of closeness, `rate` the length of the steps, `seed` decides what pushes.
    """
    n = points.shape[0]
    pool_x, pool_y = np.empty(_POOL, np.float32), np.empty(_POOL, np.float32)
    for chunk in range(first, last):
        state = mixed(seed ^ (np.uint64(chunk) * np.uint64(0xD1342543DE82EF95)))
        for slot in range(_POOL):
            state = mixed(state)
            other = np.int64(((state >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))
            pool_x[slot], pool_y[slot] = points[other, 0], points[other, 1]
        begin = chunk * CHUNK
        begin += (group - begin) % groups
        for i in range(begin, min(n, (chunk + 1) * CHUNK), groups):
            x, y = points[i, 0], points[i, 1]
            pulled_x, pulled_y = np.float32(0.0), np.float32(0.0)
            for tie in range(starts[i], starts[i + 1]):
                other = tails[tie]
                dx, dy = points[other, 0] - x, points[other, 1] - y
                pull = _pull(dx * dx + dy * dy + _NEAREST, a, b)
                pulled_x += weights[tie] * _clipped(pull * dx, np.float32(2.0) * _LONGEST)
                pulled_y += weights[tie] * _clipped(pull * dy, np.float32(2.0) * _LONGEST)
            count = pushes[i]
            state = mixed(state)
            window = np.int64(((state >> np.uint64(32)) * np.uint64(_POOL - count + 1)) >> np.uint64(32))
            pushed_x, pushed_y = np.float32(0.0), np.float32(0.0)
            for slot in range(window, window + count):
                dx, dy = x - pool_x[slot], y - pool_y[slot]
                push = _push(dx * dx + dy * dy + _NEAREST, a, b)
                pushed_x += _clipped(push * dx, _LONGEST)
                pushed_y += _clipped(push * dy, _LONGEST)
            weight = push_weights[i]
            moved[i, 0] = x + rate * (pulled_x + weight * pushed_x)
            moved[i, 1] = y + rate * (pulled_y + weight * pushed_y)


@njit(_SIGNATURE, cache=True, nogil=True, fastmath=True, error_model="numpy")
def sweep_3d(
    points, moved, starts, tails, weights, pushes, push_weights, group, groups, seed, a, b, rate, first, last
):
    """Do as `sweep` does, for points (n, 3)."""
    n = points.shape[0]
    pool = np.empty((3, _POOL), np.float32)
    apart, step = np.empty(3, np.float32), np.empty(3, np.float32)
    for chunk in range(first, last):
        state = mixed(seed ^ (np.uint64(chunk) * np.uint64(0xD1342543DE82EF95)))
        for slot in range(_POOL):
            state = mixed(state)
            other = np.int64(((state >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))
            for axis in range(3):
                pool[axis, slot] = points[other, axis]
        begin = chunk * CHUNK
        begin += (group - begin) % groups
        for i in range(begin, min(n, (chunk + 1) * CHUNK), groups):
            step[:] = np.float32(0.0)
            for tie in range(starts[i], starts[i + 1]):
                squared = _NEAREST
                for axis in range(3):
                    apart[axis] = points[tails[tie], axis] - points[i, axis]
                    squared += apart[axis] * apart[axis]
                pull = _pull(squared, a, b)
                for axis in range(3):
                    step[axis] += weights[tie] * _clipped(pull * apart[axis], np.float32(2.0) * _LONGEST)
            count = pushes[i]
            state = mixed(state)
            window = np.int64(((state >> np.uint64(32)) * np.uint64(_POOL - count + 1)) >> np.uint64(32))
            for slot in range(window, window + count):
                squared = _NEAREST
                for axis in range(3):
                    apart[axis] = points[i, axis] - pool[axis, slot]
                    squared += apart[axis] * apart[axis]
                push = _push(squared, a, b)
                for axis in range(3):
                    step[axis] += push_weights[i] * _clipped(push * apart[axis], _LONGEST)
            for axis in range(3):
                moved[i, axis] = points[i, axis] + rate * step[axis]
