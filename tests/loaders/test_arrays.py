"""NumPy files: every type and order of numbers, several arrays in one file, and what cannot be one."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest

import loaders
from cartography.errors import LoadError, ParameterError
from cartography.records import EmbeddingStack
from loaders.arrays.small_floats import from_bfloat16, from_float8
from tests.loaders.made import vectors, write

X = vectors()
DTYPES = ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "i1", "u1", "<i2", ">u2", "<i4", ">i8", "<u8", "?"]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_every_type_and_order_of_numbers(tmp_path, dtype, order):
    stored = (X * 10).astype(dtype, order=order) if np.dtype(dtype).kind != "u" else np.abs(X * 10).astype(dtype)
    np.save(tmp_path / "a.npy", stored)
    candidate = loaders.probe(tmp_path / "a.npy")[0]
    assert (candidate.shape, candidate.dtype, candidate.nbytes) == (X.shape, str(np.dtype(dtype)), stored.nbytes)
    embeddings = loaders.load(tmp_path / "a.npy")
    assert np.array_equal(embeddings.vectors, stored.astype(np.float32))
    assert embeddings.vectors.dtype == np.float32
    assert embeddings.vectors.flags.c_contiguous
    assert not embeddings.vectors.flags.writeable
    assert embeddings.provenance["dtype"] == str(np.dtype(dtype))


def as_bfloat16(array: np.ndarray) -> np.ndarray:
    return (array.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16)


def test_bfloat16_stored_as_whole_numbers_is_recognised_and_can_be_overruled(tmp_path):
    bits = as_bfloat16(vectors(200, 8))
    np.save(tmp_path / "a.npy", bits)
    guessed = loaders.load(tmp_path / "a.npy")
    assert np.allclose(guessed.vectors, vectors(200, 8), rtol=0.01)
    assert any("bfloat16" in note for note in guessed.notes)
    assert np.array_equal(loaders.load(tmp_path / "a.npy", dtype="uint16").vectors, bits)
    np.save(tmp_path / "opaque.npy", bits.view("V2"))
    assert np.array_equal(loaders.load(tmp_path / "opaque.npy").vectors, guessed.vectors)
    with pytest.raises(ParameterError, match="float17"):
        loaders.load(tmp_path / "a.npy", dtype="float17")


@pytest.mark.parametrize("top", [255, 4095, 65535])
def test_counts_and_pixels_of_sixteen_bits_stay_whole_numbers(tmp_path, top):
    counts = np.random.default_rng(0).integers(0, top + 1, size=(50, 20)).astype(np.uint16)
    np.save(tmp_path / "a.npy", counts)
    assert np.array_equal(loaders.load(tmp_path / "a.npy").vectors, counts)


def test_eight_bit_floats_have_the_values_of_their_definition():
    known = {
        "E4M3": {0x38: 1.0, 0x7E: 448.0, 0x01: 2**-9, 0xB8: -1.0},
        "E5M2": {0x3C: 1.0, 0x7B: 57344.0, 0x01: 2**-16},
    }
    for kind, values in known.items():
        bits = np.array(list(values), dtype=np.uint8)
        assert from_float8(bits, kind).tolist() == list(values.values())
    assert np.isnan(from_float8(np.array([0x7F, 0xFF], np.uint8), "E4M3")).all()
    assert np.isinf(from_float8(np.array([0x7C, 0xFC], np.uint8), "E5M2")).all()
    assert from_float8(np.array([0x40, 0x7F], np.uint8), "E4M3FNUZ").tolist() == [1.0, 240.0]
    assert from_float8(np.array([127, 128], np.uint8), "E8M0").tolist() == [1.0, 2.0]
    assert from_bfloat16(np.array([0x3F80, 0xC000], np.uint16)).tolist() == [1.0, -2.0]


def test_a_large_array_is_mapped_not_copied(tmp_path, monkeypatch):
    import loaders.embeddings.npy as npy

    np.save(tmp_path / "a.npy", vectors(1000, 20))
    monkeypatch.setattr(npy, "_MAP_FROM", 1000)
    mapped = loaders.load(tmp_path / "a.npy").vectors
    base = mapped
    while base.base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)


def test_one_dimension_and_more_than_two_are_laid_out_and_said(tmp_path):
    np.save(tmp_path / "line.npy", X[:, 0])
    line = loaders.load(tmp_path / "line.npy")
    assert line.vectors.shape == (12, 1)
    assert any("one dimension" in note for note in line.notes)
    np.save(tmp_path / "block.npy", np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5))
    block = loaders.load(tmp_path / "block.npy")
    assert np.array_equal(block.vectors, np.arange(120.0).reshape(2, 60))
    assert any("3 × 4 × 5" in note for note in block.notes)


def test_columns_can_be_the_items(tmp_path):
    np.save(tmp_path / "a.npy", X)
    turned = loaders.load(tmp_path / "a.npy", by="columns")
    assert np.array_equal(turned.vectors, X.T)
    with pytest.raises(ParameterError, match="by"):
        loaders.load(tmp_path / "a.npy", by="diagonals")


def test_flat_arrays_are_maps_already(tmp_path):
    np.save(tmp_path / "a.npy", X[:, :2])
    flat = loaders.load(tmp_path / "a.npy")
    assert dict(flat.roles) == {"x": "x", "y": "y"}
    assert np.array_equal(flat.items[["x", "y"]].to_numpy(), X[:, :2])
    np.save(tmp_path / "b.npy", X[:, :3])
    deep = loaders.load(tmp_path / "b.npy")
    assert dict(deep.roles) == {}
    assert any("three dimensions already" in note for note in deep.notes)


def test_several_arrays_and_their_columns(tmp_path):
    labels = np.array([f"l{i % 3}" for i in range(12)])
    np.savez(
        tmp_path / "a.npz", embeddings=X, labels=labels, weight=np.arange(12), umap=X[:, :2], note=np.array("hi")
    )
    embeddings = loaders.load(tmp_path / "a.npz")
    assert np.array_equal(embeddings.vectors, X)
    assert embeddings.items["labels"].tolist() == labels.tolist()
    assert embeddings.items["weight"].dtype.kind == "i"
    assert np.array_equal(embeddings.items[["x", "y"]].to_numpy(), X[:, :2])
    assert dict(embeddings.roles) == {"label": "labels", "x": "x", "y": "y"}
    assert any("a single value" in note for note in embeddings.notes)
    assert loaders.load(tmp_path / "a.npz", key="umap").vectors.shape == (12, 2)


def test_training_and_test_halves_get_their_own_labels(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", X_test=X[:4], X_train=X[4:], y_test=np.arange(4), y_train=np.arange(8))
    larger = loaders.load(tmp_path / "a.npz")
    assert np.array_equal(larger.vectors, X[4:])
    assert larger.items["y_train"].tolist() == list(range(8))
    assert loaders.load(tmp_path / "a.npz", key="X_test").items["y_test"].tolist() == [0, 1, 2, 3]


def test_equal_candidates_are_not_chosen_between(tmp_path):
    np.savez(tmp_path / "a.npz", apples=X, pears=X + 1)
    with pytest.raises(LoadError, match=r"2 candidates of equal standing: apples .*; pears") as raised:
        loaders.load(tmp_path / "a.npz")
    assert "key='apples'" in raised.value.hint
    assert len(loaders.probe(tmp_path / "a.npz")) == 2
    assert np.array_equal(loaders.load(tmp_path / "a.npz", key="pears").vectors, X + 1)
    with pytest.raises(ParameterError, match="There is no candidate in a called 'pear'") as raised:
        loaders.load(tmp_path / "a.npz", key="pear")
    assert "'pears'" in raised.value.hint


def test_numbered_arrays_are_a_stack_only_where_the_name_says_of_what(tmp_path):
    np.savez(tmp_path / "a.npz", layer_2=X, layer_10=X + 1, layer_1=X[:, :3], other=X + 5)
    stack = loaders.load(tmp_path / "a.npz", key="layer_*")
    assert isinstance(stack, EmbeddingStack)
    assert stack.positions == ("layer_1", "layer_2", "layer_10")
    assert [member.dimensions for member in stack.sets] == [3, 5, 5]
    np.savez(tmp_path / "b.npz", arr_0=X, arr_1=X + 1)
    with pytest.raises(LoadError, match="equal standing"):
        loaders.load(tmp_path / "b.npz")


def test_a_row_that_is_bad_in_one_layer_goes_from_all(tmp_path):
    bad = X.copy()
    bad[3, 1] = np.nan
    np.savez(tmp_path / "a.npz", layer_0=X, layer_1=bad, label=np.arange(12))
    stack = loaders.load(tmp_path / "a.npz")
    assert [len(member) for member in stack.sets] == [11, 11]
    assert "3" not in stack[0].ids
    assert np.array_equal(stack[0].vectors, np.delete(X, 3, axis=0))
    assert any("1 of 12" in note for note in stack.notes)


def test_structured_arrays_are_tables(tmp_path):
    kind = [("id", "U4"), ("vector", "f4", (5,)), ("kind", "S3"), ("year", "i4")]
    rows = np.array([(f"a{i}", row, b"odd", i) for i, row in enumerate(X)], dtype=kind)
    np.save(tmp_path / "a.npy", rows)
    embeddings = loaders.load(tmp_path / "a.npy")
    assert np.array_equal(embeddings.vectors, X)
    assert list(embeddings.ids) == [f"a{i}" for i in range(12)]
    assert embeddings.items["kind"].unique().tolist() == ["odd"]
    np.savez(tmp_path / "b.npz", table=rows)
    assert np.array_equal(loaders.load(tmp_path / "b.npz").vectors, X)
    fields = np.zeros(9, dtype=[("a", "f4"), ("b", "f8"), ("c", "i2")])
    np.save(tmp_path / "c.npy", fields)
    assert loaders.load(tmp_path / "c.npy").vectors.shape == (9, 3)


@pytest.mark.parametrize("kind", ["csr", "csc", "coo"])
def test_sparse_matrices_open_in_full(tmp_path, kind):
    from scipy import sparse

    matrix = sparse.random(30, 20, density=0.2, format=kind, random_state=0, dtype=np.float32)
    sparse.save_npz(tmp_path / "a.npz", matrix)
    assert loaders.probe(tmp_path / "a.npz")[0].shape == (30, 20)
    assert np.array_equal(loaders.load(tmp_path / "a.npz").vectors, matrix.toarray())


@pytest.mark.parametrize(
    ("damage", "part"),
    [
        ({"indices": [99]}, "index lies outside"),
        ({"indices": [-1]}, "index lies outside"),
        ({"indptr": [0, 5]}, "row pointers"),
        ({"indptr": [0, -3, 1]}, "row pointers"),
        ({"shape": [10**6, 10**9]}, "of memory"),
        ({"shape": [-1, 3]}, "its shape is"),
        ({"format": b"bsr"}, "kind 'bsr'"),
    ],
)
def test_damaged_sparse_matrices_are_refused(tmp_path, damage, part):
    good = {"format": b"csr", "shape": [2, 3], "data": [1.0], "indices": [1], "indptr": [0, 1, 1]}
    np.savez(tmp_path / "a.npz", **{name: np.array(value) for name, value in {**good, **damage}.items()})
    with pytest.raises(LoadError, match=part):
        loaders.load(tmp_path / "a.npz")


def test_pickles_are_left_out_where_they_are_labels_and_refused_where_they_are_the_vectors(tmp_path):
    objects = np.array(["a", None] * 6, dtype=object)
    np.savez(tmp_path / "a.npz", embeddings=X, labels=objects)
    embeddings = loaders.load(tmp_path / "a.npz")
    assert "labels" not in embeddings.items
    assert any("labels (a pickle, left out)" in note for note in embeddings.notes)
    np.save(tmp_path / "b.npy", objects, allow_pickle=True)
    with pytest.raises(LoadError, match="Python objects") as raised:
        loaders.load(tmp_path / "b.npy")
    assert "numpy.save" in raised.value.hint


@pytest.mark.parametrize(
    ("array", "part"),
    [
        (X.astype(complex), "complex"),
        (np.array([["a", "b"]]), "not numbers"),
        (np.array([["2020-01-01"]], dtype="M8[D]"), "not numbers"),
        (np.empty((0, 5)), "no vectors"),
        (np.empty((5, 0)), "no vectors"),
        (np.array(3.0), "no vectors"),
        (np.full((3, 2), np.nan), "3 of 3 rows"),
        (np.array([[1.0, 2.0], [1.0, -1e39]]), r"Row 1, column 1 .* -1e\+39"),
    ],
    ids=["complex", "text", "dates", "no rows", "no columns", "a number", "only NaN", "too large"],
)
def test_what_cannot_be_vectors_is_refused_with_the_reason(tmp_path, array, part):
    np.save(tmp_path / "a.npy", array)
    with pytest.raises(LoadError, match=part):
        loaders.load(tmp_path / "a.npy")


@pytest.mark.parametrize("cut", [5, 20, 100, 200, -1])
def test_a_file_cut_short_says_what_is_missing(tmp_path, cut):
    np.save(tmp_path / "a.npy", X)
    whole = (tmp_path / "a.npy").read_bytes()
    with pytest.raises(LoadError, match=r"cut short|damaged|header|begin|no NumPy"):
        loaders.load(write(tmp_path, "cut.npy", whole[:cut]))
    np.savez(tmp_path / "a.npz", a=X)
    packed = (tmp_path / "a.npz").read_bytes()
    with pytest.raises(LoadError):
        loaders.load(write(tmp_path, "cut.npz", packed[:cut]))


def header(descr: str = "'<f4'", shape: str = "(12, 5)", fortran: str = "False") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


@pytest.mark.parametrize(
    "head",
    [
        header(shape="(12, 10**9)"),
        header(shape="(99999999999, 99999999999)"),
        header(shape="(-12, 5)"),
        header(shape="[12, 5]"),
        header(shape="(12.0, 5)"),
        header(shape="(True, 5)"),
        header(shape="(" + "1," * 40 + ")"),
        header(descr="'|O'"),
        header(descr="'<f3'"),
        header(descr="__import__('os').system('true')"),
        header(descr="[('a', '<f4', (1000000000, 1000000000))]"),
        header(descr="[('a', '|O')]"),
        header(descr="'|S0'"),
        b"\x93NUMPY\x01\x00\xff\xff{" + b"(" * 300,
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff",
        b"\x93NUMPY\x09\x00\x10\x00",
        b"\x93NUMPY\x01\x00\x02\x00[]",
        b"\x93NUMPY\x01\x00\x05\x00{1:2}",
    ],
)
def test_headers_that_lie_are_refused(tmp_path, head):
    with pytest.raises(LoadError) as raised:
        loaders.load(write(tmp_path, "a.npy", head + X.tobytes()))
    assert raised.value.message.endswith(".")


def test_headers_of_python_2_are_read(tmp_path):
    assert np.array_equal(loaders.load(write(tmp_path, "a.npy", header(shape="(12L, 5L)") + X.tobytes())).vectors, X)


def test_a_decompression_bomb_is_refused_before_it_goes_off(tmp_path, monkeypatch):
    import loaders.files.limits as limits

    monkeypatch.setattr(limits, "FREE", 1 << 20)
    np.savez_compressed(tmp_path / "a.npz", zeros=np.zeros((2000, 500), np.float32))
    with pytest.raises(LoadError, match="decompression bomb"):
        loaders.load(tmp_path / "a.npz")
    assert loaders.probe(tmp_path / "a.npz")[0].shape == (2000, 500)


def test_a_zip_member_that_lies_about_its_size_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("a.npy", header(shape="(1000000, 1000)") + X.tobytes())
    with pytest.raises(LoadError, match="cut short"):
        loaders.load(tmp_path / "a.npz")


def test_a_zip_of_other_things_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as archive:
        archive.writestr("../../evil.txt", "hello")
    with pytest.raises(LoadError, match="without arrays"):
        loaders.load(tmp_path / "a.npz")


def test_equal_rows_zero_rows_and_single_rows_open_with_a_remark(tmp_path):
    for array, part in (
        (np.ones((5, 4)), "All vectors are equal"),
        (X[:1], "only one item"),
        (np.vstack([X, np.zeros((2, 5))]), "2 vectors are all zeros"),
    ):
        np.save(tmp_path / "a.npy", array)
        embeddings = loaders.load(tmp_path / "a.npy")
        assert len(embeddings) == len(array)
        assert any(part in note for note in embeddings.notes)
