"""Blosc 1 containers, which Zarr uses by default.

Layout (c-blosc, README_CHUNK_FORMAT): 16 bytes of head - version, version of the codec, flags, bytes per number, and
uint32 unpacked size, block size, packed size - then a uint32 place for every block. A block is one stream, or one per
byte of a number; a stream is an int32 length and the packed bytes, plain ones where that is the length of the block.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np

from cartography.errors import LoadError

__all__ = ["unpack_blosc"]

_SHUFFLED, _PLAIN, _BITS, _WHOLE = 0x01, 0x02, 0x04, 0x10
_CODECS = {1: "lz4_raw", 2: "snappy", 4: "zstd"}
_ZLIB = 3
_MOST_STREAMS, _SHORTEST = 16, 128


@dataclass(frozen=True)
class _Head:
    flags: int
    typesize: int
    size: int
    block: int
    packed: int


def unpack_blosc(data: bytes, largest: int) -> bytes:
    """Return the unpacked bytes, at most `largest`. Raises `LoadError` for a damage and an unknown codec."""
    if len(data) < 16:
        raise _damaged("it is shorter than its head")
    head = _Head(data[2], max(data[3], 1), *struct.unpack_from("<3I", data, 4))
    if head.size > largest or head.packed > len(data):
        raise _damaged(f"its head promises {head.size:,} bytes from {head.packed:,}")
    if head.size == 0:
        return b""
    if head.flags & _PLAIN:
        return data[16 : 16 + head.size]
    if head.block < 1 or head.block > head.size:
        raise _damaged(f"its blocks have {head.block:,} bytes")
    count = -(-head.size // head.block)
    if len(data) < 16 + 4 * count:
        raise _damaged("its blocks are not there")
    starts = struct.unpack_from(f"<{count}I", data, 16)
    blocks = (_block(data, start, head, place == count - 1) for place, start in enumerate(starts))
    return b"".join(blocks)


def _block(data: bytes, start: int, head: _Head, last: bool) -> bytes:
    size = head.size % head.block or head.block if last else head.block
    partial = last and head.size % head.block != 0
    many = (
        not head.flags & _WHOLE
        and head.typesize <= _MOST_STREAMS
        and head.block // head.typesize >= _SHORTEST
        and not partial
    )
    streams = head.typesize if many else 1
    parts = []
    for _ in range(streams):
        if start + 4 > len(data):
            raise _damaged("a block begins behind its end")
        (length,) = struct.unpack_from("<i", data, start)
        if length < 0 or start + 4 + length > len(data):
            raise _damaged("a block ends behind its end")
        parts.append(_stream(data[start + 4 : start + 4 + length], size // streams, head.flags >> 5))
        start += 4 + length
    return _in_order(b"".join(parts), head)


def _stream(packed: bytes, size: int, codec: int) -> bytes:
    if len(packed) == size:
        return packed
    if codec == _ZLIB:
        unpacked = zlib.decompressobj().decompress(packed, size)
    elif codec in _CODECS:
        import pyarrow as pa

        try:
            unpacked = pa.decompress(packed, size, codec=_CODECS[codec], asbytes=True)
        except (pa.ArrowInvalid, OSError) as error:
            raise _damaged("a block cannot be unpacked") from error
    else:
        raise LoadError(
            "The chunks are packed with blosclz, which is not read.",
            "Write the array again with zstd or blosc's lz4.",
        )
    if len(unpacked) != size:
        raise _damaged("a block unpacks to another length")
    return unpacked


def _in_order(data: bytes, head: _Head) -> bytes:
    """Undo the shuffling of bytes or bits. Bits were shuffled only where the numbers of a block come in eights."""
    if head.flags & _BITS:
        count = len(data) // head.typesize
        if count % 8:
            return data
        used = count * head.typesize
        bits = np.unpackbits(np.frombuffer(data, np.uint8, used), bitorder="little").reshape(8 * head.typesize, -1)
        return np.packbits(bits.T.reshape(-1), bitorder="little").tobytes() + data[used:]
    if not head.flags & _SHUFFLED or head.typesize < 2:
        return data
    used = len(data) // head.typesize * head.typesize
    return np.frombuffer(data, np.uint8, used).reshape(head.typesize, -1).T.tobytes() + data[used:]


def _damaged(what: str) -> LoadError:
    return LoadError(f"A chunk is damaged: {what}.", "Copy or write the array again.")
