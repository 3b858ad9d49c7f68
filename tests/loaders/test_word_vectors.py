"""Word vectors: word2vec text and binary, GloVe, fastText text and models."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest

import loaders
from cartography.errors import Cancelled, LoadError
from loaders.words.binary_scan import _BLOCK
from tests.loaders.examples import EXAMPLES, VECTORS, WORDS, fasttext, gensim_pickle
from tests.loaders.made import said, table, vectors, write

X = VECTORS


def text(words: list[str] = WORDS, rows: np.ndarray = X) -> str:
    return table(rows, " ", words)


def binary(words: list[bytes], rows: np.ndarray, end: bytes = b"", head: str | None = None) -> bytes:
    first = head or f"{len(words)} {rows.shape[1]}\n"
    return first.encode() + b"".join(word + b" " + row.tobytes() + end for word, row in zip(words, rows, strict=True))


@pytest.mark.parametrize("head", ["", "12 5\n", "\ufeff12 5\n"])
@pytest.mark.parametrize("end", ["\n", " \n", "\r\n", "\n\n"])
@pytest.mark.parametrize("name", ["a.vec", "a.txt", "a", "a.pkl"])
def test_text_with_counts_or_without(tmp_path, head, end, name):
    path = write(tmp_path, name, head + text().replace("\n", end))
    embeddings = loaders.load(path)
    assert embeddings.provenance["format"] == "Word vectors as text"
    assert np.array_equal(embeddings.vectors, X)
    assert embeddings.ids.tolist() == WORDS
    assert loaders.probe(path)[0].shape == X.shape


def test_words_may_hold_spaces_quotes_and_anything_else(tmp_path):
    words = ["at name@domain.com", ". . .", '"', "'", "#", "1", "-2.5", "a\u00a0b", "1 2 3", "\u2028", "x,y", "N/A"]
    embeddings = loaders.load(write(tmp_path, "glove.txt", text(words)))
    assert embeddings.ids.tolist() == words
    assert np.array_equal(embeddings.vectors, X)


def test_numbers_with_exponents_and_missing_ones(tmp_path):
    lines = ["a 1e-3 2.5E2 -0 7", "b nan 1 2 3", "c 1 inf 2 3", "d 1 2 3 4"]
    embeddings = loaders.load(write(tmp_path, "a.vec", "\n".join(lines)))
    assert embeddings.ids.tolist() == ["a", "d"]
    assert np.allclose(embeddings.vectors, [[1e-3, 250, 0, 7], [1, 2, 3, 4]])
    assert said(embeddings, "2 of 4 rows")


def test_a_short_and_a_broken_line_are_left_out_and_named(tmp_path):
    lines = text().splitlines()
    lines[4] = "short 1 2"
    lines[7] = "broken 1 2 x 4 5"
    embeddings = loaders.load(write(tmp_path, "a.vec", "12 5\n" + "\n".join(lines)))
    assert len(embeddings) == 10
    assert said(embeddings, "2 without 5 numbers behind the word (first row 4")
    with pytest.raises(LoadError, match="first row 4"):
        loaders.load(tmp_path / "a.vec", keep="error")


def test_counts_that_are_wrong_are_said(tmp_path):
    assert said(loaders.load(write(tmp_path, "a.vec", "99 5\n" + text())), "promises 99 words, but 12 are there")
    assert said(loaders.load(write(tmp_path, "b.vec", "3 5\n" + text())), "promises 3 words, but 12 are there")
    huge = loaders.load(write(tmp_path, "c.vec", "999999999999 5\n" + text()))
    assert len(huge) == 12


def test_repeated_words_are_numbered_and_other_encodings_are_read(tmp_path):
    words = [*WORDS[:10], "word0", "é"]
    path = write(tmp_path, "a.vec", text(words), "cp1252")
    embeddings = loaders.load(path)
    assert embeddings.ids[10] == "word0 (2)"
    assert said(embeddings, "One word is not in the expected encoding")
    assert loaders.load(path, encoding="cp1252").ids[-1] == "é"


def test_packed_text_and_a_sample_of_it(tmp_path):
    path = write(tmp_path, "a.vec.gz", gzip.compress(text().encode()))
    assert np.array_equal(loaders.load(path).vectors, X)
    part = loaders.load(path, sample=4)
    assert len(part) == 4
    assert set(part.ids) < set(WORDS)


def test_blocks_make_no_difference(tmp_path, monkeypatch):
    rows = vectors(3000, 7)
    words = [f"w {i}" if i % 100 == 0 else f"w{i}" for i in range(3000)]
    path = write(tmp_path, "a.vec", text(words, rows))
    whole = loaders.load(path)
    monkeypatch.setattr("loaders.words.text_blocks._SIZE", 1000)
    assert loaders.load(path).fingerprint == whole.fingerprint
    assert np.array_equal(whole.vectors, rows)


@pytest.mark.parametrize(
    "content",
    [
        "id a b c\na 1 2 3\nb 4 5 6\n",  # a table with a header
        "a\t1\t2\t3\nb\t4\t5\t6\n",
        '"New York" 1 2 3\n"Los Angeles" 4 5 6\n',
    ],
)
def test_tables_stay_tables(tmp_path, content):
    embeddings = loaders.load(write(tmp_path, "a.txt", content))
    assert embeddings.provenance["format"] == "Text table"
    assert embeddings.vectors.tolist() == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_binary_with_and_without_line_ends(tmp_path, end):
    words = [word.encode() for word in WORDS]
    words[3] = "日本".encode()
    embeddings = loaders.load(write(tmp_path, "a.bin", binary(words, X, end)))
    assert np.array_equal(embeddings.vectors, X)
    assert embeddings.ids[3] == "日本"


def test_binary_in_small_blocks_and_packed(tmp_path, monkeypatch):
    rows = vectors(2000, 6)
    words = [b"w" * (1 + i % 40) + b"%d" % i for i in range(2000)]
    data = binary(words, rows, b"\n")
    monkeypatch.setattr("loaders.words.binary_scan._BLOCK", 100)
    for name, content in (("a.bin", data), ("a.bin.gz", gzip.compress(data))):
        embeddings = loaders.load(write(tmp_path, name, content))
        assert np.array_equal(embeddings.vectors, rows)
        assert embeddings.ids[-1] == words[-1].decode()
    assert _BLOCK > 1 << 20


def test_a_binary_file_cut_short_says_where(tmp_path):
    data = binary([word.encode() for word in WORDS], X)
    path = write(tmp_path, "a.bin", data[:-3])
    with pytest.raises(LoadError, match=f"ends at byte {len(data) - 3:,}, within the vector of 'word11', word 12"):
        loaders.load(path)


def test_counts_that_lie_in_a_binary_file_are_told(tmp_path):
    data = binary([b"a", b"b"], vectors(2, 4), head="2000000 300\n")
    with pytest.raises(LoadError, match="promises 2,000,000 words of 300 dimensions"):
        loaders.probe(write(tmp_path, "a.bin", data))


def test_a_fasttext_model_gives_the_mean_of_word_and_ngrams(tmp_path):
    rows = vectors(2 + 10, 4)
    model = fasttext([b"ab", "日".encode()], rows, {"bucket": 10, "minn": 3, "maxn": 3})
    embeddings = loaders.load(write(tmp_path, "a.bin", model))
    assert embeddings.ids.tolist() == ["ab", "日"]
    expected = np.mean([rows[0], rows[2 + fnv(b"<ab") % 10], rows[2 + fnv(b"ab>") % 10]], axis=0)
    assert np.allclose(embeddings.vectors[0], expected)
    assert np.allclose(embeddings.vectors[1], (rows[1] + rows[2 + fnv("<日>".encode()) % 10]) / 2)
    own = loaders.load(tmp_path / "a.bin", key="input matrix")
    assert np.array_equal(own.vectors, rows[:2])
    assert said(own, "10 rows for character n-grams are not shown")
    assert embeddings.items["count"].tolist() == [7, 7]


def fnv(data: bytes) -> int:
    """FNV-1a over 32 bits with signed bytes, as an int8 in C."""
    value = 2166136261
    for byte in struct.unpack(f"{len(data)}b", data):
        value = ((value ^ (byte & 0xFFFFFFFF)) * 16777619) & 0xFFFFFFFF
    return value


def test_a_classifier_leaves_its_labels_out_and_says_so(tmp_path):
    embeddings = loaders.load(write(tmp_path, "a.bin", fasttext([b"a", b"b"], vectors(2, 4), {"labels": 3})))
    assert len(embeddings) == 2
    assert said(embeddings, "3 labels of the classifier")


@pytest.mark.parametrize(
    ("settings", "part"), [({"version": 9}, "version 9"), ({"quantised": 1}, "quantised"), ({"labels": -1}, "claims")]
)
def test_models_that_cannot_be_read_are_told(tmp_path, settings, part):
    data = fasttext([b"a", b"b"], vectors(2, 4), settings if settings != {"labels": -1} else None)
    if settings == {"labels": -1}:
        data = data[:64] + struct.pack("<3i", 2**31 - 1, 2**31 - 1, 0) + data[76:]
    with pytest.raises(LoadError, match=part):
        loaders.load(write(tmp_path, "a.bin", data))


def test_reading_can_be_stopped(tmp_path):
    def stop(_event):
        raise Cancelled

    words = [word.encode() for word in WORDS]
    for name, content in (("a.vec", text().encode()), ("b.bin", binary(words, X)), ("c.bin", fasttext(words, X))):
        with pytest.raises(Cancelled):
            loaders.load(write(tmp_path, name, content), progress=stop)


def test_gensim_gives_the_words_in_the_order_of_the_rows(tmp_path):
    path = EXAMPLES["gensim"](tmp_path)
    embeddings = loaders.load(path)
    assert embeddings.ids.tolist() == WORDS
    assert np.array_equal(embeddings.vectors, X)
    assert np.array_equal(loaders.load([path, tmp_path / "example.kv.vectors.npy"]).vectors, X)
    assert loaders.load(tmp_path).ids.tolist() == WORDS
    (tmp_path / "example.kv.vectors.npy").unlink()
    with pytest.raises(LoadError, match=r"example.kv.vectors.npy, which is not beside it"):
        loaders.load(path)


def test_gensim_as_gensim_saves_it(tmp_path):
    gensim = pytest.importorskip("gensim")
    keyed = gensim.models.KeyedVectors(5)
    keyed.add_vectors(WORDS, X)
    model = gensim.models.Word2Vec([WORDS], vector_size=5, min_count=1)
    for place, (saved, inner) in enumerate([(keyed, keyed), (model, model.wv)]):
        for how in ({}, {"sep_limit": 0}, {"pickle_protocol": 2}, {"pickle_protocol": 5}):
            path = tmp_path / f"{place}.model"
            saved.save(str(path), **how)
            embeddings = loaders.load(path)
            assert embeddings.ids.tolist() == inner.index_to_key
            assert np.array_equal(embeddings.vectors, inner.vectors)


def test_a_pickle_that_only_begins_like_gensim_runs_nothing(tmp_path):
    trap = tmp_path / "executed"
    call = b"cposix\nsystem\n(X" + struct.pack("<I", len(f"touch {trap}")) + f"touch {trap}".encode() + b"tR0"
    data = gensim_pickle(WORDS)
    with pytest.raises(LoadError, match=r"mentions posix\.system"):
        loaders.load(write(tmp_path, "a.kv", data[:2] + b"cgensim.models.keyedvectors\nX\n0" + call + data[2:]))
    assert not trap.exists()
