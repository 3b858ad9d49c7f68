"""One small file of every registered format, for the tests that run over all loaders.

A new loader adds one entry: its format's name, and a function that writes an example of the twelve `VECTORS` into a
folder and returns its path.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather

from tests.loaders.made import table, vectors, write

VECTORS = vectors(12, 5)
IDS = [f"item {i}" for i in range(12)]
WORDS = [f"word{i}" for i in range(12)]
Writer = Callable[[Path], Path]


def _npy(folder: Path) -> Path:
    np.save(folder / "example.npy", VECTORS)
    return folder / "example.npy"


def _npz(folder: Path) -> Path:
    np.savez_compressed(folder / "example.npz", embeddings=VECTORS, label=np.array(IDS))
    return folder / "example.npz"


def _parquet(folder: Path) -> Path:
    pq.write_table(pa.table({"id": IDS, "embedding": VECTORS.tolist()}), folder / "example.parquet")
    return folder / "example.parquet"


def _feather(folder: Path) -> Path:
    feather.write_feather(pd.DataFrame({"id": IDS, "embedding": VECTORS.tolist()}), folder / "example.feather")
    return folder / "example.feather"


def _csv(folder: Path) -> Path:
    return write(folder, "example.csv", table(VECTORS, ",", IDS, "id,d0,d1,d2,d3,d4"))


def _json(folder: Path) -> Path:
    return write(
        folder, "example.json", json.dumps(dict(zip(IDS, VECTORS.astype(float).round(4).tolist(), strict=True)))
    )


def _jsonl(folder: Path) -> Path:
    rows = VECTORS.astype(float).round(4).tolist()
    records = [json.dumps({"id": key, "embedding": row}) for key, row in zip(IDS, rows, strict=True)]
    return write(folder, "example.jsonl", "\n".join(records))


def _bytes(folder: Path) -> Path:
    config = {"embeddings": [{"tensorName": "example", "tensorPath": "example.bytes", "tensorShape": [12, 5]}]}
    write(folder, "projector_config.json", json.dumps(config))
    return write(folder, "example.bytes", VECTORS.tobytes())


def _projector(folder: Path) -> Path:
    write(folder, "tensors.tsv", table(VECTORS))
    write(folder, "metadata.tsv", "\n".join(IDS))
    text = (
        'embeddings {\n  tensor_name: "example"\n  tensor_path: "tensors.tsv"\n  metadata_path: "metadata.tsv"\n}\n'
    )
    return write(folder, "projector_config.pbtxt", text)


def _safetensors(folder: Path, name: str = "example.safetensors") -> Path:
    head = {"embed.weight": {"dtype": "F32", "shape": [12, 5], "data_offsets": [0, VECTORS.nbytes]}}
    text = json.dumps(head).encode()
    return write(folder, name, len(text).to_bytes(8, "little") + text + VECTORS.tobytes())


def _shards(folder: Path) -> Path:
    _safetensors(folder, "model-00001-of-00001.safetensors")
    index = {"weight_map": {"embed.weight": "model-00001-of-00001.safetensors"}}
    return write(folder, "model.safetensors.index.json", json.dumps(index))


def _words(folder: Path) -> Path:
    return write(folder, "example.vec", "12 5\n" + table(VECTORS, " ", WORDS))


def _words_binary(folder: Path) -> Path:
    rows = [word.encode() + b" " + row.tobytes() + b"\n" for word, row in zip(WORDS, VECTORS, strict=True)]
    return write(folder, "example.bin", b"12 5\n" + b"".join(rows))


def fasttext(words: list[bytes], rows: np.ndarray, settings: dict[str, int] | None = None) -> bytes:
    """Return a fastText model of these words; `rows` (m, d) are theirs and, after them, those of the n-grams."""
    d = rows.shape[1]
    known = {"version": 12, "model": 2, "bucket": 0, "minn": 0, "maxn": 0, "labels": 0, "quantised": 0}
    known |= settings or {}
    head = struct.pack("<2i", 793712314, known["version"])
    head += struct.pack(
        "<12id", d, 5, 1, 1, 5, 1, 1, known["model"], known["bucket"], known["minn"], known["maxn"], 100, 0
    )
    labels = [b"__label__%d" % i for i in range(known["labels"])]
    head += struct.pack("<3i2q", len(words) + len(labels), len(words), len(labels), 100, -1)
    head += b"".join(word + b"\0" + struct.pack("<qb", 7, 0) for word in words)
    head += b"".join(label + b"\0" + struct.pack("<qb", 3, 1) for label in labels)
    return head + struct.pack("<B2q", known["quantised"], *rows.shape) + rows.astype("<f4").tobytes()


def _fasttext(folder: Path) -> Path:
    return write(folder, "example.bin", fasttext([word.encode() for word in WORDS], VECTORS))


EXAMPLES: dict[str, Writer] = {
    "NumPy array": _npy,
    "NumPy archive": _npz,
    "Parquet": _parquet,
    "Arrow / Feather": _feather,
    "Text table": _csv,
    "JSON": _json,
    "JSON lines": _jsonl,
    "Raw numbers": _bytes,
    "Embedding Projector": _projector,
    "safetensors": _safetensors,
    "safetensors in shards": _shards,
    "Word vectors as text": _words,
    "word2vec binary": _words_binary,
    "fastText model": _fasttext,
}
