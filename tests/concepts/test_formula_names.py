"""Names in formulas: what they stand for, how items are named so that they are found again, completion."""

from __future__ import annotations

import random
import time

import numpy as np
import pandas as pd
import pytest

import loaders
from cartography.concepts.formulas.names import Names
from cartography.concepts.formulas.reading import read_formula
from cartography.concepts.formulas.tree import FormulaError, Name, names_in
from cartography.concepts.formulas.writing import quoted
from cartography.records import EmbeddingSet
from tests.data import ROOT, embedding_set


@pytest.fixture(scope="module")
def cars():
    return loaders.load(ROOT / "examples" / "car_land.parquet")


@pytest.fixture(scope="module")
def made():
    """Titles that are ambiguous, missing, other items' ids, of several scripts, or look like groups."""
    titles = ["Paris", "paris", "two", None, "co-op", "#tag", " padded ", "日本 語", 'a "b"', "Zürich", "two", "e"]
    index = ["a", "b", "c", "d", "e", "two words", "g", "h", "i", "j", "k", "l"]
    items = pd.DataFrame({"title": titles}, index=index)
    return EmbeddingSet(np.eye(len(items), dtype=np.float32), items)


def test_every_item_is_named_so_that_it_is_found_again(cars, made):
    for embeddings in (cars, made):
        names = Names(embeddings)
        for row in range(len(embeddings)):
            formula = read_formula(names.name_of(row), names.knows)
            assert isinstance(formula, Name)
            assert names.rows(formula).tolist() == [row]
    assert Names(made).name_of(4) == '"co-op"'  # its title
    assert Names(made).name_of(2) == "c"  # two are called "two"
    assert Names(made).name_of(11) == "l"  # its title is the id of another


def test_a_title_means_all_that_have_it(cars):
    names, titles = Names(cars), cars.items["Name"]
    shared = titles.value_counts().index[0]
    expected = np.flatnonzero(titles == shared)
    assert len(expected) > 1
    assert names.rows(Name(shared)).tolist() == expected.tolist()
    assert names.rows(Name(shared.upper())).tolist() == expected.tolist()
    (found,) = names_in(read_formula(shared, names.knows))
    assert found.text == shared


def test_the_exact_name_comes_before_others(made):
    names = Names(made)
    assert names.rows(Name("Paris")).tolist() == [0]
    assert names.rows(Name("PARIS")).tolist() == [0, 1]
    assert names.rows(Name("e")).tolist() == [4]  # an id comes before a title
    assert names.rows(Name("padded")).tolist() == [6]
    assert names.rows(Name("Zu\u0308rich")).tolist() == [9]
    assert names.rows(Name("D")).tolist() == [3]
    assert names.rows(Name("tag", "#")).tolist() == [5]


def test_groups_are_named_with_their_sign(made):
    names = Names(made, {"#Paris": np.array([3, 4]), "@my words": np.array([1]), "@none": np.array([], dtype=int)})
    assert names.rows(Name("Paris", "#")).tolist() == [3, 4]
    assert names.rows(Name("my Words", "@")).tolist() == [1]
    assert names.knows("#paris")
    assert names.knows("@my words")
    assert not names.knows("my words")
    with pytest.raises(FormulaError, match="Nothing is in @none"):
        names.rows(Name("none", "@"))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("ford pimto", '"ford pinto"'),
        ("toyta", '"toyota corona'),
        ("mustang", '"ford mustang'),
        ("rome", "#Rome"),
        ("#Rom", "#Rome"),
        ("@pinto", "Select items on the map"),
        ("#ford pinto", '"ford pinto"'),
        ("qqqq", "Begin to type"),
        ("\x00", "Begin to type"),
        ("half \ud800", "Begin to type"),
        ("x" * 1900, "Begin to type"),
    ],
)
def test_unknown_names_are_answered_with_what_may_be_meant(cars, text, hint):
    names = Names(cars, {"#Rome": np.arange(3)})
    sign, bare = (text[0], text[1:]) if text[0] in "#@" else ("", text)
    with pytest.raises(FormulaError) as refused:
        names.rows(Name(bare, sign, 4, 9))
    assert hint in refused.value.hint
    assert (refused.value.start, refused.value.end) == (4, 9)
    assert len(refused.value.sentence) < 400


