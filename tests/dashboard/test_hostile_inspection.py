"""What somebody may send, paste, upload or link to: refused in a sentence, in bounded time and memory."""

from __future__ import annotations

import gc
import json
import os
import time
from io import BytesIO
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.requests import Request

import dashboard.annotations_kept as annotations_kept
from cartography.columns import columns_of
from cartography.errors import CartographyError, LoadError, ShapeError
from cartography.inspection.correcting.patch import PATCH
from cartography.inspection.correcting.patch_files import read_patch
from cartography.inspection.correcting.table_files import as_csv
from cartography.inspection.placing.written import read_vector
from cartography.inspection.searching import texts
from cartography.inspection.searching.filters import usable
from cartography.inspection.searching.search import Query, search
from cartography.records import Annotations, Filter, Recipe
from dashboard.annotations_kept import AnnotationFolder
from dashboard.browsing import list_folder, path_within
from dashboard.chosen import Chosen
from dashboard.downloads import Downloads
from dashboard.item_sets import ItemSets
from dashboard.lighting import chips_of, lit_by
from dashboard.linked_filters import read_filters
from dashboard.linked_recipe import known_choices
from dashboard.map_view.state import read_state
from tests.asgi import finished
from tests.data import embedding_set

LONG = 200_000


def cars():
    return embedding_set(
        np.random.default_rng(0).normal(size=(60, 3)),
        Name=[f"ford é {row} with a text of its own" for row in range(60)],
        Origin=["USA", "Japan", "Europe"] * 20,
        Weight=np.linspace(1, 2, 60),
        Built=pd.date_range("1970-01-01", periods=60),
    )


def quickly(act) -> None:
    """Run something that once took time by the square of what it was given."""
    began = time.process_time()
    act()
    assert time.process_time() - began < 2.0


def test_a_long_word_that_is_no_number_is_refused_at_once():
    def refuse():
        with pytest.raises(ShapeError, match="not a number"):
            read_vector("1" * LONG + "x", 3)

    quickly(refuse)
    quickly(lambda: as_csv(pd.DataFrame({"text": ["-" + "1" * LONG + "x"]})))


@pytest.mark.parametrize(
    "where", ["Name:1..2", "Origin:1..", "Built:1e30..", "Built:-1e300..1e300", "nowhere:1..2", "Weight:a|b"]
)
def test_a_condition_that_a_column_cannot_have_is_passed_over(where):
    items = cars()
    filters = read_filters([where])
    assert filters
    chosen = Chosen((*filters, Filter("Origin", ("USA",)))) if not where.startswith("Origin") else Chosen(filters)
    lit_by(items, chosen)
    chips = chips_of(items, chosen)
    assert len(chips) == len(usable(chosen.filters, columns_of(items)))


@pytest.mark.parametrize("pattern", [r"\Qford", r"f.*\C", r"\C", "a|(?i)FORD", "\x00", "\ud800", "(?P<a>ford)"])
def test_odd_patterns_find_something_or_say_why_not(pattern):
    items = cars()
    for regex in (True, False):
        found = search(items, Query(pattern, (), regex))
        for row in np.flatnonzero(found.mask):
            found.snippet(int(row))


def test_a_search_is_given_up_after_one_while_over_all_columns(monkeypatch):
    items = embedding_set(np.eye(4, 3), **{f"c{one}": [f"text {one} {row}" for row in range(4)] for one in range(40)})
    search(items, Query("text"))
    clock = iter(range(10_000))
    monkeypatch.setattr(texts.time, "monotonic", lambda: float(next(clock)))
    found = search(items, Query("nothing of the kind", (), True))
    assert "too long" in found.problem
    assert next(clock) < 40


def test_a_column_named_many_times_is_read_once():
    read = texts.texts_of(cars())
    assert len(read.of(["Name"] * 1_000)) == 1


