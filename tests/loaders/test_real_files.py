"""Files written by real tools open as the manifest beside the checkout says."""

from __future__ import annotations

import hashlib
import json
from math import prod

import numpy as np
import pytest

import loaders
from cartography.errors import CartographyError, LoadError
from cartography.records import EmbeddingStack
from loaders.extras import installed
from tests.data import SHARED, shared

FAMILIES = (
    "npy",
    "npy_variants",
    "npz",
    "parquet",
    "json",
    "arrow",
    "list_flavours",
    "safetensors",
    "projector",
    "hf",
    "word2vec_text",
    "word2vec_binary",
    "glove",
    "fasttext_bin",
    "gensim_native",
    "faiss",
    "lance",
    "rds",
    "zarr",
    "wrong_extension",
)
LEFT_OUT = ("pytorch_model.bin", ".bytes", "generated_primitive")
MORE = ("torch_made/state.safetensors", "torch_made/state_bf16.safetensors")
VECTORS = ("vectors", "X", "vectors_allclose", "array", "matrix", "dense", "vectors_of_rest")


def _entries() -> list[dict]:
    manifest = SHARED / "formats" / "manifest.json"
    if not manifest.exists():
        return []
    items = json.loads(manifest.read_text(encoding="utf-8"))["items"]
    wanted = [one for one in items if one["file"].split("/")[0] in FAMILIES or one["file"] in MORE]
    if not installed("lance"):
        wanted = [one for one in wanted if "lance" not in one["file"]]
    return [one for one in wanted if not any(part in one["file"] for part in LEFT_OUT)]


ENTRIES = _entries()
needs_data = pytest.mark.skipif(not ENTRIES, reason="real data not found beside the checkout: ../shared/data/formats")


def matches(vectors: np.ndarray, expect: dict, dtype: str = "") -> None:
    """Assert that vectors are what the manifest says, as closely as their type on disk allows."""
    shape = expect["shape"]
    assert vectors.shape == (shape[0], prod(shape[1:]))
    coarse = any(small in (dtype or expect["dtype"]) for small in ("16", "8"))
    tolerance = 1e-2 if coarse else 1e-5
    exact = vectors.astype(np.float64)
    assert np.sqrt((exact**2).sum()) == pytest.approx(expect["l2"], rel=tolerance)
    assert exact.sum() == pytest.approx(expect["sum"], abs=tolerance * max(abs(expect["sum"]), expect["l2"]))
    if len(shape) == 2 and "row0_head" in expect:
        heads = [expect["row0_head"], expect["row_last_head"]]
        found = [row[: len(head)] for row, head in zip(vectors[[0, -1]], heads, strict=True)]
        for row, head in zip(found, heads, strict=True):
            assert np.allclose(row, head, rtol=tolerance, atol=1e-6)


def has_labels(embeddings, expect: dict) -> None:
    """Assert that some column, or the ids, are the labels of the manifest."""
    columns = [embeddings.items[name].astype(str).tolist() for name in embeddings.items]
    digests = [
        hashlib.sha256("\n".join(values).encode()).hexdigest()[:16] for values in [*columns, list(embeddings.ids)]
    ]
    assert expect["sha256_16_of_newline_join"] in digests


@needs_data
@pytest.mark.parametrize("entry", ENTRIES, ids=[one["file"] for one in ENTRIES])
def test_file_is_what_the_manifest_says(entry):
    path, expect = SHARED / "formats" / entry["file"], entry["expect"]
    described = [key for key in VECTORS if key in expect and "vec" not in expect[key].get("dtype", "")]
    for key in described:
        if len(expect[key]["shape"]) == 1:
            continue  # a structured array, whose vectors are described beside it
        matches(loaders.load(path).vectors, expect[key])
    for name, array in expect.get("arrays", {}).items():
        matches(loaders.load(path, name).vectors, {**array, "shape": [*array["shape"], 1][:2]})
    for name, tensor in expect.get("tensors", {}).items():
        if len(tensor["shape"]) >= 2:
            matches(loaders.load(path, name).vectors, tensor)
    if "embedding" in expect:
        embeddings = loaders.load(path)
        assert embeddings.provenance["key"] == expect["embedding"]["name"]
        matches(embeddings.vectors, expect["embedding"]["matrix"], dtype="16" if "bf16" in entry["file"] else "")
    for labels in ("labels", "tokenizer"):
        if labels in expect:
            has_labels(loaders.load(path), expect[labels])
    if "not_a_dimension" in expect:
        assert expect["not_a_dimension"] in loaders.load(path).items


