"""Text tables of every handwriting: delimiters, headers, encodings, decimal commas, and what is wrong with a line."""

from __future__ import annotations

import bz2
import gzip
import lzma

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import loaders
from cartography.errors import Cancelled, LoadError, ParameterError
from tests.loaders.made import said, table, vectors, write

X = vectors()
WORDS = [f"word {i}" for i in range(len(X))]


@pytest.mark.parametrize("delimiter", ["\t", ",", ";", " ", "|", "  "])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "a.vec", "without_suffix"])
def test_any_delimiter_under_any_name(tmp_path, delimiter, name):
    path = write(tmp_path, name, table(X, delimiter, [f"w{i}" for i in range(len(X))]))
    embeddings = loaders.load(path)
    assert np.array_equal(embeddings.vectors, X)
    assert embeddings.items["label"].tolist() == [f"w{i}" for i in range(len(X))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("blank", [0, 3])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_blank_lines_and_byte_order_marks(tmp_path, end, blank, mark):
    text = table(X, ",", header="a,b,c,d,e").replace("\n", end) + end * blank
    path = write(tmp_path, "a.csv", mark + text.encode())
    embeddings = loaders.load(path)
    assert np.array_equal(embeddings.vectors, X)
    assert loaders.probe(path)[0].shape == X.shape


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "utf-8"])
def test_encodings_are_told_apart(tmp_path, encoding):
    labels = [f"plain{i}" for i in range(11)] + ["Zürich"]
    if encoding in ("utf-16-le", "utf-16-be"):
        labels[-1] = "Zurich"  # without a mark, UTF-16 is told by its zero bytes
    path = write(tmp_path, "a.tsv", table(X, labels=labels), encoding)
    embeddings = loaders.load(path)
    assert np.array_equal(embeddings.vectors, X)
    assert embeddings.items["label"].iloc[-1] == labels[-1]


def test_an_encoding_that_shows_late_is_found_and_said(tmp_path):
    labels = [f"w{i}" for i in range(60_000)]
    labels[-1] = "café"
    path = write(tmp_path, "a.tsv", table(vectors(60_000, 3), labels=labels), "cp1252")
    embeddings = loaders.load(path)
    assert embeddings.items["label"].iloc[-1] == "café"
    assert said(embeddings, "Windows-1252")


def test_a_named_encoding_is_used_and_a_wrong_one_refused(tmp_path):
    path = write(tmp_path, "a.tsv", table(X, labels=["東京"] * len(X)), "gbk")
    assert loaders.load(path, encoding="gbk").items["label"].iloc[0] == "東京"
    with pytest.raises(LoadError, match="no encoding called 'klingon'"):
        loaders.load(path, encoding="klingon")
    with pytest.raises(LoadError, match="utf-8"):
        loaders.load(path, encoding="utf-8-sig")


@pytest.mark.parametrize("delimiter", [";", "\t", " "])
def test_decimal_commas(tmp_path, delimiter):
    path = write(tmp_path, "a.csv", table(X, delimiter).replace(".", ","))
    embeddings = loaders.load(path)
    assert np.array_equal(embeddings.vectors, X)
    assert said(embeddings, "decimal comma")


@pytest.mark.parametrize(
    ("header", "labels"),
    [
        ("dim_0,dim_1,dim_2,dim_3,dim_4", None),
        ("0,1,2,3,4", None),
        (",0,1,2,3,4", [str(i) for i in range(12)]),
        ("word,v0,v1,v2,v3,v4", WORDS),
        ("PC1,PC2,PC3,PC4,PC5", None),
        ("weight,height,age,size,mood", None),
        ("# a,b,c,d,e", None),
    ],
)
def test_headers_are_not_data(tmp_path, header, labels):
    path = write(tmp_path, "a.csv", table(X, ",", labels, header))
    embeddings = loaders.load(path)
    assert np.array_equal(embeddings.vectors, X)
    assert loaders.probe(path)[0].shape == X.shape


def test_a_table_as_r_writes_it_has_row_names_without_a_header(tmp_path):
    path = write(tmp_path, "a.tsv", table(X, "\t", WORDS, '"V1"\t"V2"\t"V3"\t"V4"\t"V5"'))
    embeddings = loaders.load(path)
    assert np.array_equal(embeddings.vectors, X)
    assert list(embeddings.ids) == WORDS
    assert said(embeddings, "one cell less")


def test_comments_that_numpy_writes_are_skipped(tmp_path):
    path = tmp_path / "a.txt"
    np.savetxt(path, X, fmt="%.4f", header="made on a Monday\nfive numbers each")
    embeddings = loaders.load(path)
    assert np.array_equal(embeddings.vectors, X)
    assert said(embeddings, "Comment lines")


