"""Files that mean harm: each with what it tries. All are made here; none is kept."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from tests.loaders.examples import VECTORS, WORDS, fasttext, flat_index, gensim_pickle, r_matrix, zarr_2
from tests.loaders.made import table, write

Maker = Callable[[Path, str], Path]
"""Writes a file into a folder; the text is the path of a file that must never appear."""

PICKLED = ("pkl", "pickle", "joblib", "pt", "pth", "bin", "ckpt", "npy", "npz", "model", "kv", "h5", "csv", "json")
PICKLED += ("parquet", "safetensors", "vec", "faiss", "rds", "db", "zip", "")
HUGE = 2**62


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"touch {self.path}",)


def hostile() -> Iterator[tuple[str, Maker]]:
    """Yield every file by a name that says what it tries."""
    yield from _that_would_run()
    yield from _that_claim()
    yield from _that_unpack()
    yield from _that_confuse()


def _that_would_run() -> Iterator[tuple[str, Maker]]:
    for suffix in PICKLED:
        for protocol in (0, 4):
            yield f"pickle {protocol} called .{suffix}", _pickle(suffix, protocol)
    yield "pickle behind a head of gensim", _file("a.kv", lambda trap: _behind_gensim(trap))
    yield "objects in npy", _file("a.npy", _object_npy)
    yield "objects in npz", _file("a.npz", lambda trap: _zip({"a.npy": _object_npy(trap)}))
    yield "torch zip with a trap", _file("a.pt", lambda trap: _zip({"a/data.pkl": pickle.dumps(Trap(trap))}))
    yield "code in a npy header", _file("a.npy", lambda trap: _npy_head(f"__import__('os').system('touch {trap}')"))


def _that_claim() -> Iterator[tuple[str, Maker]]:
    for name, head in _NPY_HEADS.items():
        yield f"npy that claims {name}", _file("a.npy", lambda _, head=head: _npy_head(head) + bytes(64))
    for name, head in _SAFETENSORS.items():
        yield f"safetensors that {name}", _file("a.safetensors", lambda _, head=head: _tensors(head))
    yield "safetensors with a head of exabytes", _file("a.safetensors", lambda _: struct.pack("<Q", HUGE) + b"{}")
    yield "word2vec that claims a trillion words", _file("a.bin", lambda _: b"999999999999 300\nthe " + bytes(1200))
    yield "word2vec with a word without end", _file("a.bin", lambda _: b"2 3\n" + b"\1" * 300_000)
    yield "word2vec text of a trillion words", _file("a.vec", lambda _: b"999999999999 3\nthe 1 2 3\n")
    yield "word2vec text a million wide", _file("a.vec", lambda _: b"3 9999999\nthe 1 2 3\n")
    yield "fastText with a huge matrix", _file("a.bin", lambda _: _cut(fasttext([b"a"], VECTORS), -256, HUGE))
    yield "fastText with two billion words", _file("a.bin", _fasttext_of_many)
    yield "faiss with exabytes", _file("a.faiss", lambda _: b"IxF2" + struct.pack("<iqqqBiq", 5, HUGE, 0, 0, 1, 1, 5))
    yield "faiss of another kind", _file("a.faiss", lambda _: b"IwPQ" + flat_index(VECTORS)[4:])
    yield "R vector of exabytes", _file("a.rds", lambda _: _r(struct.pack(">4i", 14, -1, 2**30, 0)))
    yield "R list nested without end", _file("a.rds", lambda _: _r(struct.pack(">2i", 19, 1) * 100_000))
    yield (
        "R text of gigabytes",
        _file("a.rds", lambda _: _r(struct.pack(">3i", 16, 1, 9) + struct.pack(">i", 2**31 - 1))),
    )
    yield (
        "R matrix whose shape lies",
        _file("a.rds", lambda _: r_matrix(VECTORS, WORDS).replace(b"\0\0\0\x0c", b"\x7f\xff\xff\xff")),
    )
    yield "zarr that claims gigabytes", lambda folder, _: zarr_2(folder / "a.zarr", VECTORS, shape=[90_000_000, 5])
    yield "zarr with chunks of nothing", lambda folder, _: zarr_2(folder / "b.zarr", VECTORS, chunks=[0, 5])
    yield "zarr nested without end", _zarr_deep


def _that_unpack() -> Iterator[tuple[str, Maker]]:
    for name, packer in (("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)):
        yield f"{name} bomb", _file(f"a.csv.{name}", lambda _, packer=packer: packer(b"0.5,0.25\n" * 80_000) * 100)
    yield "gz bomb of word vectors", _file("a.vec.gz", lambda _: gzip.compress(b"a 0.5 0.25 1\n" * 6_000_000))
    yield "gz bomb of one line", _file("a.txt.gz", lambda _: gzip.compress(b"0.5 " * 20_000_000))
    yield "npz bomb", _file("a.npz", lambda _: _zip({"a.npy": _npy_bytes(np.zeros((20_000, 1000), np.float32))}))
    yield "zip bomb", _file("a.zip", lambda _: _zip({"a.csv": bytes(80_000_000)}))
    yield "zip within zip", _file("a.zip", lambda _: _zip({"b.zip": _zip({"c.zip": _zip({"a.csv": b"1,2\n"})})}))
    for name in ("../up.csv", "/tmp/abs.csv", "a/../../up.csv", "C:\\up.csv", "..\\up.csv", "a\0.csv"):
        yield f"zip with {name!r}", _file("a.zip", lambda _, name=name: _zip({name: b"1,2\n3,4\n"}))
        yield f"npz with {name!r}", _file("a.npz", lambda _, name=name: _zip({name + ".npy": b"x"}))
    yield "zip with a link", _file("a.zip", lambda _: _linked())
    yield "config that leads outside", _outside


def _that_confuse() -> Iterator[tuple[str, Maker]]:
    yield "ragged rows", _file("a.csv", lambda _: b"1,2,3\n4,5\n6,7,8,9\n")
    yield "nothing but NaN", _file("a.csv", lambda _: b"a,b,c\nnan,nan,nan\nnan,inf,-inf\n")
    yield "infinity in npy", _file("a.npy", lambda _: _npy_bytes(np.full((9, 3), np.inf, np.float32)))
    yield "float64 beyond float32", _file("a.npy", lambda _: _npy_bytes(np.full((9, 3), 1e300)))
    yield (
        "markup in labels",
        _file("a.tsv", lambda _: table(VECTORS, labels=[_MARKUP] * 12).encode()),
    )
    yield "labels of a megabyte", _file("a.tsv", lambda _: table(VECTORS[:3], labels=["x" * 10**6] * 3).encode())
    yield "JSON nested without end", _file("a.json", lambda _: b"[" * 5_000_000)
    yield "objects nested without end", _file("a.json", lambda _: b'{"a":' * 1_000_000)
    yield "JSON lines nested without end", _file("a.jsonl", lambda _: b'{"v":' + b"[" * 1_000_000)
    yield "a number of a million digits", _file("a.json", lambda _: b'{"a": [' + b"9" * 10**6 + b", 1, 2]}")
    yield "a line without end", _file("a.csv", lambda _: b"1," * 40_000_000)
    yield "word vectors in a line without end", _file("a.vec", lambda _: b"word" + b" 1" * 40_000_000)
    yield "a quote that never closes", _file("a.csv", lambda _: b'a,b\n"' + b"x\n" * 1_000_000)
    yield "a million columns", _file("a.csv", lambda _: b",".join([b"1"] * 10**6) + b"\n")
    yield "UTF-16 with a mark", _file("a.csv", lambda _: table(VECTORS, ",").encode("utf-16"))
    yield "half of a UTF-16 character", _file("a.csv", lambda _: b"\xff\xfe" + b"1\0" * 5 + b"2")
    yield "a mark and nothing else", _file("a.csv", lambda _: b"\xef\xbb\xbf")
    yield "bytes of every value", _file("a.vec", lambda _: bytes(range(256)) * 100)
    for suffix in ("npy", "npz", "vec", "bin", "faiss", "rds", "db", "kv", "zarr.zip", "zip", "duckdb", "h5", "pt"):
        yield f"empty .{suffix}", _file(f"a.{suffix}", lambda _: b"")
        yield f"noise called .{suffix}", _file(f"a.{suffix}", lambda _: np.random.default_rng(1).bytes(5000))


_MARKUP = "<script>alert(1)</script>"
_NPY_HEADS = {
    "exabytes": "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 300)}",
    "a negative shape": "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 3)}",
    "objects": "{'descr': '|O', 'fortran_order': False, 'shape': (4,)}",
    "a type of gigabytes": "{'descr': '|S2000000000', 'fortran_order': False, 'shape': (1,)}",
    "nesting": "(" * 9000,
}
_SAFETENSORS = {
    "claims exabytes": {"a": {"dtype": "F32", "shape": [HUGE, 3], "data_offsets": [0, HUGE]}},
    "overlaps": {
        "a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
        "b": {"dtype": "F32", "shape": [2, 2], "data_offsets": [8, 24]},
    },
    "runs backwards": {"a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [16, 0]}},
    "has an unknown type": {"a": {"dtype": "Q7", "shape": [2, 2], "data_offsets": [0, 16]}},
}


def _file(name: str, content: Callable[[str], bytes]) -> Maker:
    return lambda folder, trap: write(folder, name, content(trap))


def _pickle(suffix: str, protocol: int) -> Maker:
    name = f"a.{suffix}" if suffix else "a"
    return _file(name, lambda trap: pickle.dumps(Trap(trap), protocol=protocol))


def _behind_gensim(trap: str) -> bytes:
    data = gensim_pickle(WORDS)
    text = f"touch {trap}".encode()
    return (
        data[:2] + b"cgensim.models.x\nX\n0cos\nsystem\n(X" + struct.pack("<I", len(text)) + text + b"tR0" + data[2:]
    )


def _object_npy(trap: str) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array([Trap(trap)], dtype=object), allow_pickle=True)
    return stream.getvalue()


def _npy_bytes(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def _npy_head(text: str) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def _tensors(head: dict) -> bytes:
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + bytes(64)


def _zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _linked() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("tensors.tsv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return stream.getvalue()


def _cut(data: bytes, place: int, number: int) -> bytes:
    """Put a number in the place of eight bytes."""
    return data[:place] + struct.pack("<q", number) + data[place + 8 :]


def _fasttext_of_many(_: str) -> bytes:
    data = fasttext([b"a"], VECTORS)
    return data[:64] + struct.pack("<3i", 2**31 - 1, 2**31 - 1, 0) + data[76:]


def _r(item: bytes) -> bytes:
    return b"X\n" + struct.pack(">3i", 2, 0, 0) + item


def _zarr_deep(folder: Path, _: str) -> Path:
    write(folder, "c.zarr/.zgroup", "[" * 100_000)
    return write(folder, "c.zarr/a/.zarray", "[" * 100_000).parent.parent


def _outside(folder: Path, _: str) -> Path:
    text = 'embeddings { tensor_path: "../../../../etc/passwd" metadata_path: "/etc/passwd" }'
    return write(folder, "projector_config.pbtxt", text)
