"""Unpacking of Snappy blocks, after `format_description.txt` of google/snappy."""

from __future__ import annotations

from cartography.errors import LoadError
from loaders.files.limits import check_expansion
from loaders.wire.protobuf import varint

__all__ = ["unsnapped"]


def unsnapped(packed: bytes, name: str) -> bytes:
    """Return what a block unpacks to. Raises `LoadError` when it is damaged or grows like a bomb."""
    length, place = varint(packed, 0, len(packed))
    check_expansion(len(packed), length, name)
    result = bytearray()
    while place < len(packed) and len(result) <= length:
        place = _element(packed, place, result, name)
    if len(result) != length:
        raise _damaged(name)
    return bytes(result)


def _element(packed: bytes, place: int, result: bytearray, name: str) -> int:
    """Append one literal or copy; return the place after it."""
    tag = packed[place]
    place += 1
    if tag & 3 == 0:
        size = tag >> 2
        extra = max(0, size - 59)
        if extra:
            size, place = int.from_bytes(packed[place : place + extra], "little"), place + extra
        if place + size + 1 > len(packed):
            raise _damaged(name)
        result += packed[place : place + size + 1]
        return place + size + 1
    if tag & 3 == 1:
        size, extra, high = 4 + (tag >> 2 & 7), 1, tag >> 5 << 8
    else:
        size, extra, high = 1 + (tag >> 2), (2 if tag & 3 == 2 else 4), 0
    back = high | int.from_bytes(packed[place : place + extra], "little")
    if not 0 < back <= len(result):
        raise _damaged(name)
    start = len(result) - back
    for step in range(size):
        result.append(result[start + step])
    return place + extra


def _damaged(name: str) -> LoadError:
    return LoadError(f"{name} is damaged: a packed block makes no sense.", "Copy or download the file again.")