def test_whole_numbers_without_a_header_are_all_data(tmp_path):
    whole = np.random.default_rng(0).integers(0, 16, size=(8, 5))
    path = write(tmp_path, "a.tsv", "\n".join("\t".join(map(str, row)) for row in whole))
    assert np.array_equal(loaders.load(path).vectors, whole)


def test_the_caller_can_settle_the_header_and_the_delimiter(tmp_path):
    path = write(tmp_path, "a.csv", "1,2,3\n4,5,6\n7,8,9\n")
    assert len(loaders.load(path)) == 3
    assert len(loaders.load(path, header=True)) == 2
    with pytest.raises(ParameterError, match="delimiter"):
        loaders.load(path, delimiter="tabs and spaces")
    odd = write(tmp_path, "odd.txt", "\n".join("~".join(f"{value:.4f}" for value in row) for row in X))
    assert np.array_equal(loaders.load(odd, delimiter="~").vectors, X)


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(tmp_path):
    labels = ["a, b", 'say "hi"', "two\nlines", *["plain"] * 9]
    frame = pd.DataFrame(X, columns=[f"d{i}" for i in range(5)]).assign(label=labels)
    path = tmp_path / "a.csv"
    frame.to_csv(path, index=False)
    embeddings = loaders.load(path)
    assert np.allclose(embeddings.vectors, X)
    assert embeddings.items["label"].tolist() == labels


def test_a_lone_quote_in_a_tab_table_is_a_word(tmp_path):
    labels = ['"', "'", "#", ",", *[f"w{i}" for i in range(8)]]
    path = write(tmp_path, "a.tsv", table(X, labels=labels))
    assert loaders.load(path).items["label"].tolist() == labels


@pytest.mark.parametrize(
    "write_vector",
    [
        lambda row: str([float(value) for value in row]),
        lambda row: str(list(row)),  # [np.float32(0.1), ...]
        lambda row: str(row),  # [ 0.1  0.2 ...] as NumPy prints it
        lambda row: "(" + ", ".join(map(str, row)) + ")",
        lambda row: f"array({[float(value) for value in row]}, dtype=float32)",
        lambda row: " ".join(map(str, row)),
        lambda row: ";".join(map(str, row)),
    ],
    ids=["list", "list of NumPy numbers", "NumPy", "tuple", "array", "spaces", "semicolons"],
)
def test_vectors_written_into_one_cell(tmp_path, write_vector):
    frame = pd.DataFrame({"name": WORDS, "embedding": [write_vector(row) for row in X], "year": range(12)})
    path = tmp_path / "a.csv"
    frame.to_csv(path, index=False)
    candidate = loaders.probe(path)[0]
    assert (candidate.key, candidate.shape) == ("embedding", (12, 5))
    embeddings = loaders.load(path)
    assert np.allclose(embeddings.vectors, X, atol=1e-6)
    assert list(embeddings.items) == ["name", "year"]


def test_a_vector_cut_short_by_numpy_is_refused_with_the_reason(tmp_path):
    long = np.random.default_rng(0).normal(size=(3, 2000))
    pd.DataFrame({"embedding": [str(row) for row in long]}).to_csv(tmp_path / "a.csv", index=False)
    with pytest.raises(LoadError, match=r"cut short .* '\.\.\.'"):
        loaders.load(tmp_path / "a.csv")


def test_missing_and_odd_vector_cells_leave_their_rows_out(tmp_path):
    cells = [str([float(value) for value in row]) for row in X]
    cells[2], cells[5], cells[7] = "", "[1.0, 2.0]", "[1.0, oops, 1.0, 1.0, 1.0]"
    pd.DataFrame({"embedding": cells, "n": range(12)}).to_csv(tmp_path / "a.csv", index=False)
    embeddings = loaders.load(tmp_path / "a.csv")
    assert embeddings.items["n"].tolist() == [0, 1, 3, 4, 6, 8, 9, 10, 11]
    note = next(note for note in embeddings.notes if "usable" in note)
    assert "3 of 12" in note
    assert "2 numbers instead of 5" in note
    with pytest.raises(LoadError, match="3 of 12"):
        loaders.load(tmp_path / "a.csv", keep="error")


