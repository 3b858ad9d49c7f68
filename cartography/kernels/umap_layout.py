"""One sweep of UMAP's layout over a part of the items (McInnes, Healy and Melville 2018, section 3.2).

Gather form: an item moves only itself and reads where the others stood, so threads need no locks and the result
does not depend on how many there are. Every tie acts in every epoch with its strength as weight, instead of strong
ties acting more often; repulsion comes from a window of a short random list, which stays in the fastest cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

from cartography.kernels.arithmetic import exp2, log2, mixed

__all__ = ["CHUNK", "MOST_PUSHES", "sweep_2d", "sweep_3d"]

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


def _sweep_in(dims: int) -> Callable[..., Any]:
    """Return the sweep in `dims` dimensions; the loops over axes are unrolled when it is compiled."""

    @njit(_SIGNATURE, cache=True, nogil=True, fastmath=True)
    def sweep(
        points, moved, starts, tails, weights, pushes, push_weights, group, groups, seed, a, b, rate, first, last
    ):
        n = points.shape[0]
        pool = np.empty((dims, _POOL), np.float32)
        place = np.empty(dims, np.float32)
        step = np.empty(dims, np.float32)
        apart = np.empty(dims, np.float32)
        one = np.float32(1.0)
        pulling = np.float32(4.0) * a * b
        pushing = np.float32(2.0) * b
        for chunk in range(first, last):
            state = mixed(seed ^ (np.uint64(chunk) * np.uint64(0xD1342543DE82EF95)))
            for slot in range(_POOL):
                state = mixed(state)
                other = np.int64(((state >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))
                for axis in range(dims):
                    pool[axis, slot] = points[other, axis]
            begin = chunk * CHUNK
            begin += (group - begin) % groups
            for i in range(begin, min(n, (chunk + 1) * CHUNK), groups):
                for axis in range(dims):
                    place[axis] = points[i, axis]
                    step[axis] = 0
                for tie in range(starts[i], starts[i + 1]):
                    other_item = tails[tie]
                    squared = _NEAREST
                    for axis in range(dims):
                        apart[axis] = points[other_item, axis] - place[axis]
                        squared += apart[axis] * apart[axis]
                    power = exp2(b * log2(squared))
                    pull = pulling * power / (squared * (one + a * power))
                    for axis in range(dims):
                        moves = min(max(pull * apart[axis], -2 * _LONGEST), 2 * _LONGEST)
                        step[axis] += weights[tie] * moves
                count = pushes[i]
                state = mixed(state)
                window = np.int64(((state >> np.uint64(32)) * np.uint64(_POOL - count + 1)) >> np.uint64(32))
                weight = push_weights[i]
                for slot in range(window, window + count):
                    squared = _SOFT * _SOFT
                    for axis in range(dims):
                        apart[axis] = place[axis] - pool[axis, slot]
                        squared += apart[axis] * apart[axis]
                    power = exp2(b * log2(squared))
                    push = pushing / ((_SOFT + squared) * (one + a * power))
                    for axis in range(dims):
                        moves = min(max(push * apart[axis], -_LONGEST), _LONGEST)
                        step[axis] += weight * moves
                for axis in range(dims):
                    moved[i, axis] = place[axis] + rate * step[axis]

    return sweep


sweep_2d = _sweep_in(2)
"""See the module. `points` (n, 2) are read; of chunks `first` to `last`, one group's items are written to `moved`.

Item i is pulled towards `tails[starts[i]:starts[i + 1]]` with `weights`, and pushed by `pushes[i]` random items, each
weighing `push_weights[i]`. Group g of `groups` holds the items i = g modulo `groups`. `a` and `b` are the curve of
closeness, `rate` the length of the steps, `seed` decides what pushes.
"""
sweep_3d = _sweep_in(3)
"""The same in three dimensions."""
