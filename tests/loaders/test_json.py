"""JSON of every common shape, and JSON lines whose lines agree or do not."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import loaders
from cartography.errors import LoadError
from tests.loaders.made import vectors, write

X = vectors()
ROWS = [[float(value) for value in row] for row in X]
WORDS = [f"word {i}" for i in range(len(X))]
RECORDS = [{"id": f"a{i}", "embedding": row, "kind": "even" if i % 2 == 0 else "odd"} for i, row in enumerate(ROWS)]

SHAPES = {
    "records": RECORDS,
    "records without ids": [{"text": word, "vector": row} for word, row in zip(WORDS, ROWS, strict=True)],
    "a list of vectors": ROWS,
    "pairs": [[word, row] for word, row in zip(WORDS, ROWS, strict=True)],
    "flat rows": [[word, *row] for word, row in zip(WORDS, ROWS, strict=True)],
    "word to vector": dict(zip(WORDS, ROWS, strict=True)),
    "word to record": {word: {"embedding": row, "n": 1} for word, row in zip(WORDS, ROWS, strict=True)},
    "columns": {"label": WORDS, "embedding": ROWS},
    "columns, numbers first": {"ids": list(range(12)), "embeddings": ROWS, "documents": WORDS},
    "OpenAI": {
        "object": "list",
        "data": [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(ROWS)],
        "model": "some-model",
        "usage": {"total_tokens": 5},
    },
    "rows of wide records": [
        {"name": word, **{f"d{i}": v for i, v in enumerate(row)}} for word, row in zip(WORDS, ROWS, strict=True)
    ],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_same_vectors(tmp_path, shape):
    path = write(tmp_path, "a.json", json.dumps(SHAPES[shape]))
    assert loaders.probe(path)[0].shape == X.shape
    assert np.array_equal(loaders.load(path).vectors, X)


@pytest.mark.parametrize("orient", ["records", "columns", "split", "index", "values"])
def test_what_pandas_writes_is_read(tmp_path, orient):
    frame = pd.DataFrame({"word": WORDS, "embedding": ROWS})
    frame.to_json(tmp_path / "a.json", orient=orient)
    assert np.array_equal(loaders.load(tmp_path / "a.json").vectors, X)


def test_words_become_ids_and_labels_and_repeats_are_numbered(tmp_path):
    text = "{" + ", ".join(f'"{word}": {row}' for word, row in zip(["a", "b", "a"], ROWS, strict=False)) + "}"
    embeddings = loaders.load(write(tmp_path, "a.json", text))
    assert list(embeddings.ids) == ["a", "b", "a (2)"]
    assert embeddings.roles["label"] == "key"
    assert embeddings.items["key"].tolist() == ["a", "b", "a"]


def test_a_single_record_is_one_item(tmp_path):
    embeddings = loaders.load(write(tmp_path, "a.json", json.dumps(RECORDS[0])))
    assert np.array_equal(embeddings.vectors, X[:1])
    assert list(embeddings.ids) == ["a0"]


def test_records_keep_their_fields_and_open_objects_by_one_level(tmp_path):
    records = [{**record, "metadata": {"year": 1990 + i, "tags": ["x", "y"]}} for i, record in enumerate(RECORDS)]
    for name, text in {"a.json": json.dumps(records), "a.jsonl": "\n".join(map(json.dumps, records))}.items():
        embeddings = loaders.load(write(tmp_path, name, text))
        assert list(embeddings.ids) == [f"a{i}" for i in range(12)]
        assert embeddings.items["metadata.year"].tolist() == list(range(1990, 2002))
        assert embeddings.items["metadata.tags"].iloc[0] == "x, y"
        assert "id" not in embeddings.items


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "a.txt", "plain"])
def test_json_lines_under_any_name(tmp_path, name):
    path = write(tmp_path, name, "\n".join(map(json.dumps, RECORDS)) + "\n\n")
    assert loaders.probe(path)[0].shape == X.shape
    assert np.array_equal(loaders.load(path).vectors, X)


@pytest.mark.parametrize(
    "line", [lambda i, row: row, lambda i, row: [WORDS[i], row], lambda i, row: [WORDS[i], *row]]
)
def test_json_lines_of_bare_vectors_and_pairs(tmp_path, line):
    path = write(tmp_path, "a.jsonl", "\n".join(json.dumps(line(i, row)) for i, row in enumerate(ROWS)))
    assert np.array_equal(loaders.load(path).vectors, X)


def test_lines_that_do_not_agree_are_read_one_by_one(tmp_path):
    records = [dict(record, mixed=i if i % 2 else "text", extra=[1, "a"]) for i, record in enumerate(RECORDS)]
    records[3]["only_here"] = True
    embeddings = loaders.load(write(tmp_path, "a.jsonl", "\n".join(map(json.dumps, records))))
    assert np.array_equal(embeddings.vectors, X)
    assert embeddings.items["mixed"].tolist()[:4] == ["text", "1", "text", "3"]
    assert embeddings.items["only_here"].notna().sum() == 1


def test_types_that_change_between_pieces_become_text(tmp_path, monkeypatch):
    import loaders.text.pieces

    monkeypatch.setattr(loaders.text.pieces, "_BLOCK", 1000)
    records = [{"embedding": ROWS[i % 12], "mixed": i if i < 200 else f"t{i}", "late": i} for i in range(400)]
    for record in records[:300]:
        del record["late"]
    embeddings = loaders.load(write(tmp_path, "a.jsonl", "\n".join(map(json.dumps, records))))
    assert embeddings.items["mixed"].iloc[[0, 399]].tolist() == ["0", "t399"]
    assert embeddings.items["late"].notna().sum() == 100


def test_rows_without_a_usable_vector_are_dropped_and_said(tmp_path):
    records = [dict(record) for record in RECORDS]
    records[1]["embedding"] = None
    records[2]["embedding"] = [1.0]
    records[3]["embedding"] = [1.0, None, 2.0, 3.0, 4.0]
    del records[4]["embedding"]
    records[5]["embedding"] = [float("nan")] * 5
    for name, text in {"a.json": json.dumps(records), "a.jsonl": "\n".join(map(json.dumps, records))}.items():
        embeddings = loaders.load(write(tmp_path, name, text))
        assert list(embeddings.ids) == [f"a{i}" for i in (0, *range(6, 12))]
        assert any("5 of 12" in note for note in embeddings.notes)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_numbers_beyond_float32_are_refused(tmp_path, name):
    records = [{"embedding": [1.0, 2.0, 3.0]}] * 3 + [{"embedding": [1.0, 1e200, 3.0]}]
    text = json.dumps(records) if name == "a.json" else "\n".join(map(json.dumps, records))
    with pytest.raises(LoadError, match=r"Row 3, column 1 .*beyond"):
        loaders.load(write(tmp_path, name, text))


def test_a_broken_line_is_named(tmp_path):
    lines = [json.dumps(record) for record in RECORDS]
    lines[7] = lines[7][:-5]
    with pytest.raises(LoadError, match=r"Line 8 of a\.jsonl is not JSON"):
        loaders.load(write(tmp_path, "a.jsonl", "\n".join(lines)))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (json.dumps(RECORDS)[:-200], "cut short"),
        (json.dumps(RECORDS)[:-1], "cut short"),
        (json.dumps(RECORDS).replace("}, {", "} {", 1), "a comma"),
        (json.dumps(RECORDS, indent=1).replace('"id"', "id", 1), "line 3"),
        (json.dumps(RECORDS) + "x", "end of the file"),
        ('{"a": [1, 2, 3], "b": "text", "c": [1, 2, 3]', "cut short"),
        ("[1, 2, {}]", "neither a record nor a vector"),
        ('"just text"', "begins with"),
        ("[]", "holds no vectors"),
        ("{}", "holds no vectors"),
        ('{"name": "a", "size": 3}', "holds no vectors"),
    ],
)
def test_what_is_not_json_or_holds_nothing_is_refused_with_the_place(tmp_path, text, part):
    with pytest.raises(LoadError, match=part):
        loaders.load(write(tmp_path, "a.json", text))


def test_nesting_without_end_is_refused(tmp_path):
    for depth in (500, 100_000):
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            text = opening * depth + "1" + closing * depth
            for name in ("a.json", "a.jsonl"):
                with pytest.raises(LoadError):
                    loaders.load(write(tmp_path, name, text))
            lines = f'{{"embedding": [1, 2, 3], "deep": {text}}}\n' * 3
            with pytest.raises(LoadError):
                loaders.load(write(tmp_path, "b.jsonl", lines))


def test_json_in_old_encodings_is_refused_and_utf16_is_read(tmp_path):
    text = json.dumps({"é": ROWS[0], "b": ROWS[1]}, ensure_ascii=False)
    assert len(loaders.load(write(tmp_path, "a.json", text, "utf-16"))) == 2
    with pytest.raises(LoadError, match="UTF-8"):
        loaders.load(write(tmp_path, "b.json", text, "latin-1"))


def test_a_preview_of_a_long_list_reads_its_beginning(tmp_path, monkeypatch):
    import loaders.embeddings.json_document as document

    monkeypatch.setattr(document, "_WHOLE", 1000)
    monkeypatch.setattr(document, "_LOOK", 3000)
    candidate = loaders.probe(write(tmp_path, "a.json", json.dumps(RECORDS * 50)))[0]
    assert candidate.shape[0] == pytest.approx(600, rel=0.1)
    assert "about" in candidate.note


def test_halves_of_characters_do_not_break_a_name(tmp_path):
    text = '{"a\\ud800b": [1.0, 2.0, 3.0], "c": [1.0, 2.0, 4.0]}'
    assert list(loaders.load(write(tmp_path, "a.json", text)).ids) == ["a?b", "c"]
    lines = '{"word": "a\\ud800b", "v": [1.0, 2.0, 3.0]}\n{"word": "c", "v": [1.0, 2.0, 4.0]}'
    assert len(loaders.load(write(tmp_path, "a.jsonl", lines))) == 2
