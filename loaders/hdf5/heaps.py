"""A check of the heaps that hold texts and lists of variable length, before the HDF5 library walks them.

The library (2.0.0) never returns from a global heap collection in which a free object has the size 0. Layout:
"HDF5 File Format Specification", section III.E, "Global Heap".
"""

from __future__ import annotations

import mmap
import struct
from functools import lru_cache
from pathlib import Path
from typing import Any

from cartography.errors import LoadError
from loaders.hdf5.signature import MAGIC, USER_BLOCKS

__all__ = ["check_heaps"]

_HEADER = 16
_SPARE_STEPS = 1_000_000


def check_heaps(content: Path | bytes, head: bytes, name: str) -> None:
    """Raise `LoadError` when a heap would keep the library busy for ever. A file is looked through once.

    `head` is the beginning of an HDF5 file that is a part of another.
    """
    sound = _sound_bytes(content) if isinstance(content, bytes) else _sound_file(content, *_mark(content))
    if not sound or not _usual_sizes(head):
        raise LoadError(
            f"{name} is damaged: the heap of its texts is broken.", "Copy the file again, or save it without texts."
        )


def _mark(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=64)
def _sound_file(path: Path, size: int, _changed: int) -> bool:
    if size == 0:
        return True
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return _sound_bytes(data)


def _sound_bytes(data: Any) -> bool:
    if not _usual_sizes(data):
        return False
    steps = len(data) // 8 + _SPARE_STEPS
    place = data.find(b"GCOL")
    while place >= 0:
        steps -= _steps(data, place, steps)
        if steps <= 0:
            return False
        place = data.find(b"GCOL", place + 1)
    return True


def _steps(data: Any, place: int, most: int) -> int:
    """Return the number of objects of one collection; more than `most` when it has no end."""
    if place + _HEADER > len(data):
        return 1
    end = min(len(data), place + struct.unpack_from("<Q", data, place + 8)[0])
    place += _HEADER
    count = 1
    while place + _HEADER <= end and count <= most:
        index, size = struct.unpack_from("<H6xQ", data, place)
        needed = _HEADER + (size + 7) // 8 * 8 if index else size
        if needed == 0:
            return most + 1
        place += needed
        count += 1
    return count


def _usual_sizes(data: Any) -> bool:
    """Whether offsets and lengths have eight bytes, as in every file in use."""
    start = next((place for place in USER_BLOCKS if data[place : place + 8] == MAGIC), None)
    if start is None or start + 16 > len(data):
        return True  # a part of an archive, or no HDF5 at all: the library says so
    version = data[start + 8]
    sizes = data[start + 13 : start + 15] if version < 2 else data[start + 9 : start + 11]
    return bytes(sizes) == b"\x08\x08"
