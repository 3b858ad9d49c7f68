"""Checkpoints and scientific files written by real tools open as the manifest beside the checkout says."""

from __future__ import annotations

import json
from math import prod

import numpy as np
import pytest

import loaders
from cartography.errors import LoadError
from tests.data import SHARED, shared
from tests.loaders.test_real_files import has_labels, matches

FAMILIES = (
    *("torch", "torch_made", "hf", "keras", "keras_made", "tf", "onnx", "onnx_made"),
    *("gguf", "gguf_made", "hdf5", "h5ad", "mat"),
)
NAMED = ("tensors", "initializers", "variables", "datasets")


def _entries() -> list[dict]:
    manifest = SHARED / "formats" / "manifest.json"
    if not manifest.exists():
        return []
    items = json.loads(manifest.read_text(encoding="utf-8"))["items"]
    return [one for one in items if one["file"].split("/")[0] in FAMILIES and not one["file"].endswith(".txt")]


ENTRIES = _entries()
OPENING = [one for one in ENTRIES if "embedding" in one["expect"]]
needs_data = pytest.mark.skipif(not ENTRIES, reason="real data not found beside the checkout: ../shared/data/formats")


def names(entries: list[dict]) -> list[str]:
    return [one["file"] for one in entries]


def place(entry: dict):
    """Return the path to open: for a folder with a configuration of another tool, the checkpoint in it."""
    path = SHARED / "formats" / entry["file"]
    return path / "embedding.ckpt-1.index" if entry["file"] == "tf/w2v_skip_gram_1" else path


@needs_data
@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_every_tensor_is_what_the_manifest_says(entry):
    path, expect = place(entry), entry["expect"]
    for group in NAMED:
        for name, tensor in expect.get(group, {}).items():
            if len(tensor["shape"]) >= 2:
                matches(loaders.load(path, name).vectors, tensor, tensor.get("torch_dtype", ""))


@needs_data
@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_the_census_lists_every_tensor(entry):
    path, expect = place(entry), entry["expect"]
    group = next((expect[name] for name in NAMED if name in expect), None)
    if group is None or entry["file"].split("/")[0] in ("hdf5", "mat", "keras"):
        pytest.skip("the manifest lists no tensors of a model for it")
    found = {one.name: one for one in loaders.tensors(path, sampled=True)}
    for name, tensor in group.items():
        if name in found:
            assert found[name].shape == tuple(tensor["shape"])
            assert found[name].looked_at == min(prod(tensor["shape"]), 1 << 18)
    assert len(set(group) & set(found)) >= 0.9 * len(group) or "torch" not in entry["file"]


@needs_data
@pytest.mark.parametrize("entry", OPENING, ids=names(OPENING))
def test_the_embedding_opens_unasked_by_its_name_and_with_its_labels(entry):
    expect = entry["expect"]
    embeddings = loaders.load(place(entry))
    assert embeddings.provenance["key"] == expect["embedding"]["name"]
    matches(embeddings.vectors, expect["embedding"]["matrix"], dtype="16" if "bf16" in entry["file"] else "")
    if "labels" in expect and expect["labels"]["n"] == len(embeddings):
        has_labels(embeddings, expect["labels"])
    if "labels_if_vocab_used" in expect and "vocab" in embeddings.items:
        has_labels(embeddings, expect["labels_if_vocab_used"])


def expected(file: str) -> dict:
    return next(one["expect"] for one in ENTRIES if one["file"] == file)


def test_a_training_checkpoint_brings_its_vocabulary_and_names_tied_weights():
    path = shared("formats/torch_made/train_ckpt.pt")
    assert "vocab" in loaders.load(path).items
    tied = {one.name: one.same_as for one in loaders.tensors(path)}
    assert tied["fc.weight"] == "emb.weight"
    kinds = {one.name: one.kind for one in loaders.tensors(path)}
    assert kinds["optimizer_state_dict.state.0.exp_avg"] == "optimiser state"


def test_cells_have_their_names_and_categories():
    path, expect = shared("formats/h5ad/anndata_v0.7.0.h5ad"), expected("h5ad/anndata_v0.7.0.h5ad")
    cells = loaders.load(path, "X")
    matches(cells.vectors, expect["X"])
    has_labels(cells, expect["obs_names"])
    assert cells.items["obs_cat"].value_counts().to_dict() == expect["obs_cat"]
    matches(loaders.load(path, "obsm[array]").vectors, expect["obsm"]["array"])
    assert loaders.load(path, "obsm/sparse").vectors.shape == (30, 100)


def test_matlab_matrices_lie_as_matlab_shows_them():
    path, expect = shared("formats/mat/features.mat"), expected("mat/features.mat")
    features = loaders.load(path)
    matches(features.vectors, expect["vectors"])
    has_labels(features, expect["labels"])


def test_lists_of_variable_length_open_as_rows_and_empty_ones_are_counted():
    path, expect = shared("formats/hdf5/tallymarks-small.h5"), expected("hdf5/tallymarks-small.h5")
    embeddings = loaders.load(path)
    assert embeddings.vectors.shape == (43, expect["vectors_vlen"]["lengths"][1])
    assert any("7 of 50 rows" in note for note in embeddings.notes)


def test_a_projector_folder_of_a_checkpoint_names_the_counts_and_takes_the_shift():
    folder = shared("formats/tf/w2v_skip_gram_1")
    with pytest.raises(LoadError, match=r"4,096 .* 4,095"):
        loaders.load(folder)
    shifted = loaders.load(folder, label_shift=-1)
    assert shifted.provenance["key"] == "embedding/.ATTRIBUTES/VARIABLE_VALUE"
    assert shifted.items.iloc[0, 0] == "[UNK]"
    matches(shifted.vectors, expected("tf/w2v_skip_gram_1")["embedding"]["matrix"])


def test_words_of_a_checkpoint_go_one_line_up_when_asked():
    """The table of the tutorial has no row for the blank first line of its metadata."""
    path, words = shared("formats/tf/w2v_skip_gram_1/embedding.ckpt-1.index"), "metadata.tsv"
    with pytest.raises(LoadError, match=r"4,096 .* 4,095"):
        loaders.load(path, labels=path.parent / words)
    shifted = loaders.load(path, labels=path.parent / words, label_shift=-1)
    assert shifted.items.iloc[0, 0] == "[UNK]"


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("gguf/ggml-vocab-bert-bge.gguf", "vocabulary of 30,522 tokens, but no weights"),
        ("tf/saved_model_half_plus_two_cpu", "one dimension or none"),
        ("mat/testfile13_v73.mat", "no matrix of numbers"),
    ],
)
def test_what_holds_no_vectors_says_what_it_holds(file, part):
    with pytest.raises(LoadError, match=part):
        loaders.load(shared(f"formats/{file}"))


def test_the_same_tensor_of_pytorch_checkpoints_is_a_stack_and_equals_safetensors():
    files = [shared(f"two_losses_shapes/colour_epoch{epoch:02d}.pt") for epoch in (0, 4, 12)]
    stack = loaders.load(files, key="conv1.weight")
    assert stack.axis == "epoch"
    for file, one in zip(files, stack.sets, strict=True):
        twin = loaders.load(file.with_suffix(".safetensors"), key="conv1.weight")
        assert np.array_equal(one.vectors, twin.vectors)