def completed(names: Names, text: str, most: int = 12) -> tuple[str, list[str]]:
    """What is replaced and by what; | is the cursor."""
    cursor = text.index("|")
    text = text.replace("|", "")
    found = names.complete(text, cursor, most)
    return text[found.start : found.end], [one.insert for one in found.suggestions]


@pytest.fixture(scope="module")
def towns():
    titles = [
        "king",
        "kingdom",
        "viking",
        "old king",
        "kin",
        "Meantime",
        "new york",
        "York",
        "co-op",
        "naïve",
        "king",
    ]
    embeddings = embedding_set(np.eye(len(titles)), name=titles)
    return Names(embeddings, {"#Kings Cross": np.arange(3), "@my king": np.arange(1), "#New York": np.arange(2)})


@pytest.mark.parametrize(
    ("text", "replaced", "first"),
    [
        ("king|", "king", ["king", '#"Kings Cross"', "kingdom", '"old king"', "viking"]),
        ("KIN|g - x", "KINg", ["kin", '#"Kings Cross"', "king", "kingdom", '"old king"', "viking"]),
        ("a + new yo|", "new yo", ['#"New York"', '"new york"']),
        ("a yo|", "yo", ["York", '"new york"']),
        ("new |", "new ", ['#"New York"', '"new york"']),
        ("a - #|", "#", ['#"Kings Cross"', '#"New York"']),
        ("#kings c|", "#kings c", ['#"Kings Cross"']),
        ("a + #cross| - b", "#cross", ['#"Kings Cross"']),
        ("@k|", "@k", ['@"my king"']),
        ('@"my k|', '@"my k', ['@"my king"']),
        ('a + "new y|ork" - b', '"new york"', ['#"New York"', '"new york"']),
        ('"new y| - "x"', '"new y', ['#"New York"', '"new york"']),
        ("mean(co-o|, x)", "co-o", ['"co-op"']),
        ("a-yor|", "yor", ["York", '"new york"']),
        ("me|", "me", ["mean(", "Meantime"]),
        ("2*naï|", "naï", ["naïve"]),
        ("^%kingd|", "kingd", ["kingdom"]),
        ("king - |", "", []),
        ("|king", "", []),
        ("0.7|", "", []),
        ('"king"|', "", []),
        ("zzz|", "", []),
        ("|", "", []),
    ],
)
def test_names_are_completed(towns, text, replaced, first):
    assert completed(towns, text) == (replaced, first)


def test_completions_say_what_they_are_and_can_be_read(towns, cars):
    found = towns.complete("king", 4).suggestions
    assert [one.detail for one in found] == ["2 items", "town · 3 items", "item", "item", "item"]
    assert towns.complete("@m", 2).suggestions[0].detail == "selection · 1 item"
    names = Names(cars)
    for one in names.complete("fo", 2, most=40).suggestions:
        formula = read_formula(one.insert, names.knows)
        count = len(names.rows(formula))
        assert one.detail == ("item" if count == 1 else f"{count} items")


def test_nothing_typed_makes_completion_fail(towns):
    rng = random.Random(3)
    for _ in range(1500):
        text = "".join(rng.choices([*"king #@\"'-+*(),\\^", "\ud800", "日", "\n", "“"], k=rng.randint(0, 8)))
        cursor = rng.randint(-1, 10)
        found = towns.complete(text, cursor)
        assert 0 <= found.start <= found.end <= len(text)
    assert towns.complete("a" * 1_000_000, 5).suggestions == ()


def test_many_names_are_found_quickly():
    n = 200_000
    rng = np.random.default_rng(0)
    letters = rng.integers(97, 123, size=(n, 9), dtype=np.uint8).view("S9")[:, 0].astype(str)
    items = pd.DataFrame(
        {"title": [f"{word[:4].title()} {word[4:]}" for word in letters]}, index=np.arange(n).astype(str)
    )
    embeddings = EmbeddingSet(np.ones((n, 1), dtype=np.float32), items)
    began = time.process_time()
    names = Names(embeddings)
    wanted = items["title"].iloc[n // 2]
    assert n // 2 in names.rows(Name(wanted.lower()))
    names.complete("a", 1)
    assert time.process_time() - began < 2
    began = time.process_time()
    assert completed(names, f"x - {wanted}|")[1][0] == quoted(wanted)
    assert completed(names, f"{wanted[6:]}|")[1]
    with pytest.raises(FormulaError) as refused:
        names.rows(Name(wanted[:-1] + "#"))
    assert wanted in refused.value.hint
    assert time.process_time() - began < 0.5