def test_a_file_with_a_null_a_short_and_a_holed_row_keeps_the_others_and_says_which_went():
    embeddings = loaders.load(shared("formats/list_flavours/list_with_null_ragged.parquet"))
    assert len(embeddings) == 297
    note = next(note for note in embeddings.notes if "usable" in note)
    assert "3 of 300" in note
    assert all(f"row {row}" in note for row in (3, 7, 11))


def test_a_file_with_nulls_everywhere_is_refused_with_the_count():
    path = shared("formats/arrow/1.0.0-littleendian_generated_primitive.arrow_file")
    assert loaders.probe(path)[0].shape[0] == 37
    with pytest.raises(LoadError, match="37 of 37 rows"):
        loaders.load(path)


def test_bare_bytes_need_a_shape_and_take_it_from_the_caller_or_the_configuration():
    path = shared("formats/npy_variants/raw_f32_17x7.bytes")
    with pytest.raises(LoadError, match="does not say how many dimensions") as raised:
        loaders.load(path)
    assert "shape=" in raised.value.hint
    assert loaders.load(path, shape=(17, 7)).vectors.shape == (17, 7)
    assert loaders.load(path, shape=(7,)).vectors.shape == (17, 7)
    with pytest.raises(LoadError, match="476 bytes"):
        loaders.load(path, shape=(17, 8))
    iris = loaders.load(shared("formats/projector/iris_tensors.bytes"))
    assert iris.vectors.shape == (150, 4)
    assert iris.items["class"].value_counts().to_dict()["Iris-setosa"] == 50


@pytest.mark.parametrize("config", ["projector_config.pbtxt", "projector_config.json"])
def test_a_projector_configuration_brings_vectors_metadata_and_sprite(config):
    embeddings = loaders.load(shared(f"digits/{config}"))
    assert embeddings.vectors.shape == (1797, 64)
    assert embeddings.items["digit"].iloc[:4].tolist() == [0, 1, 2, 3]
    assert embeddings.provenance["sprite"].endswith("digits_sprite.png")
    assert embeddings.provenance["sprite_tile"] == [8, 8]
    assert embeddings.name == config.split(".")[0]


def test_a_configuration_that_lists_absent_files_opens_what_is_there():
    candidates = loaders.probe(shared("formats/projector/oss_demo_projector_config.json"))
    assert [candidate.key for candidate in candidates] == ["Iris"]


def test_cars_have_two_columns_of_vectors_and_the_plainer_name_opens():
    path = shared("cars/cars.parquet")
    keys = [candidate.key for candidate in loaders.probe(path)]
    assert keys == ["embedding", "embedding_name_only"]
    first, second = loaders.load(path), loaders.load(path, "embedding_name_only")
    assert not np.array_equal(first.vectors, second.vectors)
    assert "embedding_name_only" in " ".join(first.notes)
    assert not {"embedding", "embedding_name_only"} & set(first.items.columns)
    assert first.items["Origin"].value_counts().to_dict() == {"USA": 254, "Japan": 79, "Europe": 73}
    assert first.items["Miles_per_Gallon"].isna().sum() == 8
    assert dict(first.roles) == {"label": "Name", "text": "description"}


def test_the_same_cars_in_four_formats_are_the_same_vectors():
    whole = loaders.load(shared("cars/cars.parquet"))
    for name in ("cars_60.jsonl", "cars_openai_style_60.csv", "cars_embeddings.npy"):
        part = loaders.load(shared(f"cars/{name}"))
        assert np.allclose(part.vectors, whole.vectors[: len(part)], atol=2e-6)
        assert part.items["Name"].tolist() == whole.items["Name"].iloc[: len(part)].tolist()


def test_layers_in_one_file_open_as_a_stack_and_one_by_one():
    path = shared("trec_layers/trec_layers_700.npz")
    stack = loaders.load(path)
    assert isinstance(stack, EmbeddingStack)
    assert (stack.axis, stack.positions) == ("layer", tuple(f"layer_{i}" for i in range(7)))
    assert stack[0].items["labels"].nunique() == 6
    one = loaders.load(path, key="layer_3")
    assert np.array_equal(one.vectors, stack["layer_3"].vectors)
    assert dict(one.roles) == {"label": "labels", "text": "texts"}
    first = loaders.probe(path)[0]
    assert (first.kind, first.shape) == ("stack", (7, 700, 384))


