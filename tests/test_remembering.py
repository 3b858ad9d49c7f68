"""What is remembered of embeddings does not keep them in memory."""

from __future__ import annotations

import gc
from dataclasses import replace
from weakref import ref

import numpy as np

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
