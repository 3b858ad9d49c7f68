"""Vectors in blocks of rows, so that a memory map stays one; worked on by several threads where that helps."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["for_each", "in_blocks", "mean_of", "one_thread", "rows_at_once"]

_NUMBERS = 1 << 22  # in a block: 16 MB of float32

_LOCK = Lock()
_INSIDE: list[Any] = []


@contextmanager
def one_thread() -> Iterator[None]:
    """A context in which linear algebra starts no threads.

    Small factorisations take fifty times as long when their threads wait for each other on a busy machine. The limit
    is the whole process's, so the first one in sets it and the last one out takes it away.
    """
    from threadpoolctl import threadpool_limits

    with _LOCK:
        _INSIDE.append(threadpool_limits(1, "blas") if not _INSIDE else _INSIDE[0])
    try:
        yield
    finally:
        with _LOCK:
            limit = _INSIDE.pop()
            if not _INSIDE:
                limit.restore_original_limits()


def for_each(work: Callable[[int], None], blocks: Sequence[int], told: Callable[[float], None]) -> None:
    """Call `work` on every block; `told` hears from this thread how far it has come and may raise to stop it all.

    Blocks begin in order and few at a time, so that stopping takes one block at most.
    """
    threads = os.cpu_count() or 1
    waiting: set[Future[None]] = set()
    with one_thread(), ThreadPoolExecutor(threads) as pool:
        for number, block in enumerate(blocks):
            told(number / len(blocks))
            waiting.add(pool.submit(work, block))
            if len(waiting) > threads:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for one in done:
                    one.result()
        for one in waiting:
            one.result()


def rows_at_once(dimensions: int) -> int:
    """Return how many rows make a block."""
    return max(1, _NUMBERS // dimensions)


def in_blocks(vectors: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """Give the rows (n, d) block after block, without a copy."""
    step = rows_at_once(vectors.shape[1])
    for first in range(0, len(vectors), step):
        yield vectors[first : first + step]


def mean_of(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean (d,) of the rows, summed in double precision."""
    total = np.zeros(vectors.shape[1])
    for block in in_blocks(vectors):
        total += block.sum(axis=0, dtype=np.float64)
    return total / len(vectors)
