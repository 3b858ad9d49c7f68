"""The table: its orders against Python's own sorting, its pages, its routes, and that it forgets what is old."""

from __future__ import annotations

import json
import time

import numpy as np
import pandas as pd
import pytest
from starlette.applications import Starlette

from cartography.items import title_column
from cartography.records import EmbeddingSet
from dashboard.panels.table import table_words
from dashboard.table import PAGE, Tables, TableView, table_routes
from tests import asgi
from tests.data import embedding_set

NAMES = ["beta", "Alpha", None, "gamma", "ALPHA", "Épsilon", "delta", "alpha"] * 40


def items() -> EmbeddingSet:
    n = len(NAMES)
    size = np.random.default_rng(0).normal(size=n).round(1)
    size[::7] = np.nan
    lists = [[row, "x"] for row in range(n)]
    title = [f"Item {row}" for row in range(n)]
    return embedding_set(
        np.ones((n, 2)), name=NAMES, size=size, number=list(map(str, range(n))), parts=lists, t=title
    )


def everything(view: TableView, column: int | None = None, descending: bool = False) -> list[int]:
    """The rows of all pages."""
    pages = [view.page(start, column, descending)["rows"] for start in range(0, len(view), PAGE)]
    return [row for page in pages for row in page]


def column_of(view: TableView, heading: str) -> int:
    return [column.heading for column in view.columns].index(heading)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("chosen", [None, np.arange(300, 3, -3)])
def test_numbers_go_by_size_and_what_is_missing_is_last_whatever_the_direction(chosen, descending):
    found = items()
    view, size = TableView(found, chosen), found.items["size"].to_numpy()
    rows = everything(view, column_of(view, "size"), descending)
    here = range(len(found)) if chosen is None else sorted(chosen)
    present = sorted((row for row in here if not np.isnan(size[row])), key=lambda row: (-1) ** descending * size[row])
    assert rows == [*present, *(row for row in here if np.isnan(size[row]))]


def test_texts_go_by_letters_whatever_their_case_and_equal_ones_stay_in_order():
    view = TableView(items())
    rows = everything(view, column_of(view, "name"))
    present = [row for row in range(len(NAMES)) if NAMES[row]]
    assert rows[: len(present)] == sorted(present, key=lambda row: NAMES[row].lower())
    assert everything(view, column_of(view, "number")) == list(range(len(NAMES))), "numbers written as texts"


def test_any_column_can_be_sorted_and_every_item_is_there_once():
    mixed = embedding_set(
        np.ones((6, 2)),
        flags=[True, False, True, False, True, False],
        when=pd.to_datetime(["2024-05-01", None, "2023-01-01", "2025-01-01", "1999-01-01", "2024-05-02"]),
        kinds=pd.Categorical(["b", "a", None, "b", "a", "c"]),
        mixture=pd.Series([1, "x", None, 2.5, {"a": 1}, "\ud800"], dtype=object).to_numpy(),
    )
    view = TableView(mixed)
    for index in range(len(view.columns)):
        for descending in (False, True):
            assert sorted(everything(view, index, descending)) == list(range(6))
    assert everything(view, column_of(view, "when")) == [4, 2, 0, 5, 3, 1]
    assert everything(view, column_of(view, "kinds")) == [1, 4, 0, 3, 5, 2]


def test_a_page_holds_titles_first_and_short_words():
    long = embedding_set(np.ones((3, 2)), text=["x" * 5000, "<b>", "c"], share=[0.123456789, 2.0, np.nan])
    view = TableView(long, [0, 2])
    assert [column.heading for column in view.columns] == ["text", "id", "share"]
    page = view.page(0)
    assert page["rows"] == [0, 2]
    assert len(page["cells"][0][0]) == 200
    assert [line[2] for line in page["cells"]] == ["0.123457", "–"]
    named = TableView(items())
    assert named.columns[0].heading == title_column(items())
    assert named.columns[column_of(named, "size")].numeric


def test_an_item_is_found_where_the_pages_show_it():
    view = TableView(items(), np.arange(10, 200))
    for column, descending in ((None, False), (column_of(view, "size"), True), (column_of(view, "name"), False)):
        rows = everything(view, column, descending)
        assert [view.place(row, column, descending) for row in (10, 77, 199)] == [
            rows.index(row) for row in (10, 77, 199)
        ]
    assert view.place(9) is None
    assert view.place(200, 0) is None


def test_a_page_beyond_the_end_is_empty():
    view = TableView(items())
    assert view.page(10_000, 0) == {"start": 10_000, "rows": [], "cells": []}


def test_pictures_are_named_and_wide_tables_end():
    pictured = embedding_set(np.ones((4, 2)), mask=["data:image/png;base64,AAAA"] * 4)
    view = TableView(pictured)
    assert view.page(0)["cells"][0][column_of(view, "mask")] == "picture"
    assert not view.columns[column_of(view, "mask")].sortable
    wide = embedding_set(np.ones((4, 2)), **{f"c{number}": [1, 2, 3, 4] for number in range(100)})
    assert (len(TableView(wide).columns), TableView(wide).left_out) == (60, 41)


def test_routes_serve_pages_and_places_and_nothing_else():
    tables = Tables()
    token, view = tables.serve("key", lambda: TableView(items()))
    app = Starlette(routes=table_routes(tables))
    size = column_of(view, "size")

    def get(path: str) -> asgi.Answer:
        return asgi.get(app, f"/_table/{token}/{path}")

    answer = get(f"rows/{size}-down/100")
    assert json.loads(answer.body)["rows"] == everything(view, size, True)[100:200]
    assert "no-store" not in answer.headers["cache-control"]
    assert json.loads(get("place/file/5").body) == {"place": 5}
    for path in ("rows/file/-1", "rows/99-up/0", "rows/0-across/0", "rows/file/1e3", "place/file/x", "rows/file/²"):
        assert get(path).status == 404, path
    assert asgi.get(app, "/_table/guess/rows/file/0").status == 404


def test_the_same_table_is_published_once_and_the_oldest_make_room():
    tables, found = Tables(most=2), items()
    made = []

    def make() -> TableView:
        made.append(1)
        return TableView(found)

    first, _ = tables.serve("a", make)
    assert tables.serve("a", make)[0] == first
    assert len(made) == 1
    second, _ = tables.serve("b", make)
    tables.serve("a", make)
    tables.serve("c", make)
    assert tables.get(second) is None
    assert tables.get(first) is not None
    assert tables.serve("b", make)[0] != second
    small = Tables(most_bytes=1)
    tokens = [small.serve(key, make)[0] for key in "ab"]
    assert [small.get(token) is None for token in tokens] == [True, False]


def test_words_say_how_many_and_why():
    assert table_words(406, None, "") == "406 items"
    assert table_words(406, 79, "Origin: Japan") == "79 of 406 items: Origin: Japan"
    assert table_words(1, None, "") == "1 item"


def test_half_a_million_items_are_sorted_in_a_moment():
    n = 500_000
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {"text": [f"Word {value}" for value in rng.permutation(n)], "number": rng.normal(size=n)},
        index=list(map(str, range(n))),
    )
    view = TableView(EmbeddingSet(np.ones((n, 1), dtype=np.float32), table))
    spent = {}
    for heading in ("number", "text"):
        before = time.process_time()
        view.page(0, column_of(view, heading))
        spent[heading] = time.process_time() - before
    before = time.process_time()
    view.page(250_000, column_of(view, "text"))
    assert time.process_time() - before < 0.05
    assert spent["number"] < 0.5
    assert spent["text"] < 2.5
