"""What is remembered of embeddings does not keep them in memory."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from weakref import ref

import numpy as np
import pytest

from cartography.items import fields, title
from cartography.pictures import has_pictures, has_texts, picture, snippet
from cartography.remembering import remembered
from tests.data import embedding_set
from tests.pictures.examples import pictured_digits, png, uri


def test_an_object_is_asked_about_once_even_where_the_answer_is_none():
    asked = []

    @remembered
    def ask(about: object) -> None:
        asked.append(about)

    one, other = embedding_set(np.eye(2)), embedding_set(np.eye(2))
    assert [ask(each) for each in (one, one, other, one)] == [None] * 4
    assert asked == [one, other]


def test_threads_that_ask_at_once_share_one_answer():
    asked, begun, go = [], Event(), Event()

    @remembered
    def ask(about: object) -> list:
        asked.append(about)
        begun.set()
        assert go.wait(10)
        return [about.fingerprint]

    one = embedding_set(np.eye(2))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, one)
        assert begun.wait(10)
        second = pool.submit(ask, one)
        go.set()
        assert first.result(10) is second.result(10)
    assert len(asked) == 1


def test_what_failed_is_asked_again():
    answers = [ValueError, None]

    @remembered
    def ask(about: object) -> str:
        failed = answers.pop(0)
        if failed:
            raise failed
        return "found"

    one = embedding_set(np.eye(2))
    with pytest.raises(ValueError):
        ask(one)
    assert ask(one) == "found"


def test_embeddings_that_nobody_holds_are_let_go():
    tabled = embedding_set(np.eye(3), name=["ash", "elm", "fir"], image=[uri(png())] * 3)
    sets = [pictured_digits(40), replace(tabled, roles={"image": "image"})]
    for one in sets:
        assert title(one, 0)
        assert fields(one, 0) is not None
        assert has_pictures(one)
        assert picture(one, 0, ink="#332211")
        assert has_texts(one) == bool(snippet(one, 0))
    seen = [ref(one) for one in sets]
    del one, sets, tabled
    gc.collect()
    assert [each() for each in seen] == [None, None]
