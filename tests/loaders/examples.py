"""One small file of every registered format, for the tests that run over all loaders.

A new loader adds one entry: its format's name, and a function that writes an example of the twelve `VECTORS` into a
folder and returns its path.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather
from scipy.io import savemat

import loaders
from tests.loaders import hdf5_files, torch_files, wire_files
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


def gensim_pickle(words: list[str]) -> bytes:
    """Return what gensim pickles when the vectors lie beside the file: protocol 2, spelled out."""

    def text(value: str) -> bytes:
        return b"X" + struct.pack("<I", len(value.encode())) + value.encode()

    listed = b"](" + b"".join(map(text, words)) + b"e"
    aside = b"](" + text("vectors") + b"e"
    state = b"}(" + text("index_to_key") + listed + text("__numpys") + aside + b"u"
    return b"\x80\x02cgensim.models.keyedvectors\nKeyedVectors\n)\x81" + state + b"b."


def _gensim(folder: Path) -> Path:
    np.save(folder / "example.kv.vectors.npy", VECTORS)
    return write(folder, "example.kv", gensim_pickle(WORDS))


def flat_index(rows: np.ndarray, letters: bytes = b"IxF2") -> bytes:
    """Return a flat FAISS index of these vectors (n, d)."""
    n, d = rows.shape
    return letters + struct.pack("<iqqqBiq", d, n, 1 << 20, 1 << 20, 1, 1, n * d) + rows.astype("<f4").tobytes()


def _faiss(folder: Path) -> Path:
    return write(folder, "example.faiss", flat_index(VECTORS))


def _sqlite(folder: Path) -> Path:
    with closing(sqlite3.connect(folder / "example.db")) as database, database:
        database.execute("CREATE TABLE items (id TEXT PRIMARY KEY, embedding BLOB)")
        blobs = [row.astype("<f4").tobytes() for row in VECTORS]
        database.executemany("INSERT INTO items VALUES (?, ?)", zip(IDS, blobs, strict=True))
    return folder / "example.db"


def _duckdb(folder: Path) -> Path:
    import duckdb

    with duckdb.connect(str(folder / "example.duckdb")) as database:
        database.execute("CREATE TABLE items (id TEXT, embedding FLOAT[5])")
        database.executemany("INSERT INTO items VALUES (?, ?)", list(zip(IDS, VECTORS.tolist(), strict=True)))
    return folder / "example.duckdb"


def _lance(folder: Path) -> Path:
    import lance

    lists = pa.FixedSizeListArray.from_arrays(pa.array(VECTORS.reshape(-1)), 5)
    lance.write_dataset(pa.table({"id": IDS, "embedding": lists}), str(folder / "example.lance"))
    return folder / "example.lance"


def _orbax(folder: Path) -> Path:
    import tensorstore

    base = {"driver": "file", "path": f"{folder / 'step' / 'default'}/"}
    (folder / "step" / "default").mkdir(parents=True)
    about = {"shape": list(VECTORS.shape), "chunks": [5, 5], "dtype": "<f4", "compressor": {"id": "zstd", "level": 1}}
    place = {"driver": "ocdbt", "base": base, "path": "params.embed.embedding/"}
    array = tensorstore.open({"driver": "zarr", "kvstore": place, "metadata": about}, create=True).result()
    array.write(VECTORS).result()
    return folder / "step"


def _dataset(folder: Path) -> Path:
    data = pa.table({"id": IDS, "embedding": pa.array(VECTORS.tolist(), pa.list_(pa.float32()))})
    for place, part in enumerate((data.slice(0, 7), data.slice(7))):
        name = f"example/data-{place:05d}-of-00002.arrow"
        (folder / "example").mkdir(exist_ok=True)
        with pa.OSFile(str(folder / name), "wb") as sink, pa.ipc.new_stream(sink, part.schema) as writer:
            writer.write_table(part)
    files = [{"filename": f"data-{place:05d}-of-00002.arrow"} for place in range(2)]
    write(folder, "example/state.json", json.dumps({"_data_files": files}))
    write(folder, "example/dataset_info.json", "{}")
    return folder / "example"


def zarr_2(folder: Path, rows: np.ndarray, chunk: int = 5, **more: object) -> Path:
    """Write a Zarr array of version 2 in chunks of some rows, packed with zlib."""
    n, d = rows.shape
    described = {"shape": [n, d], "chunks": [chunk, d], "dtype": rows.dtype.str, "order": "C", "fill_value": 0}
    described |= {"zarr_format": 2, "filters": None, "compressor": {"id": "zlib", "level": 1}, **more}
    write(folder, ".zarray", json.dumps(described))
    for place in range(-(-n // chunk)):
        part = np.zeros((chunk, d), rows.dtype)
        part[: len(rows[place * chunk :][:chunk])] = rows[place * chunk :][:chunk]
        write(folder, f"{place}.0", zlib.compress(part.tobytes()))
    return folder


def _zarr(folder: Path) -> Path:
    write(folder, "example.zarr/.zgroup", '{"zarr_format": 2}')
    zarr_2(folder / "example.zarr" / "embeddings", VECTORS)
    return folder / "example.zarr"


def r_matrix(rows: np.ndarray, names: list[str]) -> bytes:
    """Return a matrix as R's saveRDS writes it, unpacked, with row names."""

    def text(value: str) -> bytes:
        return struct.pack(">ii", 0x40009, len(value.encode())) + value.encode()

    n, d = rows.shape
    head = b"X\n" + struct.pack(">3i", 2, 0x40000, 0x20300)
    values = struct.pack(">ii", 0x20E, n * d) + np.asfortranarray(rows.astype(">f8")).tobytes("F")
    dim = struct.pack(">ii", 0x402, 1) + text("dim") + struct.pack(">4i", 13, 2, n, d)
    listed = struct.pack(">ii", 16, n) + b"".join(map(text, names))
    dimnames = struct.pack(">ii", 0x402, 1) + text("dimnames") + struct.pack(">ii", 19, 2) + listed
    return head + values + dim + dimnames + struct.pack(">ii", 254, 254)


