"""Files that belong together: vectors and what says more of their items, in a second file or given."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import loaders
from cartography.errors import LoadError, ParameterError
from tests.loaders.made import said, table, vectors, write

X = vectors()
LABELS = [f"label {i}" for i in range(12)]


@pytest.fixture
def tensors(tmp_path):
    return write(tmp_path, "tensors.tsv", table(X))


@pytest.mark.parametrize(
    ("content", "column"),
    [
        ("\n".join(LABELS), "label"),
        ("\n".join(LABELS) + "\n", "label"),
        ("\n".join(LABELS) + "\n\n\n", "label"),
        ("label\n" + "\n".join(LABELS), "label"),
        ("Some Heading\n" + "\n".join(LABELS), "Some Heading"),
        ("\r\n".join(LABELS) + "\r\n", "label"),
        ("label\tn\n" + "".join(f"{label}\t{i}\n" for i, label in enumerate(LABELS)), "label"),
        ("".join(f"{label}\tx{i}\n" for i, label in enumerate(LABELS)), "label"),
    ],
    ids=["plain", "line end", "blank lines", "header", "odd header", "windows", "two columns", "two without header"],
)
def test_the_pair_of_the_projector_in_every_handwriting(tmp_path, tensors, content, column):
    metadata = write(tmp_path, "metadata.tsv", content)
    for embeddings in (
        loaders.load([tensors, metadata]),
        loaders.load(tensors, labels=metadata),
        loaders.load(tensors),
    ):
        assert np.array_equal(embeddings.vectors, X)
        assert embeddings.items[column].tolist() == LABELS
        assert embeddings.roles["label"] == column


def test_one_line_too_many_is_a_header_only_when_it_is_not_blank(tmp_path, tensors):
    metadata = write(tmp_path, "labels.txt", "\n" + "\n".join(LABELS))
    with pytest.raises(LoadError, match="13 rows, but there are 12 vectors") as raised:
        loaders.load(tensors, labels=metadata)
    assert "label_shift=-1" in raised.value.hint
    shifted = loaders.load(tensors, labels=metadata, label_shift=-1)
    assert shifted.items["label"].tolist() == LABELS
    assert said(shifted, "left out")


def test_a_blank_line_within_the_labels_shifts_nothing(tmp_path, tensors):
    lines = ["", *LABELS[1:5], "", *LABELS[6:]]
    embeddings = loaders.load(tensors, labels=write(tmp_path, "vocab.txt", "\n".join(lines)))
    assert embeddings.items.iloc[:, 0].tolist()[4:7] == ["label 4", "", "label 6"]
    plain = loaders.load(tensors, labels=write(tmp_path, "plain.txt", "\n".join(lines)))
    assert plain.items["label"].isna().tolist() == [i in (0, 5) for i in range(12)]


def test_one_line_too_few_can_be_shifted_into_place(tmp_path, tensors):
    metadata = write(tmp_path, "tokens.txt", "\n".join(LABELS[1:]))
    with pytest.raises(LoadError, match="11 rows, but there are 12 vectors") as raised:
        loaders.load(tensors, labels=metadata)
    assert "label_shift=1" in raised.value.hint
    shifted = loaders.load(tensors, labels=metadata, label_shift=1)
    assert shifted.items["label"].isna().tolist() == [True] + [False] * 11
    assert shifted.items["label"].iloc[1] == "label 1"


@pytest.mark.parametrize("count", [5, 40])
def test_counts_that_do_not_fit_are_both_named(tmp_path, tensors, count):
    metadata = write(tmp_path, "metadata.tsv", "name\tn\n" + "".join(f"a{i}\t{i}\n" for i in range(count)))
    with pytest.raises(LoadError, match=rf"metadata.tsv has {count} rows, but there are 12 vectors"):
        loaders.load([tensors, metadata])
    unasked = loaders.load(tensors)
    assert unasked.items.empty
    assert said(unasked, f"it has {count} rows for 12 vectors")


def test_a_header_is_taken_for_a_row_where_the_counts_say_so(tmp_path, tensors):
    lines = [f"{label}\tgroup {i}" for i, label in enumerate(LABELS)]
    embeddings = loaders.load(tensors, labels=write(tmp_path, "m.tsv", "\n".join(lines)))
    assert embeddings.items["label"].tolist() == LABELS
    assert said(embeddings, "as many lines as vectors")
    numbered = "\n".join(["1\t2", *(f"{i}\t{i * i}" for i in range(12))])
    spare = loaders.load(tensors, labels=write(tmp_path, "n.tsv", numbered))
    assert spare.items["2"].tolist() == [i * i for i in range(12)]


def test_ids_on_both_sides_join_whatever_the_order(tmp_path):
    frame = pd.DataFrame(X, columns=[f"d{i}" for i in range(5)]).assign(id=[f"k{i}" for i in range(12)])
    frame.to_csv(tmp_path / "v.csv", index=False)
    side = pd.DataFrame({"id": [f"k{i}" for i in range(20)], "colour": [f"c{i}" for i in range(20)]})
    side.sample(frac=1, random_state=0).to_csv(tmp_path / "side.csv", index=False)
    joined = loaders.load(tmp_path / "v.csv", labels=tmp_path / "side.csv")
    assert joined.items["colour"].tolist() == [f"c{i}" for i in range(12)]
    assert said(joined, "joined to the vectors by id")
    assert said(joined, "8 rows of side.csv belong to no vector")
    side[:9].to_csv(tmp_path / "few.csv", index=False)
    some = loaders.load(tmp_path / "v.csv", labels=tmp_path / "few.csv")
    assert some.items["colour"].isna().tolist() == [False] * 9 + [True] * 3
    assert said(some, "3 of 12 items have no row")


def test_ids_that_do_not_match_are_joined_in_order_with_a_warning(tmp_path):
    frame = pd.DataFrame(X, columns=[f"d{i}" for i in range(5)]).assign(id=[f"k{i}" for i in range(12)])
    frame.to_csv(tmp_path / "v.csv", index=False)
    side = pd.DataFrame({"id": [f"other{i}" for i in range(12)], "colour": range(12)})
    joined = loaders.load(tmp_path / "v.csv", labels=side)
    assert joined.items["colour"].tolist() == list(range(12))
    assert said(joined, "are not those of the vectors")


def test_numeric_ids_join_text_ids(tmp_path):
    pd.DataFrame(X, columns=[f"d{i}" for i in range(5)]).assign(id=range(100, 112)).to_csv(
        tmp_path / "v.csv", index=False
    )
    side = pd.DataFrame({"id": [float(i) for i in range(111, 99, -1)], "colour": range(12)})
    side.to_parquet(tmp_path / "side.parquet")
    joined = loaders.load(tmp_path / "v.csv", labels=tmp_path / "side.parquet")
    assert joined.items["colour"].tolist() == list(range(11, -1, -1))
    assert list(joined.ids)[:2] == ["100", "101"]


def test_labels_may_be_given_as_values(tmp_path):
    np.save(tmp_path / "a.npy", X)
    by_list = loaders.load(tmp_path / "a.npy", labels=LABELS)
    assert by_list.items["label"].tolist() == LABELS
    frame = pd.DataFrame({"colour": LABELS}, index=pd.Index([f"i{i}" for i in range(12)], name="id"))
    by_frame = loaders.load(tmp_path / "a.npy", labels=frame)
    assert list(by_frame.ids) == list(frame.index)
    assert loaders.load(tmp_path / "a.npy", labels=np.arange(12)).items["label"].tolist() == list(range(12))
    with pytest.raises(LoadError, match="3 rows"):
        loaders.load(tmp_path / "a.npy", labels=["a", "b", "c"])
    with pytest.raises(LoadError, match="it should be a file"):
        loaders.load(tmp_path / "a.npy", labels=7)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.json", json.dumps(LABELS)),
        ("labels.json", json.dumps([{"label": label} for label in LABELS])),
        ("labels.jsonl", "\n".join(json.dumps({"label": label}) for label in LABELS)),
        ("labels.csv", "id,label\n" + "".join(f"{i},{label}\n" for i, label in enumerate(LABELS))),
        ("vocab.json", json.dumps({label: i for i, label in enumerate(LABELS)})),
        ("tokenizer.json", json.dumps({"model": {"vocab": {label: i for i, label in enumerate(LABELS)}}})),
        ("tokenizer.json", json.dumps({"model": {"vocab": [[label, -1.5] for label in LABELS]}, "added_tokens": []})),
    ],
)
def test_labels_from_any_kind_of_file(tmp_path, name, content):
    np.save(tmp_path / "a.npy", X)
    embeddings = loaders.load(tmp_path / "a.npy", labels=write(tmp_path, name, content))
    assert LABELS in [embeddings.items[column].tolist() for column in embeddings.items]


def test_labels_from_numpy_files(tmp_path):
    np.save(tmp_path / "embeddings.npy", X)
    np.save(tmp_path / "labels.npy", np.array(LABELS))
    np.savez(tmp_path / "more.npz", kind=np.arange(12), other=np.arange(3))
    both = loaders.load([tmp_path / "embeddings.npy", tmp_path / "labels.npy", tmp_path / "more.npz"])
    assert both.items["label"].tolist() == LABELS
    assert both.items["kind"].tolist() == list(range(12))
    assert "other" not in both.items
    np.save(tmp_path / "short.npy", X[:5])
    with pytest.raises(LoadError, match="no array of 5 labels"):
        loaders.load(tmp_path / "short.npy", labels=tmp_path / "more.npz")


def test_columns_of_the_same_name_do_not_clash_in_silence(tmp_path):
    frame = pd.DataFrame({"embedding": X.tolist(), "colour": "red", "same": range(12)})
    frame.to_parquet(tmp_path / "a.parquet")
    side = pd.DataFrame({"colour": ["blue"] * 12, "same": range(12), "id": [f"i{i}" for i in range(12)]})
    side.to_csv(tmp_path / "side.csv", index=False)
    joined = loaders.load(tmp_path / "a.parquet", labels=tmp_path / "side.csv")
    assert list(joined.items) == ["colour", "same", "colour_2"]
    assert said(joined, "shown as 'colour_2'")


def test_ids_are_unique_strings_and_repairs_are_said(tmp_path):
    frame = pd.DataFrame({"embedding": X.tolist(), "id": ["a", "b", "a", "a", None, "a (2)", *range(6)]})
    frame["id"] = (
        frame["id"].astype(object).where(frame["id"].notna(), None).map(lambda v: None if v is None else str(v))
    )
    frame.to_parquet(tmp_path / "a.parquet")
    embeddings = loaders.load(tmp_path / "a.parquet")
    assert list(embeddings.ids)[:6] == ["a", "b", "a (3)", "a (4)", "row 4", "a (2)"]
    assert said(embeddings, "taken already")
    assert said(embeddings, "1 items have no 'id'")


def test_a_chosen_id_column_wins_and_an_unused_id_column_is_renamed(tmp_path):
    frame = pd.DataFrame({"embedding": X.tolist(), "id": range(12), "code": [f"c{i}" for i in range(12)]})
    frame.to_parquet(tmp_path / "a.parquet")
    chosen = loaders.load(tmp_path / "a.parquet", id="code")
    assert list(chosen.ids) == frame["code"].tolist()
    assert list(chosen.items) == ["id_2", "code"]
    assert chosen.items.reset_index().columns[0] == "id"
    with pytest.raises(LoadError, match="no column 'cod'") as raised:
        loaders.load(tmp_path / "a.parquet", id="cod")
    assert "'code'" in raised.value.hint


def test_roles_are_guessed_said_and_can_be_changed(tmp_path):
    frame = pd.DataFrame(
        {
            "embedding": X.tolist(),
            "category": ["a", "b"] * 6,
            "review": ["a rather long piece of text, number " + str(i) for i in range(12)],
            "thumb": [f"pictures/{i}.png" for i in range(12)],
            "brand": ["u", "v", "w"] * 4,
        }
    )
    frame.to_parquet(tmp_path / "a.parquet")
    guessed = loaders.load(tmp_path / "a.parquet")
    assert dict(guessed.roles) == {"label": "category", "text": "review", "image": "thumb"}
    assert said(guessed, "'category' as label")
    changed = loaders.load(tmp_path / "a.parquet", label="brand", text="")
    assert dict(changed.roles) == {"label": "brand", "image": "thumb"}
    with pytest.raises(LoadError, match="no column 'brandy' to use as label"):
        loaders.load(tmp_path / "a.parquet", label="brandy")
    fewer = loaders.load(tmp_path / "a.parquet", columns=["brand"])
    assert list(fewer.items) == ["brand"]
    preview = loaders.probe(tmp_path / "a.parquet")[0]
    assert preview.columns == ("category", "review", "thumb", "brand")
    assert preview.roles["label"] == "category"


@pytest.mark.parametrize("path", ["missing.npy", "", "a\0b", None, 7, [], ["missing.npy"], [None]])
def test_what_is_not_a_file_is_refused(path):
    with pytest.raises(LoadError):
        loaders.load(path)


def test_an_unknown_option_names_the_nearest(tmp_path):
    np.save(tmp_path / "a.npy", X)
    with pytest.raises(ParameterError, match="no loading option called 'sampel'") as raised:
        loaders.load(tmp_path / "a.npy", sampel=3)
    assert "'sample'" in raised.value.hint
    for wrong in ({"keep": "all"}, {"sample": 0}, {"sample": 1.5}, {"label": 3}, {"columns": 3}, {"shape": (0,)}):
        with pytest.raises(ParameterError):
            loaders.load(tmp_path / "a.npy", **wrong)


def test_a_misspelt_file_names_the_nearest(tmp_path):
    np.save(tmp_path / "embeddings.npy", X)
    with pytest.raises(LoadError) as raised:
        loaders.load(tmp_path / "embedings.npy")
    assert "'embeddings.npy'" in raised.value.hint
