"""One table of LevelDB, which TensorFlow's `.index` files are: keys and values in blocks, each with a checksum.

The layout is that of LevelDB's `doc/table_format.md`; the checksum is CRC-32C, masked as `util/crc32c.h` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from cartography.errors import LoadError
from loaders.wire.protobuf import varint
from loaders.wire.snappy import unsnapped

__all__ = ["MAGIC", "entries"]

MAGIC = (0xDB4775248B80FB57).to_bytes(8, "little")
_FOOTER = 48
_MOST_ENTRIES = 2_000_000
_CHECKED = 8 << 20  # bytes of a table beyond which checksums, slow in Python, are left out
_DAMAGED = "Copy or download the file again."


def entries(data: bytes, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Yield keys and values in order. Raises `LoadError` when the table is damaged."""
    if len(data) < _FOOTER or data[-8:] != MAGIC:
        raise LoadError(f"{name} is damaged or cut short: it does not end as a TensorFlow index does.", _DAMAGED)
    footer = data[-_FOOTER:]
    _, place = _handle(footer, 0)
    index, _ = _handle(footer, place)
    count = 0
    for _, handle in _block(data, index, name):
        for key, value in _block(data, _handle(handle, 0)[0], name):
            count += 1
            if count > _MOST_ENTRIES:
                raise LoadError(f"{name} holds more than {_MOST_ENTRIES:,} entries.", _DAMAGED)
            yield key, value


def _handle(data: bytes, place: int) -> tuple[tuple[int, int], int]:
    """Return where a block lies, (offset, size), and the place after that."""
    offset, place = varint(data, place, len(data))
    size, place = varint(data, place, len(data))
    return (offset, size), place


def _block(data: bytes, handle: tuple[int, int], name: str) -> list[tuple[bytes, bytes]]:
    offset, size = handle
    if offset + size + 5 > len(data):
        raise LoadError(f"{name} is damaged: a block should end at byte {offset + size:,}.", _DAMAGED)
    block, kind = data[offset : offset + size], data[offset + size]
    stored = int.from_bytes(data[offset + size + 1 : offset + size + 5], "little")
    if len(data) <= _CHECKED and _masked(_crc32c(data[offset : offset + size + 1])) != stored:
        raise LoadError(f"{name} is damaged: the checksum of the block at byte {offset:,} is wrong.", _DAMAGED)
    if kind not in (0, 1):
        raise LoadError(f"{name} is damaged: a block is packed in a way of its own ({kind}).", _DAMAGED)
    return _pairs(unsnapped(block, name) if kind else block, name)


def _pairs(block: bytes, name: str) -> list[tuple[bytes, bytes]]:
    """Return the entries of a block; each key is a part of the one before it and a rest."""
    restarts = int.from_bytes(block[-4:], "little")
    end = len(block) - 4 - 4 * restarts
    if len(block) < 4 or end < 0:
        raise LoadError(f"{name} is damaged: a block has {restarts:,} restarts.", _DAMAGED)
    found, place, key, held = [], 0, b"", 0
    while place < end:
        shared, place = varint(block, place, end)
        rest, place = varint(block, place, end)
        length, place = varint(block, place, end)
        if shared > len(key) or place + rest + length > end:
            raise LoadError(f"{name} is damaged: an entry of its table makes no sense.", _DAMAGED)
        key = key[:shared] + block[place : place + rest]
        place += rest
        held += len(key)
        if held > 64 * len(block) + (1 << 20):
            raise LoadError(f"{name} is damaged: the keys of a block grow beyond all bounds.", _DAMAGED)
        found.append((key, block[place : place + length]))
        place += length
    return found


@cache
def _table() -> tuple[int, ...]:
    values = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        values.append(value)
    return tuple(values)


def _crc32c(data: bytes) -> int:
    table, value = _table(), 0xFFFFFFFF
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ value >> 8
    return value ^ 0xFFFFFFFF


def _masked(value: int) -> int:
    return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF
