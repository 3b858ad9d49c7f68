"""Columns are read ahead in the background, and nothing is kept alive for that."""

from __future__ import annotations

import gc
from weakref import ref

import numpy as np

from cartography.columns import columns_of
from cartography.inspection.searching.bins import binned
from cartography.inspection.searching.texts import texts_of
from dashboard.warming import warm
from tests.data import embedding_set


def items():
    return embedding_set(np.eye(40), weight=np.arange(40.0), kind=["a", "b"] * 20)


def test_what_panels_ask_for_is_there_already():
    embeddings = items()
    thread = warm(embeddings, after=0.0, many=40)
    assert thread is not None
    thread.join(20)
    assert not thread.is_alive()
    weight = columns_of(embeddings)["weight"]
    assert {"kind", "numbers"} <= set(vars(weight))
    assert binned(weight) is binned(weight)
    assert texts_of(embeddings) is texts_of(embeddings)


def test_few_items_need_no_thread():
    assert warm(items()) is None


def test_embeddings_are_let_go_while_the_thread_waits():
    embeddings = items()
    seen, thread = ref(embeddings), warm(embeddings, after=0.3, many=40)
    del embeddings
    gc.collect()
    assert seen() is None
    assert thread is not None
    thread.join(20)
    assert not thread.is_alive()
