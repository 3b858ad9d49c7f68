"""A lock on a file that holds between processes and between threads, on every platform."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

__all__ = ["locked"]

_AGAIN = 0.01  # seconds between two tries


@contextmanager
def locked(file: IO[bytes], patience: float) -> Iterator[bool]:
    """Hold the lock on an open file; yields False when others held it for longer than `patience` seconds."""
    ends = time.monotonic() + patience
    ours = _try_lock(file)
    while not ours and time.monotonic() < ends:
        time.sleep(_AGAIN)
        ours = _try_lock(file)
    try:
        yield ours
    finally:
        if ours:
            _unlock(file)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
