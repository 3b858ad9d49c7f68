"""ONNX, GGUF, TensorFlow and Flax files written by hand, byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from loaders.wire.leveldb import MAGIC, _crc32c, _masked


def varint(value: int) -> bytes:
    parts = []
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def whole(number: int, value: int) -> bytes:
    """Return a protobuf field that is a varint."""
    return varint(number << 3) + varint(value)


def held(number: int, data: bytes) -> bytes:
    """Return a protobuf field that is bytes, a text or a message."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def onnx_tensor(name: str, shape: Sequence[int], kind: int, *numbers: bytes) -> bytes:
    return b"".join(whole(1, n) for n in shape) + whole(2, kind) + b"".join(numbers) + held(8, name.encode())


def onnx_model(*tensors: bytes) -> bytes:
    graph = b"".join(held(5, one) for one in tensors) + held(2, b"graph")
    return whole(1, 8) + held(2, b"a test") + held(7, graph) + held(8, whole(2, 17))


def onnx(arrays: Mapping[str, np.ndarray]) -> bytes:
    return onnx_model(
        *(onnx_tensor(name, one.shape, 1, held(9, one.astype("<f4").tobytes())) for name, one in arrays.items())
    )


def gguf_text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def gguf_blocks(tensors: Mapping[str, tuple[tuple[int, ...], int, bytes]], tokens: Sequence[str] = ()) -> bytes:
    """Return a file of tensors given as shape (rows first), type and bytes."""
    pairs = gguf_text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, len(tokens))
    pairs += b"".join(gguf_text(token) for token in tokens)
    described, data = b"", b""
    for name, (shape, kind, content) in tensors.items():
        sizes = struct.pack(f"<I{len(shape)}Q", len(shape), *shape[::-1])
        described += gguf_text(name) + sizes + struct.pack("<IQ", kind, len(data))
        data += content + bytes(-len(content) % 32)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), 1) + pairs + described
    return head + bytes(-len(head) % 32) + data


def gguf(arrays: Mapping[str, np.ndarray], tokens: Sequence[str] = ()) -> bytes:
    return gguf_blocks({name: (one.shape, 0, one.astype("<f4").tobytes()) for name, one in arrays.items()}, tokens)


def leveldb(entries: Mapping[bytes, bytes]) -> bytes:
    """Return a table of one block, unpacked."""
    body = b"".join(varint(0) + varint(len(key)) + varint(len(value)) + key + value for key, value in entries.items())
    table, place = _block(body), 0
    handle = varint(0) + varint(len(table) - 5)
    place = len(table)
    last = max(entries)
    index = _block(varint(0) + varint(len(last)) + varint(len(handle)) + last + handle)
    footer = varint(place) + varint(0) + varint(place) + varint(len(index) - 5)
    return table + index + footer + bytes(40 - len(footer)) + MAGIC


def _block(body: bytes) -> bytes:
    block = body + struct.pack("<II", 0, 1) + b"\0"
    return block + struct.pack("<I", _masked(_crc32c(block)))


def bundle_entry(array: np.ndarray, offset: int, kind: int = 1) -> bytes:
    shape = b"".join(held(2, whole(1, n)) for n in array.shape)
    return whole(1, kind) + held(2, shape) + whole(4, offset) + whole(5, array.nbytes)


def save_bundle(path: Path, arrays: Mapping[str, np.ndarray]) -> Path:
    entries, data = {b"": whole(1, 1)}, b""
    for name in sorted(arrays):
        entries[name.encode()] = bundle_entry(arrays[name], len(data))
        data += arrays[name].tobytes()
    path.write_bytes(leveldb(entries))
    path.with_suffix(".data-00000-of-00001").write_bytes(data)
    return path


def msgpack(value: Any) -> bytes:
    """Return texts, small numbers, lists, mappings, bytes and arrays as Flax writes them."""
    if isinstance(value, dict):
        return bytes([0x80 | len(value)]) + b"".join(msgpack(key) + msgpack(one) for key, one in value.items())
    if isinstance(value, list):
        return bytes([0x90 | len(value)]) + b"".join(map(msgpack, value))
    if isinstance(value, str):
        return b"\xd9" + bytes([len(value.encode())]) + value.encode()
    if isinstance(value, bytes):
        return b"\xc6" + struct.pack(">I", len(value)) + value
    if isinstance(value, np.ndarray):
        inside = msgpack([list(value.shape), str(value.dtype), value.tobytes()])
        return b"\xc9" + struct.pack(">I", len(inside)) + b"\x01" + inside
    return b"\xcf" + struct.pack(">Q", value)


def flax(tree: dict[str, Any]) -> bytes:
    return msgpack(tree)
