"""What is written comes back, and what is not a file of vectors ends in a sentence: over made-up data."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import loaders
from cartography.errors import CartographyError
from loaders.text.encoding import is_text
from loaders.text.json_walk import JsonText, elements, members, nested_too_deep
from tests.contracts.test_loaders import assert_is_a_sentence
from tests.loaders.examples import AVAILABLE, EXAMPLES, largest_file
from tests.loaders.test_safetensors import entry, pack

FLOATS = st.floats(-float(2**99), float(2**99), width=32, allow_subnormal=False)
MATRICES = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=6), elements=FLOATS)
TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=12)
WORDS = st.text(st.characters(whitelist_categories=("Ll", "Lu")), min_size=1, max_size=6)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def opened(write, name: str):
    """Load what `write` puts at a path of this name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return loaders.load(path)


@QUICK
@given(MATRICES, st.sampled_from(["<f4", ">f4", "<f8", ">f8"]), st.sampled_from("CF"))
def test_npy_comes_back(matrix, dtype, order):
    back = opened(lambda path: np.save(path, matrix.astype(dtype, order=order)), "a.npy")
    assert np.array_equal(back.vectors, matrix)


@QUICK
@given(MATRICES, st.data())
def test_parquet_comes_back_with_its_labels(matrix, data):
    labels = data.draw(st.lists(TEXTS, min_size=len(matrix), max_size=len(matrix)))
    table = pa.table({"vector": pa.array(matrix.tolist(), pa.list_(pa.float32())), "label": labels})
    back = opened(lambda path: pq.write_table(table, path), "a.parquet")
    assert np.array_equal(back.vectors, matrix)
    assert back.items["label"].tolist() == labels


@QUICK
@given(MATRICES, st.data())
def test_json_lines_come_back_with_their_labels(matrix, data):
    labels = data.draw(st.lists(TEXTS, min_size=len(matrix), max_size=len(matrix)))
    lines = [json.dumps({"label": a, "vector": row}) for a, row in zip(labels, matrix.tolist(), strict=True)]
    back = opened(lambda path: path.write_text("\n".join(lines), encoding="utf-8"), "a.jsonl")
    assert np.array_equal(back.vectors, matrix)
    assert back.items["label"].astype(str).tolist() == labels or pd.api.types.is_datetime64_any_dtype(
        back.items["label"]
    )


@QUICK
@given(arrays(np.float32, st.tuples(st.integers(2, 6), st.integers(3, 6)), elements=FLOATS), st.data())
def test_csv_comes_back_with_its_labels(matrix, data):
    labels = data.draw(st.lists(WORDS, min_size=len(matrix), max_size=len(matrix)))
    frame = pd.DataFrame(matrix.astype(np.float64), columns=[f"d{i}" for i in range(matrix.shape[1])])
    frame.insert(0, "name", labels)
    back = opened(lambda path: frame.to_csv(path, index=False), "a.csv")
    assert np.array_equal(back.vectors, matrix)


@QUICK
@given(MATRICES, WORDS)
def test_safetensors_come_back(matrix, name):
    content = pack({name: entry("F32", list(matrix.shape), matrix.nbytes)}, matrix.tobytes())
    back = opened(lambda path: path.write_bytes(content), "a.safetensors")
    assert np.array_equal(back.vectors, matrix)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@QUICK
@given(st.lists(JSON, max_size=5), st.sampled_from([None, 1]))
def test_the_walk_through_json_sees_what_the_parser_sees(values, indent):
    text = json.dumps(values, indent=indent)
    assert list(elements(JsonText(text, "a"))) == values
    whole = {str(place): value for place, value in enumerate(values)}
    assert dict(members(JsonText(json.dumps(whole, indent=indent), "a"))) == whole
    assert not nested_too_deep(text.encode()) or "[" in text


