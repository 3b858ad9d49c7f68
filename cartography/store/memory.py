"""The latest results of this process; behind them, those that any process left on disk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from cartography.store.disk import DiskStore

__all__ = ["MemoryStore"]

_MOST_UNFINISHED = 4

T = TypeVar("T")


class MemoryStore:
    """The latest results of this process, least recently used first to go. Safe to use from several threads."""

    def __init__(self, capacity: int = 64, disk: DiskStore | None = None) -> None:
        self._capacity = capacity
        self._disk = disk
        self._results: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._unfinished: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    def leave(self, key: tuple[Any, ...], unfinished: object) -> None:
        """Keep what there is of a result whose making was stopped. Of such, only the latest few are kept."""
        with self._lock:
            self._unfinished[key] = unfinished
            while len(self._unfinished) > _MOST_UNFINISHED:
                self._unfinished.popitem(last=False)

    def take_up(self, key: tuple[Any, ...]) -> Any:
        """Return what `leave` kept under `key`, to whoever asks first; None when there is nothing."""
        with self._lock:
            return self._unfinished.pop(key, None)

    def get_or_make(
        self, key: tuple[Any, ...], make: Callable[[], T], given: Mapping[str, object] | None = None
    ) -> T:
        """Return the result kept under `key`; make and keep it first when there is none.

        With `given`, the result is looked for and kept on disk too, where there is one; `given` holds by name what
        the result refers to without owning it. `key` then holds plain values only.
        """
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        made = make() if self._disk is None or given is None else self._disk.get_or_make(key, make, given)
        with self._lock:
            self._results[key] = made
            self._results.move_to_end(key)
            while len(self._results) > self._capacity:
                self._results.popitem(last=False)
        return made
