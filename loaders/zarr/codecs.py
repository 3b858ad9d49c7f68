"""What was done to a chunk when it was written, undone in reverse order."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from loaders.files.limits import check_expansion
from loaders.zarr.blosc import unpack_blosc

__all__ = ["TEXTS", "unpacked", "texts_of"]

TEXTS = "vlen-utf8"
_SPARE = 1 << 20


def unpacked(data: bytes, codecs: Sequence[dict[str, Any]], size: int | None, name: str) -> bytes:
    """Return the bytes of a chunk after the codecs, first applied first; `size` is what they should be, if known."""
    largest = size if size is not None else max(_SPARE, 250 * len(data))
    check_expansion(len(data), largest, name)
    for codec in reversed(codecs):
        data = _undone(data, str(codec.get("id") or codec.get("name")), codec, largest)
    return data


def texts_of(data: bytes, count: int) -> list[str]:
    """Return the strings of a chunk: int32 count, then per string an int32 length and UTF-8."""
    found, place = [], 4
    for _ in range(min(count, struct.unpack_from("<I", data)[0] if len(data) >= 4 else 0)):
        if place + 4 > len(data):
            break
        (length,) = struct.unpack_from("<I", data, place)
        found.append(data[place + 4 : place + 4 + length].decode("utf-8", "replace"))
        place += 4 + length
    return found + [""] * (count - len(found))


def _undone(data: bytes, name: str, codec: dict[str, Any], largest: int) -> bytes:
    if name in ("gzip", "zlib"):
        return _limited(zlib.decompressobj(31 if name == "gzip" else 15), data, largest)
    if name == "blosc":
        return unpack_blosc(data, largest)
    if name == "zstd":
        return _zstd(data, largest)
    if name == "lz4" and len(data) >= 4:
        return _arrow(data[4:], min(struct.unpack_from("<I", data)[0], largest), "lz4_raw")
    if name == "crc32c":
        return data[:-4]
    if name == "shuffle":
        width = _of(codec).get("elementsize", 4)
        return _unshuffled(data, width if isinstance(width, int) and width > 0 else 4)
    if name in ("bytes", TEXTS, "transpose"):
        return data
    raise LoadError(
        f"The array is packed with {name!r}, which is not read.",
        "Write it again with zstd, gzip or blosc's lz4, or save it with numpy.save.",
    )


def _of(codec: dict[str, Any]) -> dict[str, Any]:
    inner = codec.get("configuration")
    return inner if isinstance(inner, dict) else codec


def _limited(unpacker: Any, data: bytes, largest: int) -> bytes:
    try:
        return bytes(unpacker.decompress(data, largest))
    except zlib.error as error:
        raise _damaged() from error


def _zstd(data: bytes, largest: int) -> bytes:
    import pyarrow as pa

    try:
        with pa.input_stream(pa.BufferReader(data), compression="zstd") as stream:
            return bytes(stream.read(largest))
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged() from error


def _arrow(data: bytes, size: int, codec: str) -> bytes:
    import pyarrow as pa

    try:
        return bytes(pa.decompress(data, size, codec=codec, asbytes=True))
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged() from error


def _unshuffled(data: bytes, width: int) -> bytes:
    used = len(data) // width * width
    shuffled: NDArray[np.uint8] = np.frombuffer(data, np.uint8, used)
    return shuffled.reshape(width, -1).T.tobytes() + data[used:]


def _damaged() -> LoadError:
    return LoadError("A chunk cannot be unpacked.", "Copy or write the array again.")
