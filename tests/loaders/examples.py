"""One small file of every registered format, for the tests that run over all loaders.

A new loader adds one entry: its format's name, and a function that writes an example of the twelve `VECTORS` into a
folder and returns its path.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import feather
from scipy.io import savemat

from tests.loaders import hdf5_files, torch_files, wire_files
from tests.loaders.made import table, vectors, write

VECTORS = vectors(12, 5)
IDS = [f"item {i}" for i in range(12)]
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
