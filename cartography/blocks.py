"""Blocks of rows worked on by several threads, each with single-threaded linear algebra."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Lock
from typing import Any

__all__ = ["for_each", "one_thread"]

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
