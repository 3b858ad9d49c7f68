"""What the machine can do at most, measured on the spot: products, reading, and fetching points at random.

All threads work at once, and each counts the seconds that it had a processor, so that other programs matter little.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

_LEAST = 0.5  # seconds that a measurement takes, so that a glance of another program does not decide it
_DIMENSIONS = 384
_ROWS = 4_096
_READ = 64 << 20  # floats: far more than any cache holds
_FETCHED = 1 << 22


def sgemm(threads: int) -> float:
    """Return GFLOP/s of float32 products in 384 dimensions, on one of `threads` processors."""
    from threadpoolctl import threadpool_limits

    a = np.random.default_rng(0).normal(size=(_ROWS, _DIMENSIONS)).astype(np.float32)
    outs = [np.empty((_ROWS, _ROWS), np.float32) for _ in range(threads)]
    with threadpool_limits(1, "blas"):
        return 2 * _ROWS * _ROWS * _DIMENSIONS * _rate(threads, lambda part: np.dot(a, a.T, out=outs[part])) / 1e9


def reading(threads: int) -> float:
    """Return GB/s at which one of `threads` processors reads memory."""
    from threadpoolctl import threadpool_limits

    parts = np.array_split(np.ones(_READ, np.float32), threads)
    with threadpool_limits(1, "blas"):
        return parts[0].nbytes * _rate(threads, lambda part: parts[part] @ parts[part]) / 1e9


def gathers(threads: int, n: int) -> float:
    """Return how many million points, of n on a map, one of `threads` processors fetches at random in a second."""
    fetch = _fetch()
    rng = np.random.default_rng(0)
    points = rng.normal(size=(n, 2)).astype(np.float32)
    which = rng.integers(0, n, _FETCHED).astype(np.uint32)
    return _FETCHED * _rate(threads, lambda _: fetch(points, which)) / 1e6


def _fetch() -> Any:
    from numba import njit

    @njit("float32(float32[:,::1], uint32[::1])", nogil=True, fastmath=True, error_model="numpy")
    def fetch(points: Any, which: Any) -> Any:
        total = np.float32(0.0)
        for place in which:
            total += points[place, 0] * points[place, 1]
        return total

    return fetch


def _rate(threads: int, work: Callable[[int], Any]) -> float:
    """Return how many pieces of work one of the threads finishes in a second of its processor, once warm."""

    def repeat(part: int) -> float:
        work(part)
        began, done = time.thread_time(), 0
        while time.thread_time() - began < _LEAST:
            work(part)
            done += 1
        return done / (time.thread_time() - began)

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(repeat, range(threads))) / threads
