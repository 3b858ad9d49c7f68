"""Tags and corrections leave as a patch and come back as they were, by CSV and Parquet, awkward texts included."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pandas as pd
import pytest

from cartography.errors import CartographyError, LoadError, ParameterError
from cartography.inspection.correcting.corrections import fitted, plain
from cartography.inspection.correcting.patch import (
    apply_patch,
    corrected_table,
    patch,
    table_notes,
    tags_column,
    tags_name,
)
from cartography.inspection.correcting.patch_files import read_patch
from cartography.inspection.correcting.table_files import as_csv, as_parquet, disarmed, rearmed
from cartography.inspection.grouping.given_names import given_names, middle_item, renamed_cluster
from cartography.records import Annotations, EmbeddingSet, Level
from tests.data import embedding_set

IDS = ["a,b", 'say "hi"', "two\nlines", "cr\rid", "=cmd|' /C calc'!A0", "'=x", "-5", "ünï 🗺", " blank ", "nan"]
FORMULAS = ["=1+1", "+SUM(A1)", "-2+3", "@x", "\tx", "\rx", "'=x", "''@x"]


def cars() -> EmbeddingSet:
    n = len(IDS)
    items = pd.DataFrame(
        {
            "name": [f"car {i}" for i in range(n)],
            "origin": pd.Categorical(["Japan", "USA"] * (n // 2)),
            "year": np.arange(n) + 70,
            "weight": np.linspace(0.1, 1, n, dtype=np.float32),
            "sold": [True, False] * (n // 2),
            "built": pd.date_range("1970-01-01", periods=n),
            "parts": [[i] for i in range(n)],
        },
        index=IDS,
    )
    return EmbeddingSet(np.eye(n, dtype=np.float32), items)


def typed(embeddings: EmbeddingSet, ids: list[str], column: str, text: str) -> dict:
    """What the panel hands to `Annotations.corrected`."""
    cells = embeddings.items.loc[ids, column]
    old = {one: plain(cell) for one, cell in cells.items()}
    return {"ids": ids, "column": column, "new": fitted(embeddings.items[column], text), "old": old}


def marked(embeddings: EmbeddingSet) -> Annotations:
    found = Annotations().tagged(IDS[:7], "to check").tagged(IDS[2:3], "=keep")
    for one, formula in zip(IDS, FORMULAS, strict=False):
        found = found.corrected(**typed(embeddings, [one], "name", formula))
    found = found.corrected(**typed(embeddings, IDS[::2], "origin", 'Swe,"den"'))
    found = found.corrected(**typed(embeddings, IDS[:2], "year", "-3"))
    found = found.corrected(**typed(embeddings, IDS[2:4], "year", ""))
    found = found.corrected(**typed(embeddings, IDS[:1], "weight", "0.3"))
    found = found.corrected(**typed(embeddings, IDS, "sold", "no"))
    found = found.corrected(**typed(embeddings, IDS[4:6], "built", "2024-05-31"))
    return found.corrected(**typed(embeddings, IDS[:1], "parts", "none"))


@pytest.mark.parametrize("write", [as_csv, as_parquet])
def test_a_patch_that_is_read_again_says_the_same(write):
    embeddings = cars()
    annotations = marked(embeddings)
    table = patch(annotations, embeddings)
    again = read_patch(write(table))
    pd.testing.assert_frame_equal(again, table, check_dtype=False)
    applied = apply_patch(again, embeddings)
    assert applied.annotations == annotations
    assert applied.notes == ()
    assert len(table) == sum(map(len, annotations.corrections.values())) + 8


def test_a_patch_says_which_item_which_column_from_what_to_what():
    embeddings = cars()
    table = patch(marked(embeddings), embeddings)
    line = table[(table["id"] == "a,b") & (table["column"] == "year")].iloc[0]
    assert (line["old"], line["new"]) == ("70", "-3")
    emptied = table[(table["id"] == "two\nlines") & (table["column"] == "year")].iloc[0]
    assert (emptied["old"], emptied["new"]) == ("72", None)
    assert list(dict.fromkeys(table["id"])) == [one for one in IDS if one in set(table["id"])]


@pytest.mark.parametrize("text", [*FORMULAS, "'", "-5", "+1e3", "a=b", "'quoted'", "", "-", "=", "'-5"])
def test_no_cell_is_a_formula_and_none_is_changed_on_the_way(text):
    assert rearmed(disarmed(text)) == text
    first = disarmed(text)[:1]
    assert first not in ("=", "@", "\t", "\r")
    assert first not in ("+", "-") or text in ("-5", "+1e3")


def test_the_table_holds_no_formula_in_any_cell_id_or_name():
    embeddings = embedding_set(np.eye(2), **{"=evil": ["=1+1", "fine"], "n": [-5, 3]})
    text = as_csv(corrected_table(Annotations().tagged(["item 0"], "@tag"), embeddings), index=True).decode(
        "utf-8-sig"
    )
    assert text == '"id","\'=evil","n","tags"\n"item 0","\'=1+1",-5,"\'@tag"\n"item 1","fine",3,""\n'


def test_the_whole_table_has_the_corrections_and_the_file_has_not():
    embeddings = cars()
    before, fingerprint = embeddings.items.copy(deep=True), embeddings.fingerprint
    table = corrected_table(marked(embeddings), embeddings)
    pd.testing.assert_frame_equal(embeddings.items, before)
    assert EmbeddingSet(embeddings.vectors, embeddings.items).fingerprint == fingerprint
    assert list(table.index) == IDS
    assert table["year"].tolist()[:2] == [-3, -3]
    assert table["year"].isna().tolist()[2:4] == [True, True]
    assert table["year"].tolist()[4:] == before["year"].tolist()[4:]
    assert table["origin"].tolist()[:2] == ['Swe,"den"', "USA"]
    assert not table["sold"].any()
    assert table["built"].iloc[4] == pd.Timestamp("2024-05-31")
    assert table["tags"].iloc[2] == "=keep; to check"
    assert table["tags"].iloc[9] == ""


def test_the_whole_table_goes_to_parquet_and_back_even_with_cells_of_several_kinds():
    embeddings = cars()
    table = corrected_table(marked(embeddings), embeddings)
    back = pd.read_parquet(BytesIO(as_parquet(table, index=True)))
    assert list(back.index) == IDS
    assert back["parts"].tolist()[:2] == ["none", "[1]"]
    assert back["year"].tolist() == table["year"].tolist()
    assert back["name"].tolist() == table["name"].tolist()


def test_columns_of_the_same_name_keep_theirs_and_ours_gets_a_suffix():
    embeddings = embedding_set(np.eye(3), tags=["x", "y", "z"], id=[7, 8, 9])
    annotations = Annotations().tagged(["item 1"], "mine").corrected(["item 0"], "tags", "w", {"item 0": "x"})
    table = corrected_table(annotations, embeddings)
    assert table["tags"].tolist() == ["w", "y", "z"]
    assert table[tags_name(embeddings)].tolist() == ["", "mine", ""]
    assert table["id_item"].tolist() == [7, 8, 9]
    assert len(table_notes(embeddings)) == 2
    assert apply_patch(patch(annotations, embeddings), embeddings).annotations == annotations
    as_parquet(table, index=True)


def test_what_does_not_fit_is_counted_and_said():
    embeddings = cars()
    lines = [
        ("nobody", "year", "70", "71"),
        ("nan", "no such column", None, "1"),
        ("nan", "year", "79", "many"),
        ("nan", "year", "1", "80"),
        ("nan", "tags", None, "a;b"),
        ("nan", "weight", "1.0", "2"),
    ]
    applied = apply_patch(pd.DataFrame(lines, columns=["id", "column", "old", "new"]), embeddings)
    assert {column: cells["nan"].new for column, cells in applied.annotations.corrections.items()} == {
        "year": 80,
        "weight": 2.0,
    }
    assert not applied.annotations.tags
    assert len(applied.notes) == 5
    assert all(note.startswith("1 of 6 lines") for note in applied.notes)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id,new\na,b\n",
        b"\xff\xfe\x00",
        b"PAR1 and then nothing",
        b'id,column,old,new\n"a',
        b"id,column\x00,old,new\n",
    ],
)
def test_what_is_no_patch_is_refused(content):
    with pytest.raises(CartographyError):
        apply_patch(read_patch(content), cars())


def test_a_ragged_line_and_a_huge_cell_are_refused():
    with pytest.raises(ParameterError, match="Line 1"):
        read_patch(b"id,column,old,new\na,b\n")
    bomb = pd.DataFrame({"id": ["a"] * 3, "column": "name", "old": "", "new": ["x" * 1_000_000] * 3})
    with pytest.raises(LoadError, match="10,000"):
        read_patch(as_parquet(bomb))
    found = read_patch("id;column;old;new\nnan;name;;ü\n".encode())
    assert found.iloc[0].tolist() == ["nan", "name", None, "ü"]


@pytest.mark.parametrize(
    ("column", "text"), [("year", "old"), ("year", "2.5"), ("weight", "inf"), ("sold", "perhaps"), ("built", "soon")]
)
def test_what_a_column_cannot_hold_is_refused_before_it_is_kept(column, text):
    with pytest.raises(ParameterError, match=column):
        fitted(cars().items[column], text)


def test_tags_are_a_column_for_whatever_counts_groups():
    embeddings = cars()
    column = tags_column(Annotations().tagged(["nan", "gone"], "b").tagged(["nan"], "a"), embeddings)
    assert column["nan"] == "a; b"
    assert (column == "").sum() == len(embeddings) - 1


def test_a_cluster_keeps_the_name_given_to_it_and_other_clusters_do_not_get_it():
    level = Level(np.array([0, 0, 1, 1, -1]), ("Ash", "Elm"), medoids=np.array([1, 2]))
    ids = pd.Index(list("abcde"))
    annotations = renamed_cluster(Annotations(), level, 1, ids, "The Shire")
    assert middle_item(level, 1, ids) == "c"
    assert given_names(annotations, level, ids) == ("Ash", "The Shire")
    assert given_names(annotations, Level(np.array([0, 0, 1, 1, 1]), ("Ash", "Elm")), ids) == ("Ash", "Elm")
    assert given_names(renamed_cluster(annotations, level, 1, ids, ""), level, ids) == ("Ash", "Elm")
    with pytest.raises(ParameterError):
        middle_item(level, 2, ids)
