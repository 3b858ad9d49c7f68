"""Threads that run one kernel over ranges of items: the kernels let go of the interpreter's lock."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Lock
from types import TracebackType
from typing import Any

__all__ = ["Crew"]

_ALONE = 2_000
"""Items below which waking another thread costs more than it helps."""
_PIECES = 6  # ranges for each thread


class Crew:
    """A few threads, to be used as a context. What a range holds must not matter to the result."""

    def __init__(self, items: int, threads: int | None = None) -> None:
        self._threads = 1 if items < _ALONE else threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads) if self._threads > 1 else None

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    @property
    def threads(self) -> int:
        """How many work at once."""
        return self._threads

    def over(self, count: int, work: Callable[[int, int], Any]) -> None:
        """Call `work(first, last)` on ranges that make up `count`, and return when all are done.

        Whoever is free takes the next range. Where the processors are busy and a thread does not wake up in time, the
        others have done its part: nobody waits for a thread that has not begun.
        """
        if self._pool is None or count == 0:
            work(0, count)
            return
        pieces = min(count, self._threads * _PIECES)
        edges = [count * piece // pieces for piece in range(pieces + 1)]
        ranges = pairwise(edges)
        lock = Lock()

        def take() -> None:
            while True:
                with lock:
                    mine = next(ranges, None)
                if mine is None:
                    return
                work(*mine)

        others = [self._pool.submit(take) for _ in range(self._threads - 1)]
        take()
        for other in others:
            if not other.cancel():
                other.result()