def test_halves_of_characters_and_huge_numbers_from_a_browser_are_dropped():
    class Scene(list):
        colouring = SimpleNamespace(missing=3)

    huge = 10**400
    state = read_state(
        SimpleNamespace(points_key="here", codes_key="here", scene=Scene(range(9))),
        {
            "found": {"of": "here", "text": "a\ud800"},
            "view": {"of": "here", "x": huge, "y": 0, "zoom": 1},
            "lasso": {"of": "here", "steps": [{"op": "set", "polygon": [[huge, 0], [1, 1], [0, 1]]}]},
            "selected": {"of": "here", "index": huge},
        },
    )
    assert (state.found, state.view, state.lasso, state.selected_row) == (None, None, (), None)


def test_many_small_sets_stay_within_their_bounds():
    sets = ItemSets(100_000)
    for number in range(1_000):
        sets.keep(np.arange(16) == number % 16, "") if number < 16 else sets.keep_rows(
            [bit for bit in range(16) if number >> bit & 1], 16, ""
        )
    assert len(sets._kept) < 200


def parquet(table: pa.Table) -> bytes:
    out = BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        parquet(pa.Table.from_arrays([pa.array(["a"])] * 5, names=["id", *PATCH])),
        parquet(pa.table({"id": [{"x": 1}], "column": ["a"], "old": ["a"], "new": ["b"]})),
        parquet(pa.table({"id": [b"\xff"], "column": ["a"], "old": ["a"], "new": ["b"]})),
        b"PAR1" * 100,
        b"id,column,old,new" + b"," * 100_000 + b"\n",
        b"id,column,old,new\n" + b'"' * 300_000,
    ],
    ids=["twice the same column", "nested", "no text", "damaged", "wide", "endless quote"],
)
def test_patches_meant_badly_are_refused_in_a_sentence(content):
    with pytest.raises(LoadError):
        table = read_patch(content + (b"a" + b"," * 100_003 + b"\n") * (b",,,,,," in content))
        raise AssertionError(table)


def test_choices_that_do_not_exist_are_left_out_of_a_recipe():
    good = Recipe(theme="fantasy", seed=7, hide=("fog",), colors={"a:b": "#aabbcc"}, title="T", n_neighbors=20)
    assert known_choices(good) == good
    plain = json.loads(good.to_json())
    bad = plain | {"theme": "x", "method": "x", "metric": "x", "cluster_method": "x", "method_params": {"x": 1}}
    assert known_choices(Recipe.from_json(json.dumps(bad))) == good


def test_links_in_circles_and_names_that_no_page_can_show_are_passed_over(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "out").symlink_to("/etc")
    (tmp_path / os.fsdecode(b"\xff.csv")).write_text("a")
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "good.csv").write_text("a")
    assert [name for name, _ in list_folder(str(tmp_path)).files] == ["good.csv"]
    for name in ("loop", "out/passwd", "../..", "/etc/passwd", "a\0b", "x" * 10_000):
        with pytest.raises(LoadError):
            path_within(str(tmp_path), name)


def test_notes_and_their_folder_are_their_owners_alone(tmp_path):
    folder = AnnotationFolder(tmp_path / "notes")
    folder.change("items", lambda now: now.tagged(["1"], "tag"))
    assert folder.folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.folder.glob("*.json"))


def test_a_drive_without_locks_is_said(tmp_path, monkeypatch):
    def no_lock(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr("dashboard.file_lock._try_lock", no_lock)
    folder = annotations_kept.AnnotationFolder(tmp_path)
    with pytest.raises(CartographyError, match="could not be kept"):
        folder.change("items", lambda _: Annotations())


def test_an_offer_ends_with_its_visit():
    class Visit:
        pass

    downloads = Downloads()
    mine, other = Visit(), Visit()
    downloads.end_with(mine, "mine")
    downloads.end_with(other, "other")
    gone = downloads.offer("mine-file", lambda: b"private", "a.txt", "text/plain")
    kept = downloads.offer("other-file", lambda: b"kept", "b.txt", "text/plain")
    del mine
    gc.collect()
    downloads.offer("other-second", lambda: b"", "c.txt", "text/plain")
    codes = [served(downloads, address) for address in (gone, kept)]
    assert codes == [404, 200]


def served(downloads: Downloads, address: str) -> int:
    request = Request({"type": "http", "path_params": {"token": address.rpartition("/")[2]}})
    return finished(downloads.serve(request)).status_code
