"""The panel of analogies and the command: what they say of made words, and what is drawn for a failure."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cartography.concepts import AnalogyResults, read_questions, solve_analogies
from cartography.pipeline import BuiltMap, build_map
from cartography.records import Recipe
from dashboard.cli import main
from dashboard.panels.formula.analogy_failures import (
    baseline_words,
    exclusion_words,
    failure_entries,
    failure_overlay,
    headline,
    sections_frame,
)
from tests.data import blobs

PATIENCE = 60
TEXT = """: near
item 0,item 4,item 8,item 12
: <i>far</i>
item 0,item 5,item 8,item 1
item 5,item 1,okra,item 2
"""


@cache
def built() -> BuiltMap:
    return build_map(blobs(300), Recipe(method="pca"))


@cache
def found() -> AnalogyResults:
    return solve_analogies(built().prepared, read_questions(TEXT))


def test_a_failure_is_drawn_with_what_was_expected_and_what_came():
    failures = found().failures()
    number, question = next((n, q) for n, q in failures.iterrows() if q["d"] == "item 1")
    assert question["section"] == "<i>far</i>"
    overlay = failure_overlay(built(), question, "add")
    first, expected, came = overlay.legs
    places = built().scene.coordinates
    assert np.allclose([first.start, first.end], places[[0, 5], :2])
    assert np.allclose([expected.start, expected.end], places[[8, 1], :2])
    assert np.allclose([came.start, came.end], places[[8, question["add_row"]], :2])
    assert [leg.label for leg in overlay.legs] == [
        "item 0 → item 5",
        "item 8 → item 1, expected",
        f"{question['add_answer']} came",
    ]
    assert overlay.ringed == (0, 5, 8, 1, question["add_row"])
    (entry,) = [entry for entry in failure_entries(failures, "add") if entry.row == number]
    assert entry.name == f"item 8 : {question['add_answer']}, not item 1"
    assert int(entry.value.replace(",", "")) == question["add_place"] > 1


def test_an_answer_that_is_the_input_c_has_no_arrow():
    question = found().questions.iloc[0].copy()
    question["add_with_inputs_row"] = question["c_row"]
    assert len(failure_overlay(built(), question, "add_with_inputs").legs) == 2


def test_the_table_turns_with_the_switch_and_the_baselines_are_said():
    whole = found().all
    assert sections_frame(found(), True)["3CosMul"].iloc[-1] == 100 * whole["mul"]
    assert sections_frame(found(), False)["3CosMul"].iloc[-1] == 100 * whole["mul_with_inputs"]
    assert sections_frame(found(), True)["left out"].tolist() == [0, 1, 1]
    assert "guessing among 300 items" in baseline_words(found())
    assert "If they may" in exclusion_words(found(), True)
    assert "may be the answer" in exclusion_words(found(), False)
    assert headline(found(), True).startswith("Of 2 questions, adding (3CosAdd) gets 0% right")


def page(read_only: bool) -> None:
    from cartography.pipeline import build_map as build
    from cartography.records import Recipe as Choices
    from dashboard.desk import Desk
    from dashboard.panels.formula.analogies import show_analogies
    from dashboard.settings import Settings as Started
    from dashboard.sources import Source as Files
    from dashboard.state import Session as Visit
    from dashboard.worlds import published
    from tests.data import blobs as data

    made = build(data(300), Choices(method="pca"))
    world, _ = published(made)
    show_analogies(Desk(Visit(Started(read_only=read_only), Files(("x",)), Choices()), made, world))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT, "Of 2 questions, adding (3CosAdd) gets"),
        ("<b>x</b> y", "&lt;b&gt;x&lt;/b&gt;"),
        ("a b c d", "The question does not name four of the 300 items"),
    ],
)
def test_typed_analogies_are_solved_or_refused(text, said):
    app = AppTest.from_function(page, args=(True,), default_timeout=PATIENCE).run()
    assert not app.get("file_uploader")
    app.text_area[0].set_value(text).run()
    assert not app.exception
    assert any(said in html.body for html in app.get("html"))


@pytest.fixture
def files(tmp_path) -> tuple[str, str]:
    data = blobs(300)
    table = pd.DataFrame(data.vectors, index=data.ids).add_prefix("dim_")
    table.rename_axis("id").to_csv(tmp_path / "words.csv")
    (tmp_path / "questions.txt").write_text(TEXT)
    return str(tmp_path / "words.csv"), str(tmp_path / "questions.txt")


def test_the_command_prints_a_table_or_json(files, capsys):
    assert main(["analogies", *files, "--id", "id", "--failures", "1"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines()[:4]] == ["section", "near", "<i>far</i>", "all"]
    assert "line 4: item 0 : item 5 = item 8 : item 1, but" in out or "line 2:" in out
    flags = ["--id", "id", "--json", "--failures", "9", "--most-words", "100", "--quiet"]
    assert main(["analogies", *files, *flags]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["candidates"], told["all"]["questions"], told["missing"]) == (1, 100, 2, ["okra"])
    assert told["all"]["add"] == pytest.approx(1 - len(told["failures"]) / 2)
    assert [section["section"] for section in told["sections"]] == ["near", "<i>far</i>"]


def test_bad_input_gives_two_and_one_sentence(files, tmp_path, capsys):
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe")
    (tmp_path / "folder").mkdir()
    for questions, n in (("bad.txt", "9"), ("none.txt", "9"), ("folder", "9"), ("questions.txt", "0")):
        assert main(["analogies", files[0], str(tmp_path / questions), "--quiet", "--most-words", n]) == 2
        assert capsys.readouterr().err.startswith("error: ")
