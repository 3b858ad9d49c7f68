"""Parquet, Feather and Arrow: every way a column can hold vectors, and what happens to the others."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import feather, ipc

import loaders
from cartography.errors import Cancelled, LoadError
from tests.loaders.made import vectors, write

X = vectors()
ROWS = X.tolist()
FLAT = pa.array(X.reshape(-1))


def struct_of(rows: np.ndarray) -> pa.Array:
    return pa.StructArray.from_arrays([pa.array(column) for column in rows.T], names=[f"v{i}" for i in range(5)])


FLAVOURS = {
    "list of float32": pa.array(ROWS, pa.list_(pa.float32())),
    "list of float64": pa.array(ROWS, pa.list_(pa.float64())),
    "list of float16": pa.array([row.astype(np.float16) for row in X], pa.list_(pa.float16())),
    "large list": pa.array(ROWS, pa.large_list(pa.float32())),
    "fixed list": pa.FixedSizeListArray.from_arrays(FLAT, 5),
    "list of lists": pa.array([[row] for row in ROWS], pa.list_(pa.list_(pa.float32()))),
    "fixed list of lists": pa.FixedSizeListArray.from_arrays(pa.array(ROWS, pa.list_(pa.float32())), 1),
    "list of decimals": pa.array(
        [[Decimal(f"{v:.4f}") for v in row] for row in ROWS], pa.list_(pa.decimal128(12, 4))
    ),
    "struct": struct_of(X),
    "text": pa.array([str(row) for row in ROWS]),
    "large text": pa.array([str(row) for row in ROWS], pa.large_string()),
    "tensor": pa.ExtensionArray.from_storage(
        pa.fixed_shape_tensor(pa.float32(), (5,)), pa.FixedSizeListArray.from_arrays(FLAT, 5)
    ),
}


def save(folder, kind: str, table: pa.Table):
    path = folder / f"a.{kind}"
    if kind == "parquet":
        pq.write_table(table, path, row_group_size=5)
    elif kind == "feather":
        feather.write_feather(table, path, chunksize=5)
    else:
        with ipc.new_stream(path, table.schema) if kind == "arrows" else ipc.new_file(path, table.schema) as writer:
            writer.write_table(table, max_chunksize=5)
    return path


@pytest.mark.parametrize("kind", ["parquet", "feather", "arrow", "arrows"])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_kind_of_vector_column(tmp_path, flavour, kind):
    column = FLAVOURS[flavour]
    path = save(tmp_path, kind, pa.table({"name": [f"n{i}" for i in range(12)], "embedding": column, "n": range(12)}))
    candidate = loaders.probe(path)[0]
    assert (candidate.key, candidate.shape) == ("embedding", (12, 5))
    embeddings = loaders.load(path)
    assert np.allclose(embeddings.vectors, X, atol=2e-3 if "16" in flavour else 1e-6)
    assert list(embeddings.items) == ["name", "n"]


@pytest.mark.parametrize("kind", ["parquet", "feather", "arrows"])
def test_missing_short_and_holed_rows_are_dropped_from_every_chunk(tmp_path, kind):
    rows: list = [list(row) for row in ROWS]
    rows[1], rows[6], rows[7][2], rows[11] = None, [1.0, 2.0], None, [float("inf")] * 5
    path = save(tmp_path, kind, pa.table({"vec": pa.array(rows, pa.list_(pa.float32())), "n": range(12)}))
    embeddings = loaders.load(path)
    assert embeddings.items["n"].tolist() == [0, 2, 3, 4, 5, 8, 9, 10]
    note = next(note for note in embeddings.notes if "usable" in note)
    assert "4 of 12" in note
    assert "2 numbers instead of 5" in note
    with pytest.raises(LoadError, match="4 of 12 rows have no usable vector"):
        loaders.load(path, keep="error")


def test_a_null_in_a_fixed_list_or_a_struct_is_a_missing_vector(tmp_path):
    fixed = pa.array([None if i == 4 else row for i, row in enumerate(ROWS)], pa.list_(pa.float32(), 5))
    fields = struct_of(X).type
    struct = pa.array(
        [None if i == 4 else dict(zip(fields.names, row, strict=True)) for i, row in enumerate(ROWS)], fields
    )
    for column in (fixed, struct):
        embeddings = loaders.load(save(tmp_path, "parquet", pa.table({"vec": column})))
        assert np.allclose(embeddings.vectors, np.delete(X, 4, axis=0))
        assert "4" not in embeddings.ids


@pytest.mark.parametrize(
    "names",
    [
        [f"dim_{i}" for i in range(5)],
        [str(i) for i in range(5)],
        [f"PC{i}" for i in range(1, 6)],
        [f"emb.{i:03d}" for i in range(5)],
        ["height", "weight", "age", "speed", "luck"],
    ],
)
def test_runs_of_columns_are_vectors_and_their_neighbours_are_not(tmp_path, names):
    columns = {"id": range(12), **{name: X[:, i] for i, name in enumerate(names)}, "label": ["a", "b"] * 6}
    path = save(tmp_path, "parquet", pa.table(columns))
    embeddings = loaders.load(path)
    assert np.array_equal(embeddings.vectors, X)
    assert list(embeddings.items) == ["label"]


def test_a_run_is_ordered_by_its_numbers_and_an_odd_number_stays_outside(tmp_path):
    columns = {f"dim_{i}": X[:, i] for i in (3, 0, 4, 1, 2)} | {"dim_77": range(12), "len": range(12)}
    embeddings = loaders.load(save(tmp_path, "parquet", pa.table(columns)))
    assert np.array_equal(embeddings.vectors, X)
    assert sorted(embeddings.items) == ["dim_77", "len"]


def test_other_columns_keep_their_types_and_what_cannot_be_shown_is_said(tmp_path):
    columns = {
        "embedding": FLAVOURS["fixed list"],
        "count": pa.array([None, *range(11)]),
        "when": pa.array([pd.Timestamp("2020-01-01")] * 12),
        "day": pa.array([pd.Timestamp("2020-01-01").date()] * 12),
        "price": pa.array([Decimal("1.50")] * 12),
        "flag": pa.array([None, *[True] * 11]),
        "tags": pa.array([["a", "b"]] * 12),
        "scores": pa.array([{"a": 1, "b": "x"}] * 12),
        "kind": pa.array(["red", "green"] * 6).dictionary_encode(),
        "raw": pa.array([b"\x00\x01"] * 12),
        "nothing": pa.nulls(12),
    }
    embeddings = loaders.load(save(tmp_path, "parquet", pa.table(columns)))
    items = embeddings.items
    assert items["count"].isna().sum() == 1
    assert items["when"].dtype.kind == items["day"].dtype.kind == "M"
    assert items["price"].iloc[0] == 1.5
    assert items["flag"].isna().sum() == 1
    assert items["tags"].iloc[0] == "a, b"
    assert items[["scores.a", "scores.b"]].iloc[0].tolist() == [1, "x"]
    assert items["kind"].dtype == "category"
    note = next(note for note in embeddings.notes if "left out" in note)
    assert "'raw' (bytes)" in note
    assert "'nothing' (empty)" in note
    assert embeddings.fingerprint


def test_an_index_that_pandas_stored_is_the_id(tmp_path):
    frame = pd.DataFrame({"embedding": ROWS, "n": range(12)}, index=[f"item {i}" for i in range(12)])
    frame.to_parquet(tmp_path / "a.parquet")
    unnamed = loaders.load(tmp_path / "a.parquet")
    assert list(unnamed.ids) == list(frame.index)
    assert list(unnamed.items) == ["n"]
    frame.rename_axis("paper").to_parquet(tmp_path / "b.parquet")
    named = loaders.load(tmp_path / "b.parquet")
    assert list(named.ids) == list(frame.index)


def test_lists_of_all_lengths_are_not_vectors(tmp_path):
    tokens = pa.array([list(range(n + 1)) for n in range(12)])
    path = save(tmp_path, "parquet", pa.table({"input_ids": tokens}))
    with pytest.raises(LoadError, match="different lengths"):
        loaders.load(path)
    both = pa.table({"input_ids": tokens, "features": FLAVOURS["fixed list"]})
    assert loaders.probe(save(tmp_path, "parquet", both))[0].key == "features"


def test_columns_with_the_same_name_are_refused(tmp_path):
    table = pa.Table.from_arrays([FLAVOURS["fixed list"], pa.array(range(12)), pa.array(range(12))], ["v", "n", "n"])
    for kind in ("parquet", "feather"):
        with pytest.raises(LoadError, match="several columns called 'n'"):
            loaders.load(save(tmp_path, kind, table))


def test_a_sample_reads_the_same_rows_again_and_keeps_their_ids(tmp_path):
    big = vectors(3000, 4)
    path = save(
        tmp_path,
        "parquet",
        pa.table({"vec": pa.FixedSizeListArray.from_arrays(pa.array(big.reshape(-1)), 4), "n": range(3000)}),
    )
    first, second = loaders.load(path, sample=50, seed=3), loaders.load(path, sample=50, seed=3)
    assert len(first) == 50
    assert first.ids.equals(second.ids)
    assert first.items["n"].tolist() == [int(i) for i in first.ids]
    assert np.array_equal(first.vectors, big[first.items["n"]])
    assert any("50 of 3,000 rows" in note for note in first.notes)
    assert not loaders.load(path, sample=50, seed=4).ids.equals(first.ids)
    assert len(loaders.load(path, sample=5000)) == 3000


@pytest.mark.parametrize("kind", ["parquet", "feather"])
def test_a_sample_gets_the_labels_of_its_own_rows(tmp_path, kind):
    table = pa.table({"vec": pa.array(vectors(200, 4).tolist(), pa.list_(pa.float32()))})
    path = save(tmp_path, kind, table)
    by_list = loaders.load(path, labels=[f"l{i}" for i in range(200)], sample=20)
    assert by_list.items["label"].tolist() == [f"l{i}" for i in by_list.ids]
    lines = write(tmp_path, "labels.txt", "\n".join(["first", *(f"l{i}" for i in range(200))]))
    shifted = loaders.load(path, labels=lines, sample=20, label_shift=-1)
    assert shifted.items["label"].tolist() == [f"l{i}" for i in shifted.ids]
    ids = pd.DataFrame({"id": [f"k{i}" for i in range(200)], "n": range(200)})
    named = loaders.load(path, labels=ids, sample=20)
    assert [f"k{n}" for n in named.items["n"]] == list(named.ids)
    with pytest.raises(LoadError, match="7 rows, but there are 200 vectors"):
        loaders.load(path, labels=list("abcdefg"), sample=20)


def test_a_preview_of_a_wide_file_reads_no_vectors(tmp_path, monkeypatch):
    path = save(tmp_path, "parquet", pa.table({"embedding": FLAVOURS["fixed list"], "n": range(12)}))
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", lambda *_, **__: pytest.fail("data were read"))
    assert loaders.probe(path)[0].shape == (12, 5)


def test_reading_reports_and_can_be_stopped(tmp_path, monkeypatch):
    import loaders.embeddings.parquet as module

    monkeypatch.setattr(module, "_BATCH", 4 * 5 * 4)
    path = save(tmp_path, "parquet", pa.table({"embedding": FLAVOURS["fixed list"]}))
    seen = []
    loaders.load(path, progress=lambda event: seen.append(event.fraction))
    assert len(seen) >= 3
    assert seen == sorted(seen)

    def stop(event):
        raise Cancelled

    with pytest.raises(Cancelled):
        loaders.load(path, progress=stop)


def test_numbers_beyond_float32_are_refused_with_their_row_in_any_batch(tmp_path, monkeypatch):
    import loaders.embeddings.parquet as module

    monkeypatch.setattr(module, "_BATCH", 4 * 5 * 4)
    rows = [list(row) for row in ROWS]
    rows[9][3] = -1e100
    path = save(tmp_path, "parquet", pa.table({"v": pa.array(rows, pa.list_(pa.float64()))}))
    with pytest.raises(LoadError, match=r"Row 9, column 3 .* -1e\+100"):
        loaders.load(path)


@pytest.mark.parametrize("kind", ["parquet", "feather", "arrow", "arrows"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_refused(tmp_path, kind, share):
    table = pa.table({"embedding": pa.array(vectors(200, 5).tolist(), pa.list_(pa.float32()))})
    whole = save(tmp_path, kind, table).read_bytes()
    cut = write(tmp_path, f"cut.{kind}", whole[: int(len(whole) * share)])
    try:
        left = loaders.load(cut)
    except LoadError as error:
        assert error.hint
    else:  # a stream has no end mark, so whole batches before the cut are all that can be known
        assert kind == "arrows"
        assert len(left) < 200


def test_parquet_under_another_name_is_read_and_said(tmp_path):
    path = save(tmp_path, "parquet", pa.table({"embedding": FLAVOURS["fixed list"]}))
    odd = path.rename(tmp_path / "a.csv")
    embeddings = loaders.load(odd)
    assert np.array_equal(embeddings.vectors, X)
    assert any("called .csv, but holds Parquet" in note for note in embeddings.notes)


def test_packed_parquet_is_unpacked(tmp_path):
    import gzip

    path = save(tmp_path, "parquet", pa.table({"embedding": FLAVOURS["fixed list"]}))
    packed = write(tmp_path, "b.parquet.gz", gzip.compress(path.read_bytes()))
    assert np.array_equal(loaders.load(packed).vectors, X)
