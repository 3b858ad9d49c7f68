"""HDF5 and what is HDF5 inside: data sets, cells, MATLAB, Keras; and files that lead elsewhere."""

from __future__ import annotations

import io

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.io import savemat

import loaders
from cartography.errors import CartographyError, LoadError
from cartography.records import EmbeddingStack
from tests.loaders import hdf5_files as made
from tests.loaders.examples import EXAMPLES
from tests.loaders.made import vectors, write

X = vectors()
NAMES = [f"n{i}" for i in range(12)]


def test_data_sets_of_equal_length_become_columns(tmp_path):
    sets = {"group/vectors": X, "group/name": NAMES, "group/year": np.arange(12), "short": np.arange(3)}
    found = loaders.load(made.save(tmp_path / "a.h5", sets), "group/vectors")
    assert found.items["group/name"].tolist() == NAMES
    assert found.items["group/year"].tolist() == list(range(12))
    assert any("short" in note for note in found.notes)


def test_numbered_layers_open_as_a_series(tmp_path):
    path = made.save(tmp_path / "a.h5", {f"layer_{i}": X + i for i in range(3)} | {"label": NAMES})
    stack = loaders.load(path)
    assert isinstance(stack, EmbeddingStack)
    assert (stack.axis, stack.positions) == ("layer", ("layer_0", "layer_1", "layer_2"))
    assert np.array_equal(stack[2].vectors, X + 2)


