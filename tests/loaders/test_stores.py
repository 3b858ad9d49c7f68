"""FAISS, Zarr, R, SQLite, DuckDB and data set folders: what real tools write, and what a stranger might."""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct
import zipfile
from contextlib import closing

import numpy as np
import pyarrow as pa
import pytest

import loaders
from cartography.errors import CartographyError, LoadError, MissingDependencyError
from loaders.zarr.blosc import unpack_blosc
from tests.loaders.examples import EXAMPLES, VECTORS, flat_index, r_matrix, zarr_2
from tests.loaders.made import said, vectors, write

X = VECTORS


@pytest.mark.parametrize("letters", [b"IxF2", b"IxFI", b"IxFl"])
def test_flat_indexes_are_read_without_the_library(tmp_path, letters):
    path = write(tmp_path, "a.faiss", flat_index(X, letters))
    assert np.array_equal(loaders.load(path).vectors, X)
    assert len(loaders.load(path, sample=3)) == 3


def test_an_index_with_ids_gives_the_ids(tmp_path):
    inner = flat_index(X)
    ids = np.arange(100, 112, dtype="<i8")
    head = b"IxMp" + inner[4:37]
    embeddings = loaders.load(write(tmp_path, "a.faiss", head + inner + struct.pack("<q", 12) + ids.tobytes()))
    assert embeddings.ids.tolist() == [str(one) for one in ids]


def test_a_folder_of_langchain_gives_vectors_and_says_why_there_are_no_texts(tmp_path):
    write(tmp_path, "index.faiss", flat_index(X))
    write(tmp_path, "index.pkl", b"\x80\x04cos\nsystem\n(S'touch x'\ntR.")
    embeddings = loaders.load(tmp_path)
    assert np.array_equal(embeddings.vectors, X)
    assert said(embeddings, "documents as a pickle")


def test_another_index_needs_the_library_and_says_the_line(tmp_path, monkeypatch):
    data = b"IwFl" + flat_index(X)[4:]
    path = write(tmp_path, "a.faiss", data)
    assert loaders.probe(path)[0].shape == X.shape
    monkeypatch.setattr("loaders.extras.installed", lambda _: False)
    with pytest.raises(MissingDependencyError) as raised:
        loaders.load(path)
    assert raised.value.hint == "pip install faiss-cpu"


def test_an_index_that_reconstructs_is_read_through_the_library(tmp_path):
    faiss = pytest.importorskip("faiss")
    for kind in ("HNSW8", "IVF2,Flat", "SQ8"):
        index = faiss.index_factory(5, kind)
        index.train(X)
        index.add(X)
        faiss.write_index(index, str(tmp_path / "a.faiss"))
        assert np.allclose(loaders.load(tmp_path / "a.faiss").vectors, X, atol=0.05)


def test_a_flat_index_that_promises_too_much_is_refused(tmp_path):
    with pytest.raises(LoadError, match="cut short"):
        loaders.probe(write(tmp_path, "a.faiss", flat_index(X)[:-8]))


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", "<f2", "<i4"])
@pytest.mark.parametrize("chunk", [5, 12, 100])
def test_zarr_of_any_numbers_and_chunks(tmp_path, dtype, chunk):
    rows = (X * 10).astype(dtype)
    assert np.array_equal(loaders.load(zarr_2(tmp_path / "a.zarr", rows, chunk)).vectors, rows.astype(np.float32))


def test_zarr_gives_columns_and_fills_what_is_missing(tmp_path):
    store = tmp_path / "a.zarr"
    write(store, ".zgroup", "{}")
    zarr_2(store / "vectors", X)
    (store / "vectors" / "1.0").unlink()
    described = {"shape": [12], "chunks": [12], "dtype": "|u1", "order": "C", "filters": None, "compressor": None}
    write(store, "label/.zarray", json.dumps({**described, "fill_value": 0, "zarr_format": 2}))
    write(store, "label/0", bytes(range(12)))
    embeddings = loaders.load(store)
    assert (embeddings.vectors[5:10] == 0).all()
    assert embeddings.items["label"].tolist() == list(range(12))


def test_zarr_in_a_zip(tmp_path):
    store = zarr_2(tmp_path / "store", X)
    for prefix in ("", "example.zarr/"):
        with zipfile.ZipFile(tmp_path / "a.zarr.zip", "w") as archive:
            for path in store.iterdir():
                archive.write(path, prefix + path.name)
        assert np.array_equal(loaders.load(tmp_path / "a.zarr.zip").vectors, X)


def test_zarr_as_the_library_writes_it(tmp_path):
    zarr = pytest.importorskip("zarr")
    from zarr.codecs import BloscCodec, GzipCodec, ZstdCodec

    rows = vectors(1000, 33)
    codecs = [
        ZstdCodec(),
        GzipCodec(),
        *(
            BloscCodec(cname=name, shuffle=how)
            for name in ("lz4", "zstd", "zlib")
            for how in ("noshuffle", "shuffle", "bitshuffle")
        ),
    ]
    for place, codec in enumerate(codecs):
        array = zarr.create_array(tmp_path / f"{place}.zarr", data=rows, chunks=(301, 33), compressors=codec)
        assert array.shape == rows.shape
        assert np.array_equal(loaders.load(tmp_path / f"{place}.zarr").vectors, rows), codec
    zarr.create_array(tmp_path / "two.zarr", data=rows, chunks=(400, 10), zarr_format=2)
    assert np.array_equal(loaders.load(tmp_path / "two.zarr").vectors, rows)