def test_columns_keep_their_natural_types_even_when_they_change_their_mind_late(tmp_path):
    n = 60_000
    frame = pd.DataFrame(vectors(n, 3), columns=["d0", "d1", "d2"])
    frame = frame.assign(
        count=range(n), late=[str(i) for i in range(n - 1)] + ["n/k"], size=1.5, code="007", yes=True
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    items = loaders.load(tmp_path / "a.csv").items
    assert items["count"].dtype.kind == "i"
    assert items["size"].dtype.kind == "f"
    assert items["late"].iloc[-1] == "n/k"
    assert items["code"].iloc[0] == "007"
    assert items["yes"].dtype == bool


def test_an_empty_cell_is_a_missing_value_and_the_word_nan_is_a_word(tmp_path):
    text = "word,d0,d1,d2,n\n" + "".join(
        f"{word},1,2,{i},{n}\n"
        for i, (word, n) in enumerate([("nan", 1), ("null", ""), ("", 3), ("NA", 4), ("king", 5)])
    )
    items = loaders.load(write(tmp_path, "a.csv", text)).items
    assert items["word"].iloc[[0, 1, 3]].tolist() == ["nan", "null", "NA"]
    assert items["word"].isna().tolist() == [False, False, True, False, False]
    assert items["n"].isna().tolist() == [False, True, False, False, False]


@pytest.mark.parametrize("delimiter", [",", "\t", " "])
def test_the_one_ragged_line_is_named(tmp_path, delimiter):
    lines = table(vectors(500, 6), delimiter).splitlines()
    lines[312] += delimiter + "0.5"
    with pytest.raises(LoadError, match=r"Line 313 of a\.txt has 7 cells; 6 are expected") as raised:
        loaders.load(write(tmp_path, "a.txt", "\n".join(lines)))
    assert raised.value.hint


def test_the_ragged_line_is_named_behind_quoted_line_ends_and_in_later_pieces(tmp_path, monkeypatch):
    import loaders.text.pieces

    monkeypatch.setattr(loaders.text.pieces, "_BLOCK", 2000)
    rows = [f'"two\nlines {i}",{i}.5,1.5,2.5' for i in range(300)]
    rows[250] = "short,1.5"
    with pytest.raises(LoadError, match=r"Line 502 of a\.csv has 2 cells"):
        loaders.load(write(tmp_path, "a.csv", "name,d0,d1,d2\n" + "\n".join(rows)))


def test_the_one_cell_that_is_no_number_is_named(tmp_path):
    lines = table(vectors(500, 6), ",", header="d0,d1,d2,d3,d4,d5").splitlines()
    lines[400] = "1,2,3,4,oops,6"
    with pytest.raises(LoadError, match=r"Line 401 of a\.csv holds 'oops' in column 'd4'"):
        loaders.load(write(tmp_path, "a.csv", "\n".join(lines)))


def test_pieces_make_no_difference(tmp_path, monkeypatch):
    import loaders.text.pieces

    frame = pd.DataFrame(vectors(3000, 4), columns=list("abcd")).assign(text=[f'x, "{i}"\ny' for i in range(3000)])
    frame.to_csv(tmp_path / "a.csv", index=False)
    whole = loaders.load(tmp_path / "a.csv")
    monkeypatch.setattr(loaders.text.pieces, "_BLOCK", 4096)
    parts = loaders.load(tmp_path / "a.csv")
    assert np.array_equal(whole.vectors, parts.vectors)
    assert whole.items.equals(parts.items)


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, lzma.compress, lambda data: pa.compress(data, "zstd", asbytes=True)]
)
def test_packed_tables_open_whatever_their_suffix(tmp_path, pack):
    data = pack(table(X, ",", WORDS, "word,d0,d1,d2,d3,d4").encode())
    for name in ("a.csv.gz", "a.csv"):
        embeddings = loaders.load(write(tmp_path, name, data))
        assert np.array_equal(embeddings.vectors, X)
        assert list(embeddings.ids) == WORDS


def test_a_number_beyond_float32_is_refused_with_its_row(tmp_path):
    text = "d0,d1,d2\n" + "1,2,3\n" * 9 + "1,1e300,3\n"
    with pytest.raises(LoadError, match=r"Row 9, column 1 of a\.csv holds 1e\+300, beyond"):
        loaders.load(write(tmp_path, "a.csv", text))


def test_infinity_and_missing_numbers_leave_their_rows_out(tmp_path):
    text = "d0,d1,d2\n1,2,3\n1,inf,3\n1,,3\n4,5,6\n,,\n"
    embeddings = loaders.load(write(tmp_path, "a.csv", text))
    assert embeddings.vectors.tolist() == [[1, 2, 3], [4, 5, 6]]
    assert list(embeddings.ids) == ["0", "3"]
    assert said(embeddings, "3 of 5 rows")


