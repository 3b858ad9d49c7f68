"""What people add to a map: every step gives a new record that survives JSON; what is hostile is refused."""

from __future__ import annotations

import json

import pytest

from cartography.errors import ParameterError
from cartography.records import Annotations, Bookmark, Change, Filter, Note, Recipe, difference

AWKWARD = ["a,b", 'say "hi"', "two\nlines", "=1+1", "ünï 🗺", " blank "]


def full() -> Annotations:
    bookmark = Bookmark(
        "harbour",
        points="abc",
        view=(1.5, -2.0, 4.0),
        item="a,b",
        filters=(Filter("Origin", ("Japan", "")), Filter("Weight", low=1.0, missing=True)),
        picked=frozenset(AWKWARD),
        isolated=frozenset(["x"]),
        says="Origin is Japan",
        recipe=Recipe(method="umap", color_by="Origin", method_params={"min_dist": 0.2}),
    )
    return (
        Annotations()
        .tagged(AWKWARD, "to check")
        .tagged(["x"], "keep")
        .corrected(["x", "a,b"], "Origin", "Japan", {"x": "japan", "a,b": None})
        .corrected(["x"], "Year", 1971, {"x": 71})
        .corrected(["x"], "Sold", True, {"x": False})
        .noted(Note("look\nhere", item="two\nlines"))
        .noted(Note("a strange bay", points="abc", x=0.5, y=2))
        .bookmarked(bookmark)
        .renamed("0123", "x", "  The  Shire ")
    )


def test_json_gives_back_the_same():
    assert Annotations.from_json(full().to_json()) == full()
    assert Annotations.from_json(Annotations().to_json()) == Annotations()
    assert not Annotations()
    assert full().names["0123"]["x"] == "The Shire"


def test_steps_leave_the_record_they_began_with():
    before = full()
    same = full()
    before.tagged(["y"], "keep").untagged("to check").uncorrected("Origin").unnoted(before.notes[0])
    before.unbookmarked("harbour").renamed("0123", "x", "")
    assert before == same
    with pytest.raises(TypeError):
        before.tags["new"] = frozenset()


def test_a_tag_is_taken_off_some_or_all_and_is_then_gone():
    tags = Annotations().tagged(["a", "b"], " to  check ")
    assert tags.tags_of("a") == ["to check"]
    assert tags.untagged("to check", ["a"]).tags == {"to check": {"b"}}
    assert not tags.untagged("to check").tags


def test_correcting_back_to_what_the_file_says_is_no_correction():
    once = Annotations().corrected(["a"], "n", 2, {"a": 1})
    twice = once.corrected(["a"], "n", 3, {"a": 1})
    assert (twice.corrections["n"]["a"].old, twice.corrections["n"]["a"].new) == (1, 3)
    assert not twice.corrected(["a"], "n", 1, {"a": 1})
    assert once.corrected(["a"], "n", " ", {"a": 1}).corrections["n"]["a"].new is None


def test_a_change_is_undone_without_undoing_what_others_did():
    before = full()
    mine = before.tagged(["x", "new"], "to check").uncorrected("Origin", ["x"]).unbookmarked("harbour")
    mine = mine.unnoted(before.notes[0]).renamed("0123", "x", "Mordor")
    change = difference(before, mine, "several things")
    assert isinstance(change, Change)
    theirs = mine.tagged(["other"], "to check").corrected(["other"], "Origin", "USA", {}).noted(Note("!", item="x"))
    undone = change.reversed.applied(theirs)
    assert undone.tags["to check"] == before.tags["to check"] | {"other"}
    assert set(undone.corrections["Origin"]) == {"x", "a,b", "other"}
    assert undone.bookmarks == before.bookmarks
    assert undone.names == before.names
    assert set(undone.notes) == {*before.notes, Note("!", item="x")}
    assert change.applied(undone) == theirs
    assert not difference(before, full())


def filtered(condition: str) -> str:
    return f'{{"schema": 1, "bookmarks": [{{"name": "b", "filters": [{condition}]}}]}}'