def test_zarr_that_claims_more_than_it_holds_is_refused(tmp_path):
    zarr_2(tmp_path / "a.zarr", X, chunk=1000, shape=[4_000_000, 5])
    with pytest.raises(LoadError, match="claims"):
        loaders.load(tmp_path / "a.zarr")
    zarr_2(tmp_path / "b.zarr", X, compressor={"id": "lzma"})
    with pytest.raises(LoadError, match="lzma"):
        loaders.load(tmp_path / "b.zarr")


def test_blosc_that_is_damaged_is_refused():
    head = bytes([2, 1, 0x21, 4]) + struct.pack("<3I", 400, 400, 60)
    for data in (b"", head, head + bytes(44), head + struct.pack("<I", 1 << 31) + bytes(40)):
        with pytest.raises(LoadError):
            unpack_blosc(data, 400)


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
def test_an_r_matrix_has_its_row_names_as_ids(tmp_path, pack):
    names = [f"cell {i}" for i in range(12)]
    embeddings = loaders.load(write(tmp_path, "a.rds", pack(r_matrix(X, names))))
    assert np.array_equal(embeddings.vectors, X)
    assert embeddings.ids.tolist() == names


def test_an_r_function_is_refused(tmp_path):
    data = b"X\n" + struct.pack(">4i", 2, 0, 0, 3)
    with pytest.raises(LoadError, match="kind 3"):
        loaders.load(write(tmp_path, "a.rds", data))


def test_an_r_vector_that_claims_too_much_is_refused(tmp_path):
    data = b"X\n" + struct.pack(">5i", 2, 0, 0, 14, 2**31 - 1)
    with pytest.raises(CartographyError):
        loaders.load(write(tmp_path, "a.rds", data))


def test_sqlite_with_json_and_with_columns(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as database, database:
        database.execute('CREATE TABLE "od""d" (name TEXT, vector TEXT)')
        rows = [(f"n{i}", json.dumps(row.tolist())) for i, row in enumerate(X)]
        database.executemany('INSERT INTO "od""d" VALUES (?, ?)', rows)
        database.execute("CREATE TABLE plain (d0 REAL, d1 REAL, d2 REAL, class TEXT)")
        database.executemany("INSERT INTO plain VALUES (?, ?, ?, 'k')", X[:, :3].tolist())
    keys = [one.key for one in loaders.probe(tmp_path / "a.db")]
    assert keys == ['od"d.vector', "plain.d0, d1, d2"]
    assert np.allclose(loaders.load(tmp_path / "a.db").vectors, X)
    assert loaders.load(tmp_path / "a.db", key=keys[1]).items["class"].tolist() == ["k"] * 12


def test_sqlite_does_not_run_views_and_leaves_odd_cells_out(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a.db")) as database, database:
        database.execute("CREATE TABLE t (id TEXT, v BLOB)")
        database.executemany("INSERT INTO t VALUES (?, ?)", [(str(i), row.tobytes()) for i, row in enumerate(X)])
        database.execute("UPDATE t SET v = x'00' WHERE id = '3'")
        database.execute("UPDATE t SET v = NULL WHERE id = '4'")
        database.execute(
            "CREATE VIEW w AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i FROM r) SELECT * FROM r"
        )
    before = (tmp_path / "a.db").read_bytes()
    embeddings = loaders.load(tmp_path / "a.db")
    assert [one.key for one in loaders.probe(tmp_path / "a.db")] == ["t.v"]
    assert len(embeddings) == 10
    assert (tmp_path / "a.db").read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.db"]


def test_a_data_set_of_several_splits_names_them(tmp_path):
    folder = EXAMPLES["Hugging Face data set"](tmp_path)
    for name in ("test", "train"):
        (tmp_path / "both" / name).mkdir(parents=True)
        for path in folder.iterdir():
            (tmp_path / "both" / name / path.name).write_bytes(path.read_bytes())
    write(tmp_path, "both/dataset_dict.json", '{"splits": ["test", "train", "../example"]}')
    assert [one.key for one in loaders.probe(tmp_path / "both")] == ["train.embedding", "test.embedding"]
    assert np.array_equal(loaders.load(tmp_path / "both", key="test.embedding").vectors, X)


def test_a_data_set_does_not_lead_outside_its_folder(tmp_path):
    folder = EXAMPLES["Hugging Face data set"](tmp_path)
    (tmp_path / "secret.arrow").write_bytes((folder / "data-00000-of-00002.arrow").read_bytes())
    write(folder, "state.json", '{"_data_files": [{"filename": "../secret.arrow"}]}')
    with pytest.raises(LoadError, match="no file"):
        loaders.load(folder)


def test_tables_in_duckdb_keep_their_other_columns(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        database.register("given", pa.table({"label": list("abcdefghijkl"), "v": X.tolist()}))
        database.execute("CREATE TABLE t AS SELECT * FROM given")
        database.execute("CREATE VIEW w AS SELECT * FROM read_csv('/etc/passwd')")
    embeddings = loaders.load(tmp_path / "a.duckdb")
    assert embeddings.items["label"].tolist() == list("abcdefghijkl")
    assert [one.key for one in loaders.probe(tmp_path / "a.duckdb")] == ["t.v"]


@pytest.mark.parametrize(("name", "line"), [("DuckDB database", "duckdb"), ("Lance data set", "pylance")])
def test_a_missing_library_is_said_in_one_line(tmp_path, monkeypatch, name, line):
    if not next(form for form in loaders.formats() if form.name == name).available:
        pytest.skip("the example is written by the library")
    path = EXAMPLES[name](tmp_path)
    monkeypatch.setattr("loaders.extras.installed", lambda _: False)
    for call in (loaders.probe, loaders.load):
        with pytest.raises(MissingDependencyError) as raised:
            call(path)
        assert raised.value.hint == f"pip install {line}"
