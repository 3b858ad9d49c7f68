"""The formula bar: where an item goes into the text, when that is complete, and what it tells Python."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import dashboard.panels.formula.bar as bar
from dashboard.panels.formula.asked import (
    LONGEST,
    Asked,
    ask_again,
    asked,
    draft,
    drop,
    history,
    orders,
    put_in,
    take,
)

TEXT = Path(bar.__file__).with_name("formula_text.js")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """told("f(1)") -> what the browser's functions for the text of a formula return."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node not found: the browser test types and clicks as well")
    copy = tmp_path_factory.mktemp("bar") / "formula_text.mjs"
    copy.write_text(TEXT.read_text(encoding="utf-8"), encoding="utf-8")

    def run(*calls: str) -> list[object]:
        asked_for = ", ".join(f"bar.{one}" for one in calls)
        script = f'import * as bar from "{copy}"; console.log(JSON.stringify([{asked_for}]));'
        done = subprocess.run([node, "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("|", "queen|"),
        ("king|", "king + queen|"),
        ("king |", "king + queen|"),
        ("king -|", "king - queen|"),
        ("king - |", "king - queen|"),
        ("king - (|", "king - (queen|"),
        ("king - (man|", "king - (man + queen|"),
        ("king - (man)|", "king - (man) + queen|"),
        ("mean(cat|", "mean(cat, queen|"),
        ("mean(cat, |", "mean(cat, queen|"),
        ("mean((cat - dog)|", "mean((cat - dog), queen|"),
        ("mean((cat|", "mean((cat + queen|"),
        ("0.7|", "0.7 * queen|"),
        ("0.7*|", "0.7* queen|"),
        ("paris/2|", "paris/2 + queen|"),
        ("ki|ng - man", "king + queen| - man"),
        ("| king", "queen| + king"),
        ("king |- man", "king + queen| - man"),
        ("king - [man] + woman", "king - queen| + woman"),
        ("[king]", "queen|"),
        ('"new york"|', '"new york" + queen|'),
        ('king - "new y|', "king - queen|"),
    ],
)
def test_an_item_clicked_goes_in_where_it_fits(told, before, after):
    start, end = (before.index("["), before.index("]") - 1) if "[" in before else (before.index("|"),) * 2
    text = before.translate({ord(mark): None for mark in "[]|"})
    (found,) = told(f"inserted({json.dumps(text)}, {start}, {end}, 'queen')")
    assert found["text"][: found["cursor"]] + "|" + found["text"][found["cursor"] :] == after


def test_only_what_can_be_solved_is_submitted_by_itself(told):
    complete = ["king", "king - man + woman", "mean(cat, dog)", '0.7*"new york"', "#town - (a + b)"]
    open_ = ["", "king -", "mean(cat", '"new york', "(a + b", "a + b)", "mean(cat,", "2 *"]
    found = told(*(f"isComplete({json.dumps(text)})" for text in complete + open_))
    assert found == [True] * len(complete) + [False] * len(open_)


def test_only_a_group_of_this_visit_that_is_begun_is_completed_without_the_server(told):
    own = {"@my words": '@"my words"', "@selection": "@selection"}
    groups = json.dumps([{"insert": insert, "shown": shown} for shown, insert in own.items()])
    some, all_, none, address = told(
        f"mentioned('king - @sel', 11, {groups}, 8)",
        f"mentioned('@', 1, {groups}, 8)",
        f"mentioned('king - man', 10, {groups}, 8)",
        f"mentioned('me@words', 8, {groups}, 8)",
    )
    assert (some["start"], some["end"], [one["insert"] for one in some["suggestions"]]) == (7, 11, ["@selection"])
    assert len(all_["suggestions"]) == 2
    assert none is None
    assert address is None


def test_places_are_counted_as_python_does(told):
    text = "a😀b - c"
    assert told(f"charactersIn({json.dumps(text)}, 4)", f"unitsIn({json.dumps(text)}, 3)") == [3, 4]


def test_the_two_files_are_one_module():
    code = bar.bar_code()
    assert "import " not in code
    assert code.count("export default") == code.count("export ") == 1


def desk_of(lit: np.ndarray | None = None) -> SimpleNamespace:
    return SimpleNamespace(visit=SimpleNamespace(kept={}), lit=lit, says="in the lasso")


def test_an_item_is_put_in_once_and_each_click_counts():
    desk = desk_of()
    put_in(desk.visit, "king")
    put_in(desk.visit, "man")
    assert [order.as_json() for order in orders(desk.visit)] == [
        {"number": 1, "insert": "king"},
        {"number": 2, "insert": "man"},
    ]
    take(desk, {"text": "king", "taken": 1}, ask=False)
    assert [order.insert for order in orders(desk.visit)] == ["man"]
    take(desk, {"text": "king + man", "taken": 2}, ask=True)
    assert not orders(desk.visit)
    assert (draft(desk.visit).text, asked(desk.visit)) == ("king + man", Asked("king + man"))


def test_the_latest_formulas_are_remembered_each_once():
    desk = desk_of()
    for number in [*range(30), 25]:
        take(desk, {"text": f"item {number}", "taken": 0}, ask=True)
    assert [one.text for one in history(desk.visit)][:3] == ["item 25", "item 29", "item 28"]
    assert len(history(desk.visit)) == 20
    ask_again(desk, history(desk.visit)[5])
    assert history(desk.visit)[0] == asked(desk.visit) == Asked("item 24")
    assert orders(desk.visit)[-1].write == draft(desk.visit).text == "item 24"


def test_the_selection_of_a_formula_is_the_one_at_that_time():
    desk = desk_of(np.array([True, False, True]))
    take(desk, {"text": "@selection - a", "taken": 0}, ask=True)
    kept = asked(desk.visit).selection
    assert (kept.count, kept.says) == (2, "in the lasso")
    desk.lit = None
    ask_again(desk, asked(desk.visit))
    assert asked(desk.visit).selection == kept


@pytest.mark.parametrize(
    "given",
    [None, "king", {}, {"text": 5}, {"text": "\ud800"}, {"text": "a" * (LONGEST + 1)}, {"text": "  ", "taken": True}],
)
def test_what_is_malformed_asks_nothing(given):
    desk = desk_of()
    take(desk, given, ask=True)
    assert asked(desk.visit) is None
    assert draft(desk.visit).taken == 0


def test_what_cannot_be_read_is_no_formula_to_ask_again():
    visit = SimpleNamespace(kept={})
    desk = SimpleNamespace(visit=visit, lit=None)
    for text in ("king - man", "king - mann"):
        take(desk, {"text": text, "taken": 0}, ask=True)
    drop(visit, "king - mann")
    assert [one.text for one in history(visit)] == ["king - man"]
    assert asked(visit).text == "king - mann"
