"""`solve`: the answer on stdout as a table or as JSON, faults with their place on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from dashboard.cli import main
from tests.data import shared

WORDS = ("king", "queen", "man", "woman", "apple", "new york", "日本", "well")


@pytest.fixture
def words(tmp_path) -> Path:
    """Words whose first dimensions are royal, female and neither; the rest tells them apart a little."""
    vectors = np.zeros((len(WORDS), 12), np.float32)
    vectors[:4, :2] = [[1, 0], [1, 1], [0, 0], [0, 1]]
    vectors[:4, 2] = 1
    vectors[4:, 3] = 1
    vectors[np.arange(8), 4 + np.arange(8)] = 0.2
    path = tmp_path / "words.tsv"
    rows = ["\t".join(["word", *(f"dim_{i}" for i in range(12))])]
    rows += ["\t".join([word, *map(str, vector)]) for word, vector in zip(WORDS, vectors, strict=True)]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_it_prints_the_neighbours_the_inputs_and_the_evidence(words, capsys):
    assert main(["solve", str(words), "king-man  +woman", "--top", "2"]) == 0
    said = capsys.readouterr()
    formula, _, head, first, second, *rest = said.out.splitlines()
    assert formula == "king - man + woman"
    assert head.split()[:3] == ["rank", "name", "distance"]
    assert first.split()[:2] == ["1", "queen"]
    assert second.split()[0] == "2"
    left_out = next(line for line in rest if line.startswith("Left out: "))
    assert all(f"{word} (rank " in left_out for word in ("king", "man", "woman"))
    assert "random formulas" in rest[-1]
    assert "note: Vectors count with length 1." in said.err


def test_json_has_the_promised_keys_and_quiet_says_nothing_else(words, capsys):
    flags = ["--json", "--quiet", "--top", "3", "--seed", "4"]
    assert main(["solve", str(words), "king - man + woman", *flags]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    answer = json.loads(said.out)
    assert answer["schema"] == 1
    assert answer["formula"] == "king - man + woman"
    assert answer["neighbours"][0]["name"] == "queen"
    assert set(answer["neighbours"][0]) == {"id", "row", "name", "distance", "alone", "input"}
    assert set(answer["excluded"][0]) == {"id", "row", "name", "distance", "rank"}
    assert set(answer["evidence"]) == {"percentile", "random_formulas", "offset_norm", "vector_norm"}
    assert answer["notes"]
    assert main(["solve", str(words), "king - man + woman", *flags]) == 0
    assert json.loads(capsys.readouterr().out) == answer


def test_flags_reach_the_answer(words, capsys):
    def answer(*flags: str) -> dict:
        assert main(["solve", str(words), "king + woman", "--json", "--quiet", *flags]) == 0
        return json.loads(capsys.readouterr().out)

    assert not answer("--with-inputs")["excluded"]
    assert answer("--with-inputs")["neighbours"][0]["name"] in ("king", "woman", "queen")
    unit, raw, euclidean = answer(), answer("--raw"), answer("--metric", "euclidean")
    assert (unit["unit"], raw["unit"], euclidean["unit"]) == (True, False, False)
    assert euclidean["metric"] == "euclidean"
    assert raw["evidence"]["vector_norm"] > unit["evidence"]["vector_norm"]


@pytest.mark.parametrize(
    ("formula", "under"),
    [
        ("king - mna + woman", "       ^^^"),
        ("日本 - mna", "       ^^^"),
        ("king - (man", "       ^"),
        ("king -", "     ^"),
    ],
)
def test_a_fault_is_pointed_at(words, capsys, formula, under):
    assert main(["solve", str(words), formula, "--quiet"]) == 2
    said = capsys.readouterr()
    shown, marks, error, *_ = said.err.splitlines()
    assert shown == formula
    assert marks == under
    assert error.startswith("error: ")
    assert said.out == ""


@pytest.mark.parametrize(
    "arguments",
    [["king - king"], ["king", "--top", "0"], ["king", "--metric", "cosin"], ["king", "--seed", "-1"]],
)
def test_what_cannot_be_answered_is_refused_in_a_sentence(words, capsys, arguments):
    assert main(["solve", str(words), *arguments, "--quiet"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("error: ")
    assert not any("Traceback" in line for line in said)


def test_the_words_of_the_data_solve_as_listed(capsys):
    path = shared("words_dev") / "words_dev.txt"
    assert main(["solve", str(path), "king - man + woman", "--json", "--quiet"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["neighbours"][0]["id"] == "queen"
    assert answer["evidence"]["percentile"] > 50
