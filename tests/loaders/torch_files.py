"""PyTorch checkpoints written by hand, opcode by opcode, so that no test needs PyTorch."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
KINDS = {"f4": "FloatStorage", "f8": "DoubleStorage", "f2": "HalfStorage", "i8": "LongStorage", "u1": "ByteStorage"}


def text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value: int) -> bytes:
    if -(2**31) <= value < 2**31:
        return b"J" + struct.pack("<i", value)
    data = value.to_bytes((value.bit_length() + 8) // 8, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def several(*values: bytes) -> bytes:
    return b"(" + b"".join(values) + b"t"


def name(module: str, what: str) -> bytes:
    return b"c" + module.encode() + b"\n" + what.encode() + b"\n"


def mapped(entries: Mapping[str, bytes]) -> bytes:
    return b"}(" + b"".join(text(key) + value for key, value in entries.items()) + b"u"


def storage(key: str, kind: str, count: int) -> bytes:
    return several(text("storage"), name("torch", kind), text(key), text("cpu"), number(count)) + b"Q"


def view(held: bytes, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> bytes:
    sizes, steps = several(*map(number, shape)), several(*map(number, strides))
    empty = name("collections", "OrderedDict") + b")R"
    return (
        name("torch._utils", "_rebuild_tensor_v2")
        + several(held, number(offset), sizes, steps, b"\x89", empty)
        + b"R"
    )


def tensor(key: str, array: np.ndarray) -> bytes:
    steps = tuple(one // array.itemsize for one in array.strides)
    return view(storage(key, KINDS[array.dtype.str[1:]], array.size), 0, array.shape, steps)


def pickled(body: bytes) -> bytes:
    return b"\x80\x02" + body + b"."


def zipped(body: bytes, storages: Mapping[str, bytes], packed: bool = False, order: bytes = b"little") -> bytes:
    """Return a checkpoint whose pickle is `body`, with these bytes as its storages."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", pickled(body))
        archive.writestr("archive/byteorder", order)
        for key, data in storages.items():
            archive.writestr(f"archive/data/{key}", data)
        archive.writestr("archive/version", b"3\n")
    return stream.getvalue()


def state_dict(arrays: Mapping[str, np.ndarray], packed: bool = False) -> bytes:
    """Return a checkpoint of these arrays, one storage each."""
    body = mapped({key: tensor(str(place), array) for place, (key, array) in enumerate(arrays.items())})
    return zipped(body, {str(place): array.tobytes() for place, array in enumerate(arrays.values())}, packed)


def legacy(body: bytes, storages: Mapping[str, tuple[int, bytes]]) -> bytes:
    """Return a checkpoint of the kind before PyTorch 1.6; storages are counts of elements and bytes."""
    system = b"}(" + text("little_endian") + b"\x88u"
    parts = [pickled(number(LEGACY_MAGIC)), pickled(number(1001)), pickled(system), pickled(body)]
    parts.append(pickled(b"](" + b"".join(text(key) for key in storages) + b"e"))
    parts += [count.to_bytes(8, "little") + data for count, data in storages.values()]
    return b"".join(parts)


def save(path: Path, arrays: Mapping[str, np.ndarray]) -> Path:
    path.write_bytes(state_dict(arrays))
    return path