HOSTILE = {
    "not json": "{",
    "deep": "[" * 200_000,
    "a list": "[]",
    "later": '{"schema": 2}',
    "long schema": json.dumps({"schema": "x" * 10_000}),
    "unknown part": '{"schema": 1, "code": "x"}',
    "nan": '{"schema": 1, "corrections": {"c": {"a": [1, NaN]}}}',
    "huge number": '{"schema": 1, "corrections": {"c": {"a": [1, %s]}}}' % ("9" * 400),
    "nested value": '{"schema": 1, "corrections": {"c": {"a": [1, [2]]}}}',
    "no pair": '{"schema": 1, "corrections": {"c": {"a": 2}}}',
    "ids that are no texts": '{"schema": 1, "tags": {"t": [1, 2]}}',
    "ids in an object": '{"schema": 1, "tags": {"t": {"a": 1}}}',
    "unhashable ids": '{"schema": 1, "tags": {"t": [[]]}}',
    "a long id": json.dumps({"schema": 1, "tags": {"t": ["x" * 20_000]}}),
    "half a character": '{"schema": 1, "tags": {"t": ["\\ud800"]}}',
    "a tag with a line": json.dumps({"schema": 1, "tags": {"a\x00b": ["x"]}}),
    "many tags": json.dumps({"schema": 1, "tags": {f"t{i}": ["x"] for i in range(1_001)}}),
    "many notes": json.dumps({"schema": 1, "notes": [{"text": f"{i}", "item": "a"} for i in range(10_001)]}),
    "a note nowhere": '{"schema": 1, "notes": [{"text": "x"}]}',
    "a note in two places": '{"schema": 1, "notes": [{"text": "x", "item": "a", "points": "p", "x": 1, "y": 2}]}',
    "a note at infinity": '{"schema": 1, "notes": [{"text": "x", "points": "p", "x": 1e999, "y": 2}]}',
    "a long note": json.dumps({"schema": 1, "notes": [{"text": "x" * 5_000, "item": "a"}]}),
    "a bookmark without a name": '{"schema": 1, "bookmarks": [{}]}',
    "a view of texts": '{"schema": 1, "bookmarks": [{"name": "b", "view": ["1", "2", "3"]}]}',
    "a view from nowhere": '{"schema": 1, "bookmarks": [{"name": "b", "view": [0, 0, 0]}]}',
    "a filter turned round": filtered('{"column": "c", "low": 2, "high": 1}'),
    "a filter of objects": filtered('{"column": "c", "values": [{}]}'),
    "a recipe that is none": '{"schema": 1, "bookmarks": [{"name": "b", "recipe": {"method": 7}}]}',
    "a recipe without end": '{"schema": 1, "bookmarks": [{"name": "b", "recipe": {"method_params": {"a": 1e999}}}]}',
    "half a character in a recipe": '{"schema": 1, "bookmarks": [{"name": "b", "recipe": {"title": "\\ud800"}}]}',
    "a deep recipe": f'{{"schema": 1, "bookmarks": [{{"name": "b", "recipe": {{"hide": {"[" * 900}{"]" * 900}}}}}]}}',
    "a name that is none": '{"schema": 1, "names": {"level": {"a": 5}}}',
    "an empty name": '{"schema": 1, "names": {"level": {"a": " "}}}',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_json_is_refused_in_a_sentence(text):
    with pytest.raises(ParameterError) as refusal:
        Annotations.from_json(text)
    assert len(refusal.value.message) < 1_000


def test_too_long_a_tag_and_too_many_are_refused_when_they_are_made():
    with pytest.raises(ParameterError, match="at most 80"):
        Annotations().tagged(["a"], "x" * 81)
    with pytest.raises(ParameterError, match="semicolon"):
        Annotations().tagged(["a"], "a; b")
    with pytest.raises(ParameterError, match="at most 2,000,000"):
        Annotations({f"t{i}": frozenset(map(str, range(700_000))) for i in range(3)})
