"""Folders of models: which weights open, where they lie, and which tokens label them."""

from __future__ import annotations

import json

import numpy as np
import pytest

import loaders
from cartography.errors import LoadError
from tests.loaders import torch_files, wire_files
from tests.loaders.examples import _safetensors
from tests.loaders.made import vectors, write

X = vectors()
TOKENS = [f"t{i}" for i in range(12)]


def test_of_the_same_weights_in_several_formats_one_opens_and_the_others_are_named(tmp_path):
    write(tmp_path, "config.json", json.dumps({"model_type": "bert", "vocab_size": 12}))
    write(tmp_path, "tokenizer_config.json", json.dumps({"do_lower_case": True}))
    write(tmp_path, "vocab.txt", "\n".join(TOKENS))
    _safetensors(tmp_path, "model.safetensors")
    torch_files.save(tmp_path / "pytorch_model.bin", {"embed.weight": X + 1})
    write(tmp_path, "model.onnx", wire_files.onnx({"embed.weight": X + 2}))
    found = loaders.load(tmp_path)
    assert np.array_equal(found.vectors, X)
    assert found.items["token"].tolist() == TOKENS
    assert any("pytorch_model.bin" in note and "model.onnx" in note for note in found.notes)
    assert not any("config.json" in note for note in found.notes)


@pytest.mark.parametrize("place", ["0_Transformer", "", "0_StaticEmbedding"])
def test_sentence_transformers_folders_open_where_their_weights_lie(tmp_path, place):
    modules = [
        {"idx": 0, "path": place, "type": "x.Transformer"},
        {"idx": 1, "path": "1_Pooling", "type": "x.Pooling"},
    ]
    write(tmp_path, "modules.json", json.dumps(modules))
    write(tmp_path, "config_sentence_transformers.json", "{}")
    write(tmp_path, "1_Pooling/config.json", "{}")
    write(tmp_path, f"{place}/vocab.txt".lstrip("/"), "\n".join(TOKENS))
    write(tmp_path, f"{place}/config.json".lstrip("/"), "{}")
    torch_files.save(tmp_path / place / "pytorch_model.bin", {"embeddings.word_embeddings.weight": X})
    found = loaders.load(tmp_path)
    assert np.array_equal(found.vectors, X)
    assert found.items["token"].tolist() == TOKENS


def test_modules_outside_the_folder_are_not_opened(tmp_path):
    torch_files.save(tmp_path / "pytorch_model.bin", {"embed.weight": X})
    write(tmp_path, "in/modules.json", json.dumps([{"path": ".."}, {"path": str(tmp_path)}, {"path": 5}, 7]))
    with pytest.raises(LoadError):
        loaders.load(tmp_path / "in")


def test_byte_level_tokens_are_shown_as_text_and_kept_as_they_are(tmp_path):
    pieces = ["Ġthe", "the", "Ċ", "Ã©", "Ã", "Ġ", "a", "Ġa", "!", "ĠĠ", "<|endoftext|>", "b"]
    torch_files.save(tmp_path / "a.pt", {"wte.weight": X})
    write(tmp_path, "vocab.json", json.dumps({piece: place for place, piece in enumerate(pieces)}))
    items = loaders.load(tmp_path / "a.pt").items
    assert items["token"].tolist()[:8] == [" the", "the", "\n", "é", "Ã", " ", "a", " a"]
    assert items["piece"].tolist() == pieces


def test_unigram_vocabularies_and_added_tokens(tmp_path):
    whole = {
        "model": {"type": "Unigram", "vocab": [[token, -1.0] for token in TOKENS[:10]]},
        "added_tokens": [{"id": 10, "content": "<mask>"}, {"id": 0, "content": "<s>"}],
    }
    torch_files.save(tmp_path / "a.pt", {"embed_tokens.weight": X})
    write(tmp_path, "tokenizer.json", json.dumps(whole))
    tokens = loaders.load(tmp_path / "a.pt").items["token"].tolist()
    assert tokens[:2] == ["<s>", "t1"]
    assert tokens[10] == "<mask>"


@pytest.mark.parametrize("folder", [False, True])
@pytest.mark.parametrize("name", ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model"])
def test_sentencepiece_models_label_the_table(tmp_path, name, folder):
    pieces = ["<unk>", "<s>", "</s>", *TOKENS[3:]]
    model = b"".join(wire_files.held(1, wire_files.held(1, one.encode()) + b"\x15" + bytes(4)) for one in pieces)
    write(tmp_path, name, model)
    torch_files.save(tmp_path / "pytorch_model.bin", {"shared.weight": X})
    found = loaders.load(tmp_path if folder else tmp_path / "pytorch_model.bin").items["token"].tolist()
    moved = ["<s>", "<pad>", "</s>", "<unk>", *TOKENS[3:11]]
    assert found == (moved if name == "sentencepiece.bpe.model" else pieces)


def test_a_damaged_sentencepiece_model_is_left_aside(tmp_path):
    write(tmp_path, "tokenizer.model", b"\xff" * 100)
    torch_files.save(tmp_path / "a.pt", {"embed.weight": X})
    found = loaders.load(tmp_path / "a.pt")
    assert found.items.empty
    assert any("tokenizer.model" in note for note in found.notes)


def test_the_tokens_of_a_folder_of_shards_are_found(tmp_path):
    write(tmp_path, "config.json", "{}")
    write(tmp_path, "vocab.txt", "\n".join(TOKENS))
    torch_files.save(tmp_path / "pytorch_model-00001-of-00001.bin", {"embed.weight": X})
    index = {"weight_map": {"embed.weight": "pytorch_model-00001-of-00001.bin"}}
    write(tmp_path, "pytorch_model.bin.index.json", json.dumps(index))
    assert loaders.load(tmp_path).items["token"].tolist() == TOKENS


def test_the_files_of_a_model_folder_may_be_listed_one_by_one(tmp_path):
    """As a person does who drops them all on a page: settings are no items, tokens are labels."""
    model = torch_files.save(tmp_path / "pytorch_model.bin", {"embed_tokens.weight": np.eye(5, 3, dtype="f4")})
    (tmp_path / "config.json").write_text('{"vocab_size": 5, "hidden_size": 3}')
    (tmp_path / "tokenizer_config.json").write_text('{"do_lower_case": true}')
    (tmp_path / "vocab.txt").write_text("a\nb\nc\nd\ne")
    others = [tmp_path / name for name in ("config.json", "tokenizer_config.json", "vocab.txt")]
    embeddings = loaders.load([model, *others])
    assert list(embeddings.ids) == list("abcde")
    assert any("config.json holds a model's settings" in note for note in embeddings.notes)
