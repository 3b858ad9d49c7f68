"""Searches find what people mean, say what is missing while they type, and cannot be made to hang."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

import loaders
from cartography.inspection.searching.search import Query, order, search
from cartography.inspection.searching.texts import texts_of
from tests.data import ROOT, embedding_set, shared


@pytest.fixture(scope="module")
def cars():
    return loaders.load(ROOT / "examples" / "car_land.parquet")


@pytest.fixture(scope="module")
def made():
    """Texts of many scripts, missing cells, dates, and ids that are found in other ids."""
    days = ["1975-01-01", "1975-12-31 23:59", None, "1976-01-01", "1999-06-15", "1975-06-30"]
    items = {
        "name": ["Zürich am See", "ÉMIGRÉ café", None, "東京 tower", "see Zürich", "a\nb (c) [d] \\ .*"],
        "when": pd.to_datetime(days, format="mixed"),
        "size": [1.5, np.nan, 3000, -4, 12, 1e12],
        "kind": ["x, y", "x", None, "X", "y", "z and w"],
        "done": [True, False, True, True, False, False],
    }
    return embedding_set(np.eye(6), **items)


def rows(embeddings, text, **options):
    found = search(embeddings, Query(text, **options))
    assert not found.problem, found.problem
    assert found.count == found.mask.sum()
    return np.flatnonzero(found.mask).tolist()


def problem(embeddings, text, **options):
    found = search(embeddings, Query(text, **options))
    assert found.count == 0
    assert found.problem
    return found.problem


def test_words_are_found_in_any_column_and_order_whatever_their_case(made):
    assert rows(made, "zürich") == rows(made, "ZÜRICH see") == rows(made, "see züri") == [0, 4]
    assert rows(made, "émigré") == rows(made, "Émigré CAFÉ") == [1]
    assert rows(made, "京 TOW") == [3]
    assert rows(made, '"see Zürich"') == rows(made, '"see zürich') == [4]
    assert rows(made, "(c) [d] \\ .*") == rows(made, ".*") == [5]
    assert rows(made, "nowhere") == []


def test_words_against_pandas_on_real_cars(cars):
    items = cars.items
    everything = items[["Name", "Origin", "description", "brand"]].agg("\n".join, axis=1).str.lower()
    for text in ("ford", "malibu", "powerful engine", "usa ford"):
        expected = np.logical_and.reduce([everything.str.contains(word) for word in text.split()])
        assert rows(cars, text) == np.flatnonzero(expected).tolist()
        assert rows(cars, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Weight_in_lbs > 3000", "Weight_in_lbs > 3000"),
        ("weight_in_lbs<=3,000", "Weight_in_lbs <= 3000"),
        ("weight > 3000", "Weight_in_lbs > 3000"),
        ("Year >= 1975", "Year >= 1975"),
        ("Miles_per_Gallon < 15", "Miles_per_Gallon < 15"),
        ("Cylinders = 8", "Cylinders == 8"),
        ("Horsepower != 150", "Horsepower != 150 and Horsepower == Horsepower"),
        ("Weight_in_lbs 2000..3000", "2000 <= Weight_in_lbs <= 3000"),
        ("Weight_in_lbs = 2000..", "Weight_in_lbs >= 2000"),
        ("Weight_in_lbs: ..2000", "Weight_in_lbs <= 2000"),
        ("Origin = japan", "Origin == 'Japan'"),
        ("origin = Japan|EUROPE", "Origin in ['Japan', 'Europe']"),
        ("Origin != USA", "Origin != 'USA'"),
        ("Name = ford pinto", "Name == 'ford pinto'"),
        ("Name: pinto", "Name.str.contains('pinto')"),
        ("brand = ford, Weight_in_lbs > 4,000 and Cylinders=8", "brand == 'ford' and Weight_in_lbs > 4000"),
        ("ford Weight_in_lbs>4000", "brand == 'ford' and Weight_in_lbs > 4000"),
        ("#17", "index == '17'"),
    ],
)
def test_comparisons_agree_with_pandas(cars, text, expected):
    items = cars.items.assign(row=range(len(cars)))
    wanted = items.query(expected, engine="python")["row"].tolist()
    assert 0 < len(wanted) < len(cars)
    assert rows(cars, text) == wanted


def test_dates_stand_for_all_of_their_year_month_or_day(made):
    assert rows(made, "when = 1975") == [0, 1, 5]
    assert rows(made, "when > 1975") == [3, 4]
    assert rows(made, "when >= 1975-06-30") == [1, 3, 4, 5]
    assert rows(made, "when < 1975-12-31") == [0, 5]
    assert rows(made, "when 1975-06..1975-12") == [1, 5]
    assert rows(made, "when != 1975") == [3, 4]


def test_an_item_without_a_value_fulfils_no_comparison(made):
    assert 1 not in rows(made, "size < 1e20") + rows(made, "size != 5")
    assert 2 not in rows(made, "name != x") + rows(made, "kind != x") + rows(made, "when != 1990")


def test_commas_join_only_beside_comparisons(made):
    assert rows(made, "x, y") == [0]
    assert rows(made, "z and w") == [5]
    assert rows(made, "kind: x, size > 0") == [0]
    assert rows(made, 'kind = "x, y"') == [0]


@pytest.mark.parametrize("text", ["", "  ", '"', '""'])
def test_nothing_asked_finds_nothing_and_is_not_wrong(cars, text):
    assert rows(cars, text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Weight_in_lbs >", "Weight_in_lbs > what?"),
        ("Weight_in_lbs > heavy", "'heavy' is not a number"),
        ("Weight_in_lbs > nan", "is not a number"),
        ("Weight_in_lbs 3000..2000", "backwards"),
        ("Weight_in_lbs > 3000 Origin = Japan", "comma"),
        ("Wieght_in_lbs > 3000", "Did you mean 'Weight_in_lbs'?"),
        ("origine = Japan", "Did you mean 'Origin'?"),
        ("Origin > Japan", "Origin = Japan"),
        ("Origin =", "Origin = what?"),
        ("#", "Which id?"),
    ],
)
def test_what_is_wrong_is_said(cars, text, said):
    assert said in problem(cars, text)


def test_every_beginning_of_a_query_is_answered(cars, made):
    for text in (
        'Name: "ford p", Weight_in_lbs >= 2,000..3,000 and #1',
        "when>=1975-12-31T23:59:59..x | (",
        "size!=-1e9",
    ):
        for end in range(len(text) + 1):
            for embeddings in (cars, made):
                for regex in (False, True):
                    found = search(embeddings, Query(text[:end], regex=regex))
                    assert found.mask.shape == (len(embeddings),)


@pytest.mark.parametrize("text", ["(", "[a-", "*", "a{2000}", "(?=x)", "\\1", "((a{100}){100}){100}", "\\", "(?<n"])
def test_a_wrong_pattern_is_one_sentence(cars, text):
    said = problem(cars, text, regex=True)
    assert len(said) < 200
    assert "\n" not in said


def test_patterns_match_in_texts_whatever_the_case(cars):
    expected = cars.items["Name"].str.contains(r"^(?:ford|CHEV\w+) .*\d{3}$", case=False)
    assert (
        rows(cars, r"^(?:ford|CHEV\w+) .*\d{3}$", regex=True, columns=("Name",)) == np.flatnonzero(expected).tolist()
    )
    assert expected.any()


@pytest.mark.parametrize("text", ["(a+)+$", "(a|aa)+$", "(.*a){25}$", "([a-z]+)*$", "(a?){50}a{50}$"])
def test_no_pattern_takes_for_ever(text):
    hostile = embedding_set(np.ones((3, 2)), text=["a" * 30_000 + "!", "b", "a"])
    begun = time.process_time()
    found = search(hostile, Query(text, regex=True))
    assert all(found.snippet(row) for row in np.flatnonzero(found.mask))
    assert time.process_time() - begun < 5


def test_columns_can_be_chosen_and_a_wrong_choice_is_said(cars):
    assert rows(cars, "usa", columns=("Name",)) == []
    assert len(rows(cars, "usa", columns=("Origin",))) == 254
    assert "Weight_in_lbs" in problem(cars, "3", columns=("Weight_in_lbs",))
    assert "nothing" in problem(cars, "3", columns=("nothing",))


def test_numbers_that_are_names_are_found_whole():
    made = embedding_set(np.ones((12, 2)), cylinders=[8, 4, 6] * 4)
    assert rows(made, "8", columns=("cylinders",)) == [0, 3, 6, 9]
    assert rows(made, "cylinders: 8") == [0, 3, 6, 9]


def test_an_id_is_found_whole_else_by_its_beginning():
    made = embedding_set(np.ones((30, 2)))
    assert rows(made, "#item 2") == [2]
    assert rows(made, "#item 0") == [0]
    assert rows(made, "#ITEM 2") == [2]
    assert rows(made, "#it") == list(range(30))


def test_the_best_hits_come_first():
    names = ["grand ford", "ford pinto", "a ford pinto", "Ford", "pinto, not ford", "fiat"]
    made = embedding_set(np.ones((6, 2)), name=names)
    by = np.array([5, 4, 3, 2, 1, 0])
    assert order(search(made, Query("ford")), by).tolist() == [3, 1, 4, 2, 0]
    assert order(search(made, Query("ford pinto")), by).tolist() == [1, 2, 4]
    assert order(search(made, Query("item 4")), by).tolist() == [4]
    assert order(search(made, Query("ford")), by, most=2).tolist() == [3, 1]
    assert order(search(made, Query("f.*d", regex=True)), by).tolist() == [4, 3, 2, 1, 0]


def test_every_hit_says_where_it_was_found(made, cars):
    found = search(made, Query("see zürich"))
    assert [found.column_of(row) for row in range(6)] == ["name", None, None, None, "name", None]
    hit = found.snippet(4)
    assert (hit.before, hit.hit, hit.after) == ("", "see Zürich", "")
    for text, regex in [
        ("powerful engine", False),
        (r"\d+ horsepower", True),
        ("#17", False),
        ("Year > 1975", False),
    ]:
        found = search(cars, Query(text, regex=regex))
        assert all(found.snippet(row).hit for row in order(found, np.arange(len(cars))))
    long = embedding_set(np.ones((2, 2)), text=["x" * 5000 + "needle" + "y" * 5000, "other"])
    hit = search(long, Query("NEEDLE")).snippet(0)
    assert hit.hit == "needle"
    assert len(hit.before + hit.after) < 200


def test_of_texts_too_long_together_the_beginnings_are_read_and_that_is_said(monkeypatch):
    monkeypatch.setattr("cartography.inspection.searching.texts.LARGEST", 40_000)
    texts = [f"begin{i} " + "x" * 1000 + f" end{i}" for i in range(100)]
    made = embedding_set(np.ones((100, 2)), long=texts, short=[f"s{i}" for i in range(100)])
    (long,) = texts_of(made).of(("long",))
    assert 10 < len(long.text(0)) == long.cut < 1000
    assert rows(made, '"begin7 "') == [7]
    found = search(made, Query("end7"))
    assert found.count == 0
    assert "first characters" in found.note
    assert not search(made, Query("s7", columns=("short",))).note


def test_mixed_cells_lists_and_truth_values_are_texts(made):
    mixed = embedding_set(np.ones((4, 2)), cell=["one", 2, [3, "three"], None], flag=[True, False, True, True])
    assert rows(mixed, "three") == [2]
    assert rows(mixed, "flag = true, one") == [0]
    assert rows(made, "done = False") == [1, 4, 5]


def test_real_questions_are_found_as_pandas_finds_them():
    questions = loaders.load(shared("trec_layers/layer_0.npy"), labels=shared("trec_layers/metadata.csv"))
    texts = questions.items.select_dtypes("str")
    expected = np.logical_or.reduce([texts[name].str.contains("what is", case=False) for name in texts])
    assert rows(questions, '"what is"', columns=tuple(texts)) == np.flatnonzero(expected).tolist()
    assert expected.any()
