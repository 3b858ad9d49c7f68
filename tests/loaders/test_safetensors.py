"""safetensors: every type of number, shards, and headers that lie; checked against the library that writes them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from safetensors.numpy import save_file

import loaders
from cartography.errors import LoadError, ParameterError
from tests.loaders.made import vectors, write

X = vectors()


def pack(header: object, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


def entry(dtype: str, shape: list[int], nbytes: int, start: int = 0) -> dict:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, start + nbytes]}


@pytest.mark.parametrize(
    "dtype", ["float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint8", "bool"]
)
def test_what_the_library_writes_is_read(tmp_path, dtype):
    stored = (X * 10).astype(dtype) if dtype != "uint8" else np.abs(X * 10).astype(dtype)
    save_file({"a": stored, "b": np.zeros(3, np.float32)}, tmp_path / "m.safetensors", metadata={"format": "np"})
    candidates = loaders.probe(tmp_path / "m.safetensors")
    assert [(one.key, one.shape, one.dtype, one.nbytes) for one in candidates] == [
        ("a", (12, 5), dtype, stored.nbytes)
    ]
    embeddings = loaders.load(tmp_path / "m.safetensors")
    assert np.array_equal(embeddings.vectors, stored.astype(np.float32))
    assert embeddings.provenance["dtype"] == dtype


def test_bfloat16_and_eight_bit_floats_are_widened(tmp_path):
    bits = (X.view(np.uint32) >> 16).astype(np.uint16)
    path = write(tmp_path, "a.safetensors", pack({"t": entry("BF16", [12, 5], 120)}, bits.tobytes()))
    assert np.allclose(loaders.load(path).vectors, X, rtol=0.01)
    assert loaders.probe(path)[0].dtype == "bfloat16"
    ones = np.full(60, 0x38, np.uint8).tobytes()
    path = write(tmp_path, "b.safetensors", pack({"t": entry("F8_E4M3", [12, 5], 60)}, ones))
    assert (loaders.load(path).vectors == 1).all()


def test_the_token_table_comes_first_and_the_optimiser_last(tmp_path):
    tensors = {
        "optimizer.exp_avg.embed": np.ones((50, 8), np.float32),
        "layers.0.mlp.weight": np.ones((300, 8), np.float32),
        "model.embed_tokens.weight": vectors(50, 8),
        "model.position_embeddings.weight": np.ones((200, 8), np.float32),
        "conv.weight": np.ones((6, 3, 2, 2), np.float32),
        "norm.weight": np.ones(8, np.float32),
        "empty": np.ones((0, 8), np.float32),
    }
    save_file(tensors, tmp_path / "model.safetensors")
    candidates = {one.key: one for one in loaders.probe(tmp_path / "model.safetensors")}
    keys = list(candidates)
    assert keys[0] == "model.embed_tokens.weight"
    assert keys[-1] == "optimizer.exp_avg.embed"
    assert {"norm.weight", "empty"}.isdisjoint(keys)
    assert candidates["conv.weight"].kind == "convolution"
    assert loaders.load(tmp_path / "model.safetensors", key="conv.weight").vectors.shape == (6, 12)


def test_tokens_beside_the_model_label_its_table_and_nothing_else(tmp_path):
    tensors = {"wte.weight": vectors(12, 5), "wpe.weight": vectors(7, 5, seed=1)}
    save_file(tensors, tmp_path / "model.safetensors")
    write(tmp_path, "vocab.txt", "\n".join(["[PAD]", *(f"tok{i}" for i in range(1, 10))]))
    table = loaders.load(tmp_path / "model.safetensors")
    assert table.items["token"].iloc[[0, 9]].tolist() == ["[PAD]", "tok9"]
    assert table.items["token"].isna().sum() == 2
    assert any("2 of 12 vectors have no label" in note for note in table.notes)
    positions = loaders.load(tmp_path / "model.safetensors", key="wpe.weight")
    assert positions.items.empty
    bare = loaders.load(tmp_path / "model.safetensors", beside=False)
    assert bare.items.empty
    assert loaders.load(tmp_path, key="wte.weight").items["token"].iloc[0] == "[PAD]"


def test_equal_layers_are_not_chosen_between(tmp_path):
    save_file({"a.weight": X, "b.weight": X + 1}, tmp_path / "m.safetensors")
    with pytest.raises(LoadError, match="equal standing"):
        loaders.load(tmp_path / "m.safetensors")
    with pytest.raises(ParameterError, match=r"c\.weight"):
        loaders.load(tmp_path / "m.safetensors", key="c.weight")


def test_shards_are_joined_by_their_index_or_their_folder_and_a_missing_one_is_named(tmp_path):
    save_file({"embed_tokens.weight": X}, tmp_path / "model-00001-of-00002.safetensors")
    save_file({"head.weight": X + 1}, tmp_path / "model-00002-of-00002.safetensors")
    names = {
        "embed_tokens.weight": "model-00001-of-00002.safetensors",
        "head.weight": "model-00002-of-00002.safetensors",
    }
    index = write(tmp_path, "model.safetensors.index.json", json.dumps({"metadata": {}, "weight_map": names}))
    for path in (index, tmp_path, list(tmp_path.iterdir())):
        assert {one.key for one in loaders.probe(path)} == set(names)
        assert np.array_equal(loaders.load(path, key="head.weight").vectors, X + 1)
    (tmp_path / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(LoadError, match="names 2 shards; missing beside it: model-00002-of-00002"):
        loaders.load(index)
    write(tmp_path, "model.safetensors.index.json", json.dumps({"weight_map": {"a": "../../etc/passwd"}}))
    with pytest.raises(LoadError, match="missing beside it"):
        loaders.load(index)


DATA = X.tobytes()
GOOD = entry("F32", [12, 5], 240)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (pack({"t": GOOD}, DATA[:-4]), "cut short"),
        (pack({"t": entry("F32", [12, 5], 240, start=10**15)}, DATA), "cut short"),
        (pack({"t": entry("F32", [12, 50], 240)}, DATA), "should have 2,400 bytes"),
        (pack({"t": entry("F32", [10**9, 10**9], 240)}, DATA), "bytes for its shape"),
        (pack({"t": entry("F32", [-12, -5], 240)}, DATA), "badly"),
        (pack({"t": entry("F32", [12.0, 5], 240)}, DATA), "badly"),
        (pack({"t": {**GOOD, "data_offsets": [240, 0]}}, DATA), "badly"),
        (pack({"t": {**GOOD, "data_offsets": [0]}}, DATA), "badly"),
        (pack({"t": {**GOOD, "data_offsets": "ab"}}, DATA), "badly"),
        (pack({"t": {**GOOD, "dtype": 5}}, DATA), "badly"),
        (pack({"t": [1, 2]}, DATA), "badly"),
        (pack({"t": {**GOOD, "dtype": "C64", "shape": [6, 5]}}, DATA), "cannot be shown"),
        (pack(b'{"t": ', DATA), "not JSON"),
        (pack(b"{" * 100_000, DATA), "not JSON"),
        (pack({"t": GOOD}, DATA, length=10**7), "damaged or cut short"),
        (pack({"__metadata__": {"a": "b"}}), "holds no vectors"),
        (pack({}), "holds no vectors"),
    ],
)
def test_headers_that_lie_are_refused(tmp_path, content, part):
    with pytest.raises(LoadError, match=part):
        loaders.load(write(tmp_path, "a.safetensors", content))