def test_chunks_filters_byte_orders_and_records(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("packed", data=X, chunks=(4, 5), compression="gzip", shuffle=True, fletcher32=True)
        file.create_dataset("big", data=X.astype(">f8"))
        file.create_dataset("half", data=X.astype(np.float16), compression="lzf")
    for name, want in (("packed", X), ("big", X), ("half", X.astype(np.float16))):
        assert np.array_equal(loaders.load(tmp_path / "a.h5", name).vectors, want.astype(np.float32))
    table = np.zeros(12, dtype=[("v", "f4", (5,)), ("word", "S4")])
    table["v"], table["word"] = X, [name.encode() for name in NAMES]
    with h5py.File(tmp_path / "b.h5", "w") as file:
        file["table"] = table
    records = loaders.load(tmp_path / "b.h5")
    assert np.array_equal(records.vectors, X)
    assert records.items["word"].tolist() == NAMES


def test_lists_of_one_length_are_rows_and_others_are_counted(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        lists = file.create_dataset("v", 12, dtype=h5py.vlen_dtype(np.float32))
        for place in range(12):
            lists[place] = X[place] if place != 7 else X[place, :2]
    found = loaders.load(tmp_path / "a.h5")
    assert np.array_equal(found.vectors, np.delete(X, 7, axis=0))
    assert len(found) == 11
    assert any("row 7 has 2" in note for note in found.notes), found.notes


def elsewhere(folder, kind: str):
    """Write a file whose vectors lie in another file of the machine."""
    secret = made.save(folder / "out" / "secret.h5", {"v": X}) if (folder / "out").mkdir() is None else None
    path = folder / "a.h5"
    with h5py.File(path, "w") as file:
        if kind == "link":
            file["v"] = h5py.ExternalLink(str(secret), "/v")
        elif kind == "virtual":
            layout = h5py.VirtualLayout(shape=(12, 5), dtype="f4")
            layout[:] = h5py.VirtualSource(str(secret), "v", shape=(12, 5))
            file.create_virtual_dataset("v", layout)
        else:
            raw = write(folder, "out/raw.bin", X.tobytes())
            file.create_dataset("v", (12, 5), "f4", external=[(str(raw), 0, X.nbytes)])
    return path


@pytest.mark.parametrize("kind", ["link", "virtual", "external"])
def test_nothing_outside_the_file_is_read(tmp_path, kind):
    path = elsewhere(tmp_path, kind)
    with pytest.raises(CartographyError) as raised:
        loaders.load(path)
    assert raised.value.hint
    with pytest.raises(CartographyError):
        loaders.load(path, "v")


def test_a_heap_that_never_ends_is_refused(tmp_path):
    """The HDF5 library would not return from a free object of no size."""
    path = made.save(tmp_path / "a.h5", {"v": X, "name": NAMES})
    data = bytearray(path.read_bytes())
    place = data.find(b"GCOL") + 16
    data[place : place + 16] = bytes(16)
    path.write_bytes(bytes(data))
    for call in (loaders.probe, loaders.load):
        with pytest.raises(LoadError, match="heap"):
            call(path)


def test_loops_of_links_end(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["v"] = X
        group = file.create_group("g")
        group["up"] = file["/"]
        group["self"] = group
        file["soft"] = h5py.SoftLink("/soft")
        file["again"] = file["v"]
    assert [one.shape for one in loaders.probe(tmp_path / "a.h5")] == [(12, 5)]


def test_sizes_beyond_the_machine_are_refused_before_they_are_made(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("hole", shape=(2**20, 2**16), dtype="f8", chunks=(1024, 1024))
        file.create_dataset("piece", shape=(2**20, 4), dtype="f8", chunks=(2**20, 4), compression="gzip")
        file.create_dataset("v", data=X)
    with pytest.raises(LoadError, match="of memory"):
        loaders.load(tmp_path / "a.h5", "hole")


def test_packed_zeros_that_grow_like_a_bomb_are_refused(tmp_path):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.create_dataset("v", data=np.zeros((40_000, 512), np.float32), chunks=(4000, 512), compression="gzip")
    with pytest.raises(LoadError, match="decompression bomb"):
        loaders.load(tmp_path / "a.h5")


def test_complex_numbers_and_an_empty_file_are_told(tmp_path):
    with pytest.raises(LoadError, match="complex"):
        loaders.load(made.save(tmp_path / "a.h5", {"v": X + 1j}))
    with pytest.raises(LoadError, match="no vectors"):
        loaders.load(made.save(tmp_path / "b.h5", {}))


def test_cells_categories_sparse_matrices_and_maps(tmp_path):
    path = made.save_cells(tmp_path / "a.h5ad", X, NAMES)
    thin = sparse.csc_matrix(np.where(np.abs(X) > 0.5, X, 0))
    with h5py.File(path, "a") as file:
        file["obsm/X_pca"] = np.hstack([X, X])
        file["obsm/X_umap"] = X[:, :2]
        layer = file.create_group("layers/counts")
        layer.attrs.update({"encoding-type": "csc_matrix", "shape": np.array([12, 5])})
        for name in ("data", "indices", "indptr"):
            layer[name] = getattr(thin, name)
    cells = loaders.load(path)
    assert cells.provenance["key"] == "obsm/X_pca"
    assert cells.vectors.shape == (12, 10)
    assert list(cells.ids) == NAMES
    assert cells.items["kind"].tolist()[1:3] == ["B cell", "T cell"]
    assert cells.items["kind"].isna().sum() == 4
    assert np.allclose(cells.items["x"], X[:, 0])
    assert np.allclose(loaders.load(path, "layers/counts").vectors, thin.toarray())
    with h5py.File(path, "a") as file:
        file["layers/counts/indices"][0] = 10**6
    with pytest.raises(LoadError, match="outside"):
        loaders.load(path, "layers/counts")


def modern_matlab(path, sets):
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, (kind, values) in sets.items():
            if kind == "cell":
                refs = []
                for place, text in enumerate(values):
                    one = file.create_dataset(f"#refs#/{place}", data=np.array([[ord(c)] for c in text], "u2"))
                    one.attrs["MATLAB_class"] = np.bytes_("char")
                    refs.append(one.ref)
                item = file.create_dataset(name, data=np.array([refs], dtype=h5py.ref_dtype))
            else:
                item = file.create_dataset(name, data=values.T)
            item.attrs["MATLAB_class"] = np.bytes_(kind)
    data = bytearray(path.read_bytes())
    data[:19] = b"MATLAB 7.3 MAT-file"
    path.write_bytes(bytes(data))
    return path


def test_matlab_of_both_kinds_is_the_same(tmp_path):
    new = modern_matlab(tmp_path / "new.mat", {"v": ("double", X.astype(float)), "labels": ("cell", NAMES)})
    cells = np.array(NAMES, dtype=object)[:, None]
    savemat(tmp_path / "old.mat", {"v": X.astype(float), "labels": cells}, do_compression=True)
    savemat(tmp_path / "thin.mat", {"v": sparse.csc_matrix(X.astype(float)), "s": {"inner": 1}})
    for path in (new, tmp_path / "old.mat"):
        found = loaders.load(path)
        assert np.array_equal(found.vectors, X)
        assert found.items["labels"].tolist() == NAMES
    assert np.array_equal(loaders.load(tmp_path / "thin.mat").vectors, X)


def test_matlab_that_grows_like_a_bomb_is_refused(tmp_path):
    savemat(tmp_path / "a.mat", {"v": np.zeros((20_000, 1000))}, do_compression=True)
    with pytest.raises(LoadError, match="decompression bomb"):
        loaders.load(tmp_path / "a.mat")


def test_keras_names_tables_by_their_layer_and_moves_filters_to_the_front(tmp_path):
    path = tmp_path / "m.weights.h5"
    kernel = np.arange(3 * 3 * 2 * 8, dtype=np.float32).reshape(3, 3, 2, 8)
    with h5py.File(path, "w") as file:
        file["layers/embedding/vars/0"] = X
        file["layers/embedding/vars"].attrs["name"] = "words"
        file["layers/position_embedding/vars/0"] = X + 1
        file["layers/conv2d/vars/0"] = kernel
        file["layers/conv2d/vars/1"] = kernel[0, 0, 0]
        file["optimizer/vars/2"] = X
        file.create_group("vars")
    kinds = {one.name: one.kind for one in loaders.tensors(path, sampled=True)}
    assert kinds["words"] == "token table"
    assert kinds["position_embedding"] == "position table"
    assert kinds["conv2d/kernel"] == "convolution"
    assert kinds["conv2d/bias"] == "bias"
    assert kinds["optimizer/vars/2"] == "optimiser state"
    assert loaders.load(path).provenance["key"] == "words"
    assert np.array_equal(loaders.load(path, "layers/conv2d/vars/0").vectors, kernel.reshape(18, 8).T)


@pytest.mark.parametrize("packed", [False, True])
def test_keras_archives_bring_their_vocabulary_stored_or_packed(tmp_path, packed):
    words = ["", "[UNK]", *NAMES[2:]]
    found = loaders.load(made.save_keras_archive(tmp_path / "m.keras", X, words, packed))
    assert found.provenance["key"] == "word_emb"
    assert found.items["token"].tolist() == words
    assert np.array_equal(found.vectors, X)


def test_a_keras_archive_that_grows_like_a_bomb_is_refused(tmp_path, monkeypatch):
    import loaders.files.limits as limits

    monkeypatch.setattr(limits, "FREE", 1 << 14)
    monkeypatch.setattr(limits, "RATIO", 5)
    path = made.save_keras_archive(tmp_path / "m.keras", np.zeros((5000, 10), np.float32), packed=True)
    with pytest.raises(LoadError, match="decompression bomb"):
        loaders.load(path)


@pytest.mark.parametrize("name", ["HDF5", "AnnData", "MATLAB", "Keras weights", "Keras model"])
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_damage_anywhere_ends_in_a_sentence(tmp_path_factory, name, data):
    path = EXAMPLES[name](tmp_path_factory.mktemp("damaged"))
    whole = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole))) if data.draw(st.booleans()) else len(whole)
    path.write_bytes(bytes(whole[:cut]))
    for call in (loaders.probe, loaders.load):
        try:
            call(path)
        except CartographyError as error:
            assert error.hint
            assert "Traceback" not in error.message


def test_weights_in_memory_are_those_on_disk():
    stream = io.BytesIO()
    made.save_keras(stream, X)
    with h5py.File(stream, "r") as file:
        assert np.array_equal(file["layers/embedding/vars/0"][()], X)
