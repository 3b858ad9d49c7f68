"""Files of analogies: what is read from them, and what comes of them among real words and made ones."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

import loaders
from cartography.concepts import AnalogyResults, read_questions, solve_analogies
from cartography.concepts.analogies import questions as reading
from cartography.concepts.analogies import scoring
from cartography.errors import Cancelled, CartographyError, LoadError, ParameterError
from cartography.records import EmbeddingSet
from tests.data import shared

SETS = ("analogies_family", "analogies_capitals")


def expected() -> dict:
    return json.loads(shared("EXPECTED.json").read_text())["words_dev_minilm"]


def pairs(name: str) -> list[tuple[str, str]]:
    """The pairs of a set, read off the questions that it lists."""
    listed = [*expected()[name]["holds"], *expected()[name]["fails_examples"]]
    return list(dict.fromkeys(pair for a, b, c, d, *_ in listed for pair in ((a, b), (c, d))))


@cache
def text() -> str:
    lines = []
    for name in SETS:
        of = pairs(name)
        lines += [f": {name}", *(" ".join(first + second) for first in of for second in of if first != second)]
    return "\n".join(lines)


@cache
def words() -> EmbeddingSet:
    return loaders.load(shared("words_dev") / "words_dev.txt")


@cache
def solved() -> AnalogyResults:
    return solve_analogies(words(), read_questions(text()))


def made(n: int = 60, seed: int = 0, **columns: object) -> EmbeddingSet:
    vectors = np.random.default_rng(seed).normal(size=(n, 8)).astype(np.float32)
    return EmbeddingSet(vectors, pd.DataFrame(columns, index=[f"w{i}" for i in range(n)]))


def asked(rows: np.ndarray) -> str:
    return "\n".join(" ".join(f"w{row}" for row in question) for question in rows)


def by_hand(vectors: np.ndarray, question: tuple[int, int, int, int], method: str, inputs: bool) -> tuple[int, int]:
    """The answer to one question and the place of d, item by item."""
    units = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float64)
    a, b, c, d = question
    near = [(1 + units @ units[word]) / 2 for word in (a, b, c)]
    scores = {
        "add": units @ (units[b] - units[a] + units[c]),
        "mul": near[1] * near[2] / (near[0] + 0.001),
        "only_b": near[1],
        "only_c": near[2],
    }[method]
    order = [row for row in np.argsort(-scores, kind="stable").tolist() if inputs or row not in (a, b, c)]
    return order[0], order.index(d) + 1 if d in order else 0


def test_real_words_give_what_was_measured_elsewhere():
    table = solved().sections.set_index("section")
    for name in SETS:
        known = expected()[name]
        assert table.loc[name, "questions"] == known["n"]
        assert round(table.loc[name, "add"] * known["n"]) == known["top1"]
        right = solved().questions.query("section == @name and add_right")
        assert set(map(tuple, known["holds"])) <= set(right[list("abcd")].itertuples(index=False, name=None))
        wrong = solved().failures(section=name).set_index(list("abcd"))["add_answer"]
        for *question, nearest in known["fails_examples"]:
            assert wrong[tuple(question)] == nearest[0]


def test_without_exclusion_the_answers_are_mostly_inputs():
    whole = solved().all
    assert whole["add"] > 0.85 and whole["add_with_inputs"] < 0.35
    table = solved().questions
    wrong = table[~table["add_with_inputs_right"]]
    among = (wrong[["a_row", "b_row", "c_row"]].to_numpy() == wrong[["add_with_inputs_row"]].to_numpy()).any(axis=1)
    assert among.mean() > 0.9


def test_the_baselines_stand_between_chance_and_the_methods():
    whole = solved().all
    assert whole["chance"] == pytest.approx(1 / (len(words()) - 3))
    assert whole["chance"] < whole["only_b"] < whole["only_c"] < whole["add"] <= whole["add_top5"]


@pytest.mark.parametrize("blocks", [(8_192, 1_024), (16, 9)])
def test_every_way_agrees_with_a_loop(monkeypatch, blocks):
    monkeypatch.setattr(scoring, "_ITEMS", blocks[0])
    monkeypatch.setattr(scoring, "_WORDS", blocks[1])
    monkeypatch.setattr(scoring, "_SCORES", 16 * blocks[1])
    rows = np.random.default_rng(1).integers(0, 60, (80, 4))  # some of them with the same word twice
    data = made()
    table = solve_analogies(data, read_questions(asked(rows))).questions
    for way, method, inputs in [
        ("add", "add", False),
        ("mul", "mul", False),
        ("only_c", "only_c", False),
        ("only_b", "only_b", False),
        ("add_with_inputs", "add", True),
        ("mul_with_inputs", "mul", True),
    ]:
        truth = [by_hand(data.vectors, tuple(question), method, inputs) for question in rows.tolist()]
        assert table[f"{way}_row"].tolist() == [answer for answer, _ in truth]
        assert table[f"{way}_place"].tolist() == [place for _, place in truth]
        assert table[f"{way}_right"].tolist() == [place == 1 for _, place in truth]


def test_planted_analogies_are_found_and_shuffled_ones_are_not():
    rng = np.random.default_rng(3)
    things = rng.normal(size=(30, 40))
    vectors = np.vstack([things, things + rng.normal(size=40), rng.normal(size=(200, 40))])
    data = EmbeddingSet(vectors.astype(np.float32), pd.DataFrame(index=[f"w{i}" for i in range(260)]))
    planted = np.array([(a, a + 30, c, c + 30) for a in range(30) for c in range(30) if a != c])
    shuffled = planted.copy()
    shuffled[:, 3] = rng.permutation(shuffled[:, 3])
    found = solve_analogies(data, read_questions(f": planted\n{asked(planted)}\n: shuffled\n{asked(shuffled)}"))
    assert found.sections["mul"].tolist()[:2] == pytest.approx([1, 0.03], abs=0.04)


def test_what_is_the_same_for_all_is_no_answer():
    """Equal items come in their order, so a space that has collapsed answers nothing but its first item."""
    data = EmbeddingSet(np.ones((50, 4), np.float32), pd.DataFrame(index=[f"w{i}" for i in range(50)]))
    table = solve_analogies(data, read_questions("w1 w2 w3 w4\nw1 w2 w3 w0\nw1 w2 w3 w49")).questions
    assert table["add_place"].tolist() == [2, 1, 47]
    assert table["add_answer"].tolist() == ["w0", "w0", "w0"]


def test_the_same_questions_get_the_same_answers():
    again = solve_analogies(words(), read_questions(text()))
    pd.testing.assert_frame_equal(again.questions, solved().questions)
    pd.testing.assert_frame_equal(again.sections, solved().sections)


def test_words_that_are_not_here_are_left_out_and_counted_by_section():
    questions = read_questions(
        ": first\nw1 w2 w3 w4\nw1 w2 okra w4\n: second\nw1 okra w2 zaire\n: third\nw5 w6 w7 w8"
    )
    found = solve_analogies(made(), questions)
    assert found.sections[["questions", "left_out"]].to_numpy().tolist() == [[1, 1], [0, 1], [1, 0], [2, 2]]
    assert np.isnan(found.sections["add"][1])
    assert found.missing == ("okra", "zaire")
    assert "2 of 4 questions name words that are not here: 'okra', 'zaire'." in found.notes
    with pytest.raises(ParameterError, match="None of the 2 questions names four of the 60 items"):
        solve_analogies(made(), read_questions("a b c d\ne f g h"))


def test_titles_and_other_spellings_name_items_too():
    data = made(4, name=["New York", "USA", "Paris", "France"])
    found = solve_analogies(data, read_questions("new york\tusa\tParis\tfrance"))
    assert found.questions["d_row"].tolist() == [3]
    assert found.questions["d"][0] == "france" and found.questions["add_answer"][0] == "France"
    assert any("3 words found in another spelling" in note for note in found.notes)


def test_the_first_so_many_words_are_all_there_is():
    found = solve_analogies(made(), read_questions("w1 w2 w3 w4\nw1 w2 w3 w40"), most_words=20)
    assert (found.candidates, len(found.questions)) == (20, 1)
    assert any("Only the first 20 of 60 items" in note for note in found.notes)
    same = solve_analogies(made().take(range(20)), read_questions("w1 w2 w3 w4"))
    assert same.questions["mul_place"].tolist() == found.questions["mul_place"].tolist()


def test_what_was_asked_can_be_stopped():
    def stop(event):
        raise Cancelled

    with pytest.raises(Cancelled):
        solve_analogies(made(), read_questions("w1 w2 w3 w4"), progress=stop)


@pytest.mark.parametrize(
    ("line", "four"),
    [
        ("man woman king queen", ("man", "woman", "king", "queen")),
        ("  man\twoman\tking\tqueen ", ("man", "woman", "king", "queen")),
        ("New York\tUSA\tParis\tFrance", ("New York", "USA", "Paris", "France")),
        ('"Washington, DC", USA, Paris, France', ("Washington, DC", "USA", "Paris", "France")),
        ("paris, france, rome, italy", ("paris", "france", "rome", "italy")),
        ("item 5,item 1,okra,item 2", ("item 5", "item 1", "okra", "item 2")),
        ("1,000 2,000 3,000 4,000", ("1,000", "2,000", "3,000", "4,000")),
    ],
)
def test_a_question_in_every_form(line, four):
    found = read_questions(f"// a comment\n\n# another\n: a section: of my own\r\n{line}\r\n")
    assert found.words == (four,)
    assert found.sections == ("a section: of my own",)
    assert found.lines == (5,)


def test_what_is_no_question_is_counted_and_the_first_is_told():
    found = read_questions("a b c d\na b c\n: s\na b c d e\nNew York\tUSA\tParis\nNew York, USA, Paris\na b c d")
    assert (len(found), found.skipped) == (2, 4)
    assert found.notes[0] == "Passed over: 4 lines without four words; the first is line 2: a b c"
    assert found.notes[1] == "1 question came before; each counts as often as it comes."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it says nothing"),
        (b": only a section\n", "it says nothing"),
        (b"\x89PNG\r\n\x1a\n\x00", "no UTF-8 text: byte 1 "),
        (b"a b c d\n\x00\x00", "zero bytes"),
        ("a b c caf\u00e9".encode("latin-1"), "byte 10 "),
        (b"x" * 3_000_000, "no line has four words"),
        (b"a b c d " * 100_000, "no line has four words"),
        (b"a " * 10_000_001, "at most 20,000,000"),
        (b"<html>\n<body>", "line 1 is '<html>'"),
        (b"\n" * 1_000_001, "more than 1,000,000 lines"),
        (b'"a, b, c, d', "no line has four words"),
    ],
)
def test_hostile_files_get_one_sentence(tmp_path, content, says):
    path = tmp_path / "questions.txt"
    path.write_bytes(content)
    with pytest.raises(LoadError, match=says) as raised:
        read_questions(path)
    assert "\n" not in raised.value.sentence and len(raised.value.message) < 200


def test_paths_that_hold_nothing_and_sets_that_are_too_large(tmp_path, monkeypatch):
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(CartographyError):
            read_questions(path)
    monkeypatch.setattr(reading, "MOST_QUESTIONS", 3)
    with pytest.raises(LoadError, match="more than 3 analogies"):
        read_questions("a b c d\n" * 4)