@QUICK
@given(JSON)
def test_any_json_opens_or_is_refused_in_a_sentence(value):
    for name in ("a.json", "a.jsonl"):
        refused_or_opened(json.dumps(value).encode(), name)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=200) | st.text("0123456789.,;|\t\n\"'[]{}eE+-# nanif", max_size=200).map(str.encode),
    st.sampled_from(
        ["a.npy", "a.npz", "a.csv", "a.tsv", "a.txt", "a.parquet", "a.json", "a.jsonl", "a.safetensors", "a"]
    ),
)
def test_any_bytes_open_or_are_refused_in_a_sentence(content, name):
    refused_or_opened(content, name)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(AVAILABLE), st.data())
def test_any_change_to_a_good_file_opens_or_is_refused_in_a_sentence(name, data):
    with tempfile.TemporaryDirectory() as folder:
        path = EXAMPLES[name](Path(folder))
        file = largest_file(path)
        content = bytearray(file.read_bytes())
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(content) - 1))
            if data.draw(st.booleans()):
                content[place] = data.draw(st.integers(0, 255))
            else:
                del content[place : place + data.draw(st.integers(1, 30))]
            content = content or bytearray(b"x")
        file.write_bytes(bytes(content))
        within_bounds(path)


def refused_or_opened(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        within_bounds(path)


def within_bounds(path: Path) -> None:
    start = time.process_time()
    for call in (loaders.probe, loaders.load):
        try:
            call(path)
        except CartographyError as error:
            assert_is_a_sentence(error)
    assert time.process_time() - start < 10


NUMBERS = arrays(np.float32, st.tuples(st.integers(2, 8), st.integers(3, 6)), elements=FLOATS)
TOKENS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=9)


@QUICK
@given(NUMBERS, st.data(), st.booleans())
def test_word_vectors_come_back_with_their_words(matrix, data, counted):
    words = data.draw(st.lists(TOKENS, min_size=len(matrix), max_size=len(matrix), unique=True))
    lines = [
        " ".join([word, *map(repr, row)]) for word, row in zip(words, matrix.astype(float).tolist(), strict=True)
    ]
    head = [f"{matrix.shape[0]} {matrix.shape[1]}"] if counted else []
    back = opened(lambda path: path.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8"), "a.vec")
    if back.provenance["format"] != "Word vectors as text":
        return  # words that are all numbers, or in quotes, without a line of counts: a table
    assert np.array_equal(back.vectors, matrix)
    assert back.items["label"].tolist() == words


@QUICK
@given(NUMBERS, st.data(), st.sampled_from([b"", b"\n"]))
def test_binary_word_vectors_come_back_with_their_words(matrix, data, end):
    words = data.draw(st.lists(TOKENS, min_size=len(matrix), max_size=len(matrix), unique=True))
    rows = [word.encode() + b" " + row.tobytes() + end for word, row in zip(words, matrix, strict=True)]
    content = b"%d %d\n" % matrix.shape + b"".join(rows)
    try:
        back = opened(lambda path: path.write_bytes(content), "a.bin")
    except CartographyError:
        assert is_text(content[content.index(b"\n") + 1 :])  # numbers that happen to be the bytes of letters
        return
    if back.provenance["format"] == "word2vec binary":
        assert np.array_equal(back.vectors, matrix)
        assert back.items["label"].tolist() == words


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.binary(max_size=300), st.sampled_from(["a.vec", "a.bin", "a.kv", "a.faiss", "a.rds", "a.db", "a.zip"]))
def test_bytes_behind_a_sound_beginning_end_in_a_sentence(content, name):
    heads = {
        "a.vec": b"3 4\nw 1 2 3 4\n",
        "a.bin": b"3 4\n",
        "a.kv": b"\x80\x02cgensim.models.k\nK\n",
        "a.faiss": b"IxF2",
    }
    heads |= {"a.rds": b"X\n\0\0\0\x02\0\0\0\0\0\0\0\0", "a.db": b"SQLite format 3\0", "a.zip": b"PK\x03\x04"}
    try:
        opened(lambda path: path.write_bytes(heads[name] + content), name)
    except CartographyError as error:
        assert_is_a_sentence(error)
