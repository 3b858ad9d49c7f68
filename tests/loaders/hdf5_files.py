"""Small files that are HDF5 inside, laid out as the tools that write them do."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np

TEXT = h5py.string_dtype()


def save(path: Path, sets: Mapping[str, Any]) -> Path:
    """Write data sets; lists of texts become texts."""
    with h5py.File(path, "w") as file:
        for name, values in sets.items():
            if isinstance(values, list):
                file.create_dataset(name, data=values, dtype=TEXT)
            else:
                file[name] = values
    return path


def save_cells(path: Path, vectors: np.ndarray, names: Sequence[str]) -> Path:
    """Write a file as anndata 0.8 and later do: a categorical, a number and the names of the cells."""
    with h5py.File(path, "w") as file:
        file.attrs["encoding-type"] = "anndata"
        file["X"] = vectors
        obs = file.create_group("obs")
        obs.attrs.update({"encoding-type": "dataframe", "_index": "_index", "column-order": ["kind", "depth"]})
        obs.create_dataset("_index", data=list(names), dtype=TEXT)
        obs["depth"] = np.arange(len(names), dtype=np.int32)
        obs["kind/codes"] = (np.arange(len(names)) % 3 - 1).astype(np.int8)
        obs["kind"].create_dataset("categories", data=["B cell", "T cell"], dtype=TEXT)
        file.create_group("var")
    return path


def save_keras(path: Path | io.BytesIO, vectors: np.ndarray) -> Any:
    """Write weights as Keras 3 does: an embedding layer called word_emb, and a state of the optimiser as large."""
    with h5py.File(path, "w") as file:
        file["layers/embedding/vars/0"] = vectors
        file["layers/embedding/vars"].attrs["name"] = "word_emb"
        file["optimizer/vars/2"] = np.zeros_like(vectors)
        file.create_group("vars")
    return path


def save_keras_archive(path: Path, vectors: np.ndarray, words: Sequence[str] = (), packed: bool = False) -> Path:
    """Write a model as Keras 3 does, with the vocabulary of a text layer."""
    stream = io.BytesIO()
    save_keras(stream, vectors)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps({"class_name": "Sequential"}))
        archive.writestr("model.weights.h5", stream.getvalue())
        if words:
            archive.writestr("assets/layers/text_vectorization/vocabulary.txt", "\n".join(words))
    return path