def test_a_dimension_without_any_number_is_left_out(tmp_path):
    text = "d0,d1,d2,d3\n" + "".join(f"{i}.5,,{i},1\n" for i in range(9))
    embeddings = loaders.load(write(tmp_path, "a.csv", text))
    assert embeddings.vectors.shape == (9, 3)
    assert said(embeddings, "1 of 4 dimensions")


@pytest.mark.parametrize(("x", "y"), [("x", "y"), ("projection_x", "projection_y"), ("umap_1", "umap_2"), ("X", "Y")])
def test_coordinates_made_elsewhere_are_a_role_beside_vectors_and_the_vectors_when_alone(tmp_path, x, y):
    flat = pd.DataFrame({"text": WORDS, x: X[:, 0], y: X[:, 1], "year": range(12)})
    flat.to_csv(tmp_path / "map.csv", index=False)
    alone = loaders.load(tmp_path / "map.csv")
    assert alone.vectors.shape == (12, 2)
    assert (alone.roles["x"], alone.roles["y"]) == (x, y)
    assert alone.items["year"].tolist() == list(range(12))
    wide = pd.concat([flat, pd.DataFrame(X, columns=[f"emb_{i}" for i in range(5)])], axis=1)
    wide.to_csv(tmp_path / "both.csv", index=False)
    both = loaders.load(tmp_path / "both.csv")
    assert both.vectors.shape == (12, 5)
    assert (both.roles["x"], both.roles["y"]) == (x, y)


def test_coordinates_with_a_hole_are_not_given_a_role(tmp_path):
    frame = pd.DataFrame(X, columns=[f"emb_{i}" for i in range(5)]).assign(x=1.5, y=[np.nan, *[2.5] * 11])
    frame.to_csv(tmp_path / "a.csv", index=False)
    assert not {"x", "y"} & set(loaders.load(tmp_path / "a.csv").roles)


def test_a_list_of_columns_can_be_chosen_as_the_vectors(tmp_path):
    frame = pd.DataFrame(
        {"height": range(9), "weight": range(1, 10), "mood": range(2, 11), "name": list("abcdefghi")}
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    embeddings = loaders.load(tmp_path / "a.csv", key="height, mood")
    assert embeddings.vectors.tolist() == [[i, i + 2] for i in range(9)]
    with pytest.raises(ParameterError, match="height, moon"):
        loaders.load(tmp_path / "a.csv", key="height, moon")


def test_a_table_without_numbers_is_refused_and_says_what_would_do(tmp_path):
    with pytest.raises(LoadError, match="holds no vectors") as raised:
        loaders.load(write(tmp_path, "a.csv", "name,colour\nA,red\nB,blue\n"))
    assert "column of lists" in raised.value.hint


def test_reading_can_be_stopped(tmp_path, monkeypatch):
    import loaders.text.pieces

    monkeypatch.setattr(loaders.text.pieces, "_BLOCK", 4096)
    path = write(tmp_path, "a.csv", table(vectors(2000, 5), ","))
    seen = []

    def stop(event):
        seen.append(event.fraction)
        if len(seen) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        loaders.load(path, progress=stop)
    assert seen == sorted(seen)
    assert seen[-1] < 1


def test_the_delimiter_that_excel_names_is_used(tmp_path):
    text = "sep=;\r\n" + table(X, ";", header="a;b;c;d;e").replace(".", ",").replace("\n", "\r\n")
    embeddings = loaders.load(write(tmp_path, "a.csv", text))
    assert np.array_equal(embeddings.vectors, X)


def test_blank_pieces_and_lines_between_rows_are_nothing(tmp_path, monkeypatch):
    import loaders.text.pieces

    monkeypatch.setattr(loaders.text.pieces, "_BLOCK", 256)
    text = table(X, ",", header="d0,d1,d2,d3,d4")
    half = text.index("\n", len(text) // 2)
    path = write(tmp_path, "a.csv", text[:half] + "\n" * 2000 + text[half:] + " \n" * 900)
    assert np.array_equal(loaders.load(path).vectors, X)


def test_a_preview_of_a_large_table_estimates_its_rows(tmp_path, monkeypatch):
    import loaders.text.columns

    monkeypatch.setattr(loaders.text.columns, "_COUNTED", 1000)
    path = write(tmp_path, "a.csv", table(vectors(5000, 5), ","))
    candidate = loaders.probe(path)[0]
    assert candidate.shape[0] == pytest.approx(5000, rel=0.05)
    assert "about" in candidate.note