def test_layers_in_files_of_their_own_open_as_a_stack_in_the_order_of_their_numbers():
    files = [shared(f"trec_layers/layer_{i}.npy") for i in (5, 0, 3)]
    stack = loaders.load([*files, shared("trec_layers/metadata.csv")])
    assert stack.positions == ("layer_0", "layer_3", "layer_5")
    assert np.array_equal(stack[0].vectors, np.load(files[1]).astype(np.float32))
    assert stack[2].items["label"].value_counts().to_dict() == {
        "DESC": 452,
        "HUM": 451,
        "ENTY": 436,
        "NUM": 323,
        "LOC": 314,
        "ABBR": 24,
    }


def test_a_folder_of_layers_opens_with_its_metadata():
    stack = loaders.load(shared("trec_layers"))
    assert stack.positions == tuple(f"layer_{i}" for i in range(7))
    assert len(stack[0]) == 2000
    assert {"label", "label_noisy"} <= set(stack[0].items.columns)


def test_epochs_open_as_a_stack_with_the_metadata_beside():
    stack = loaders.load(
        [shared("two_losses_shapes/embeddings_shape_loss.npz"), shared("two_losses_shapes/metadata.csv")]
    )
    assert (stack.axis, stack.positions[-1], len(stack[0])) == ("epoch", "epoch_12", 2000)
    assert set(stack[0].items["shape"]) == {"circle", "square", "triangle"}


def test_the_same_tensor_across_checkpoints_is_a_stack():
    files = [shared(f"two_losses_shapes/colour_epoch{i:02d}.safetensors") for i in (0, 4, 12)]
    stack = loaders.load(files, key="conv1.weight")
    assert stack.axis == "epoch"
    assert stack[0].vectors.shape == (12, 27)
    assert not np.array_equal(stack[0].vectors, stack[2].vectors)


def test_pictures_open_as_pixels():
    embeddings = loaders.load(shared("digits_10k/mnist_10k.npz"))
    assert embeddings.vectors.shape == (10_000, 784)
    assert any("28 × 28" in note for note in embeddings.notes)
    assert embeddings.items["labels"].nunique() == 10
    paired = loaders.load([shared("digits_10k/mnist_10k.npz"), shared("digits_10k/labels.tsv")])
    assert (paired.items["label"] == paired.items["labels"]).all()


def test_word2vec_text_is_not_mistaken_for_data_in_its_first_line():
    embeddings = loaders.load(shared("words_dev/words_dev.txt"))
    assert embeddings.vectors.shape == (1056, 384)
    assert embeddings.items["label"].iloc[0] == "the"


@pytest.mark.parametrize("name", ["glove.840B.300d-char.txt", "test_glove.txt"])
def test_word_vectors_with_quotes_commas_and_hashes_keep_every_row(name):
    entry = next(
        one for one in json.loads(shared("formats/manifest.json").read_text())["items"] if name in one["file"]
    )
    embeddings = loaders.load(shared(f"formats/glove/{name}"))
    matches(embeddings.vectors, entry["expect"]["vectors"])
    has_labels(embeddings, entry["expect"]["labels"])


def test_a_name_that_lies_does_not_keep_a_text_table_from_opening():
    assert loaders.load(shared("formats/wrong_extension/karate_base.pkl")).vectors.shape == (34, 128)


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("torch/state_dict.pt", "PyTorch"),
        ("torch/simple_legacy.pt", "PyTorch"),
        ("keras_made/legacy.h5", "HDF5"),
        ("keras_made/model.keras", "Keras"),
        ("gguf_made/embd_f32.gguf", "GGUF"),
        ("gensim_native/custom_gensim_vectors.kv", "pickle"),
        ("fasttext_bin/toy-model.bin", "fastText"),
        ("word2vec_binary/en.wiki.bpe.vs1000.d25.w2v.bin", "word2vec"),
        ("list_flavours/flat.faiss", "FAISS"),
        ("rds/mat_rowcolnames.rds", "R file"),
        ("zarr/plain_v2.zarr", "Zarr"),
        ("lance/bad_index_fragment_bitmap", "Lance"),
        ("keras_made/saved_model", "SavedModel"),
        ("digits/digits_sprite.png", "picture"),
    ],
)
def test_a_known_format_is_either_read_or_refused_by_name_with_a_way_out(file, what):
    path = shared(file if file.startswith("digits") else f"formats/{file}")
    try:
        candidates = loaders.probe(path)
    except CartographyError as error:
        assert what in error.message
        assert error.hint
    else:
        assert candidates, "a later version reads it, and then it has candidates"
