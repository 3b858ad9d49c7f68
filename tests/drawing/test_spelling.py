"""Fantasy spelling keeps every name recognisable, never makes two alike, and hangs on the name alone."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartography.drawing.names.spelling import spelled, spelled_realms
from tests.data import ROOT

NAMES = [
    "Mercedes",
    "BMW",
    "Bus",
    "Volkswagen",
    "USA",
    "Rio",
    "Oslo",
    "Amc Hornet",
    "R2",
    "42",
    "München",
    "North BMW",
]


def test_names_are_spelled_as_the_design_has_them():
    assert spelled(["Mercedes", "BMW", "Bus"]) == ("Mercedes Town", "BMW-burg", "Bus-ville")


def test_every_latin_name_changes_and_still_begins_with_itself():
    for name, fantasy in zip(NAMES, spelled(NAMES), strict=True):
        assert fantasy != name
        assert fantasy.startswith(name)


def test_small_numbers_become_words():
    (seven,) = spelled(["7"])
    assert seven.startswith("Seven")
    assert spelled(["Far North 7"]) == (f"Far North {seven}",)


@pytest.mark.parametrize("name", ["猫", "机器学习", "Москва", "القاهرة", "😂", "Why?", "", "תל אביב"])
def test_other_scripts_are_left_alone(name):
    assert spelled([name]) == (name,)


def test_names_with_one_spelling_are_told_apart():
    alike = ["Ash", "ash", "ASH", "Ash-ford", "Ash", "猫", "猫"]
    assert len({name.casefold() for name in spelled(alike)}) == len(alike)


def test_a_real_name_is_never_the_spelling_of_another():
    (fantasy,) = spelled(["Pontiac"])
    both = spelled(["Pontiac", fantasy])
    assert fantasy not in both


def test_another_process_spells_alike():
    code = f"from cartography.drawing.names.spelling import spelled; print('|'.join(spelled({NAMES!r})))"
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "|".join(spelled(NAMES))


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(max_size=30), max_size=30))
def test_any_names_stay_apart_and_grow_little(names):
    found = spelled(names)
    assert len({name.casefold() for name in found}) == len(names)
    assert all(len(long) <= len(name) + 10 for name, long in zip(names, found, strict=True))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text("abcdeXYZ 0123456789", min_size=1, max_size=12), max_size=12, unique_by=str.casefold))
def test_the_order_of_names_does_not_matter_while_none_gets_in_the_way(names):
    alone = {name: spelled([name])[0] for name in names}
    if len({one.casefold() for one in (*alone, *alone.values())}) == 2 * len(alone):
        assert dict(zip(names, spelled(names), strict=True)) == alone
        assert dict(zip(names[::-1], spelled(names[::-1]), strict=True)) == alone


def test_realms_are_spelled_as_lands_and_no_two_alike():
    names = ["1", "7", "USA", "Japan", "Europe", "a long name of a realm", "日本"]
    found = spelled_realms(names)
    assert len(set(found)) == len(found)
    assert found[0].startswith("One")
    assert found[2].startswith("USA-")
    assert found[3].startswith("Japan")
    assert len(found[3]) > len("Japan")
    assert found[5:] == tuple(names[5:])
    assert set(found[:5]).isdisjoint(spelled(names))