def _rds(folder: Path) -> Path:
    return write(folder, "example.rds", gzip.compress(r_matrix(VECTORS, IDS)))


def _pytorch(folder: Path) -> Path:
    return torch_files.save(folder / "example.pt", {"embed.weight": VECTORS})


def _pytorch_shards(folder: Path) -> Path:
    torch_files.save(folder / "pytorch_model-00001-of-00001.bin", {"embed.weight": VECTORS})
    index = {"weight_map": {"embed.weight": "pytorch_model-00001-of-00001.bin"}}
    return write(folder, "pytorch_model.bin.index.json", json.dumps(index))


def _hdf5(folder: Path) -> Path:
    return hdf5_files.save(folder / "example.h5", {"embedding": VECTORS, "name": IDS})


def _anndata(folder: Path) -> Path:
    return hdf5_files.save_cells(folder / "example.h5ad", VECTORS, IDS)


def _matlab(folder: Path) -> Path:
    savemat(folder / "example.mat", {"vectors": VECTORS, "labels": np.array(IDS, dtype=object)[:, None]})
    return folder / "example.mat"


def _keras(folder: Path) -> Path:
    return hdf5_files.save_keras(folder / "example.weights.h5", VECTORS)


def _keras_archive(folder: Path) -> Path:
    return hdf5_files.save_keras_archive(folder / "example.keras", VECTORS, IDS)


def _onnx(folder: Path) -> Path:
    return write(folder, "example.onnx", wire_files.onnx({"embed.weight": VECTORS}))


def _gguf(folder: Path) -> Path:
    return write(folder, "example.gguf", wire_files.gguf({"token_embd.weight": VECTORS}, IDS))


def _tensorflow(folder: Path) -> Path:
    return wire_files.save_bundle(folder / "example.index", {"embedding": VECTORS})


def _flax(folder: Path) -> Path:
    return write(folder, "example.msgpack", wire_files.flax({"params": {"embed": {"embedding": VECTORS}}}))


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
    "gensim": _gensim,
    "FAISS index": _faiss,
    "SQLite database": _sqlite,
    "DuckDB database": _duckdb,
    "Lance data set": _lance,
    "Orbax": _orbax,
    "Hugging Face data set": _dataset,
    "Zarr": _zarr,
    "R object": _rds,
    "HDF5": _hdf5,
    "AnnData": _anndata,
    "MATLAB": _matlab,
    "Keras weights": _keras,
    "Keras model": _keras_archive,
    "PyTorch": _pytorch,
    "ONNX": _onnx,
    "GGUF": _gguf,
    "TensorFlow": _tensorflow,
    "Flax msgpack": _flax,
    "PyTorch in shards": _pytorch_shards,
}

AVAILABLE = sorted(form.name for form in loaders.formats() if form.available)
"""Formats that this installation reads."""


def largest_file(path: Path) -> Path:
    """Return the file itself, or the largest one of a format that is a folder."""
    return path if path.is_file() else max(path.rglob("*.*"), key=lambda one: one.stat().st_size * one.is_file())
