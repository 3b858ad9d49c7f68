"""The panel Notes: what is put on items is kept, undone, shown again in another visit, and taken in from a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import dashboard.notebook
from cartography import build_map
from cartography.errors import ParameterError
from cartography.inspection.correcting.patch import patch
from cartography.inspection.correcting.table_files import as_csv
from cartography.records import Annotations, EmbeddingSet, Filter, Note, Recipe
from dashboard.annotations_kept import AnnotationFolder, content_name
from dashboard.chosen import Chosen
from dashboard.desk import Desk
from dashboard.item_sets import SETS
from dashboard.map_view import Viewport
from dashboard.notebook import notebook_of
from dashboard.panels.notes.annotate_corrections import proposal
from dashboard.panels.notes.annotate_files import take_in
from dashboard.panels.notes.annotate_places import bookmark_here, go_to_bookmark, pins_of
from dashboard.settings import Settings
from dashboard.sources import example_source
from dashboard.state import Session
from tests.data import blobs


@cache
def built():
    plain = blobs(60)
    odd = plain.items.assign(group=["*a* :red[x]", *plain.items["group"][1:]], year=np.arange(60))
    return build_map(EmbeddingSet(plain.vectors, odd, roles={"label": "group"}), Recipe(method="pca"))


@dataclass(frozen=True, eq=False)
class World:
    """As much of a world as notes look at."""

    points_key: str = "points"
    codes_key: str = "codes"

    @property
    def scene(self):
        return built().scene


def desk_of(visit: Session, lit: np.ndarray | None = None, **choices: object) -> Desk:
    return Desk(visit, built(), World(**choices), lit)


def visit_of(read_only: bool = False) -> Session:
    return Session(Settings(read_only=read_only), example_source(), Recipe(method="pca"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    kept = AnnotationFolder(tmp_path / "notes")
    monkeypatch.setattr(dashboard.notebook, "KEPT", kept)
    return kept


def test_steps_are_kept_taken_back_and_taken_again_and_another_visit_sees_them(folder):
    mine, theirs = (notebook_of(desk_of(visit_of())) for _ in range(2))
    mine.change("tag 2 items", lambda now: now.tagged(["item 0", "item 1"], "odd"))
    theirs.change("tag 1 item", lambda now: now.tagged(["item 5"], "odd"))
    assert mine.annotations.tags == {"odd": {"item 0", "item 1", "item 5"}}
    assert (mine.done, mine.undone) == ("tag 2 items", "")
    mine.undo()
    assert theirs.annotations.tags == {"odd": {"item 5"}}
    mine.redo()
    assert theirs.annotations.tags == {"odd": {"item 0", "item 1", "item 5"}}
    assert "~" in mine.where or str(folder.folder) in mine.where


def test_a_step_that_is_refused_is_told_once_and_not_remembered(folder):
    notebook = notebook_of(desk_of(visit_of()))
    notebook.change("tag", lambda now: now.tagged(["item 0"], "a;b"))
    assert "semicolon" in notebook.refusal().message
    assert notebook.refusal() is None
    assert notebook.done == ""


def test_a_read_only_server_keeps_nothing_and_says_so(folder):
    visit = visit_of(read_only=True)
    notebook = notebook_of(desk_of(visit))
    notebook.change("tag 1 item", lambda now: now.tagged(["item 0"], "odd"))
    assert notebook_of(desk_of(visit)).annotations.tags == {"odd": {"item 0"}}
    assert not notebook_of(desk_of(visit_of(read_only=True))).annotations
    assert "keeps nothing" in notebook.where
    assert not folder.folder.exists()
    notebook.undo()
    assert not notebook.annotations


def test_the_history_is_bounded(folder, monkeypatch):
    monkeypatch.setattr(dashboard.notebook, "_REMEMBERED", 10)
    notebook = notebook_of(desk_of(visit_of()))
    for number in range(6):
        notebook.change(f"step {number}", lambda now, number=number: now.tagged(built().embeddings.ids, f"t{number}"))
    notebook.undo()
    assert notebook.done == ""  # one step of sixty items is all that is remembered
    assert set(notebook.annotations.tags) == {f"t{number}" for number in range(5)}


def test_a_map_of_a_sample_has_the_notes_of_the_whole_file(folder, monkeypatch):
    whole = built().embeddings
    sample = build_map(whole, Recipe(method="pca", sample=20))

    class Reading:
        result, error = whole, None

        def wait(self, seconds: float) -> bool:
            return True

    monkeypatch.setattr(dashboard.notebook, "read", lambda source: Reading())
    notebook_of(desk_of(visit_of())).change("tag", lambda now: now.tagged(["item 0"], "odd"))
    on_sample = notebook_of(replace(desk_of(visit_of()), built=sample))
    assert on_sample.annotations.tags == {"odd": {"item 0"}}
    assert len(on_sample.embeddings) == 60


def test_the_preview_counts_what_would_change():
    found, ids = built().embeddings, ("item 1", "item 2", "item 5")
    question, before = proposal(Annotations(), found, ids, "group", "2")
    assert question == "Change group of 2 items to 2?"
    assert before == "Now: 1 (2), 2 (1)."
    assert proposal(Annotations(), found, ids[1:2], "group", "2")[0] == ""
    assert proposal(Annotations(), found, ids[:1], "year", None)[0] == "Change year of 1 item to no value?"
    with pytest.raises(ParameterError):
        proposal(Annotations(), found, ids, "year", "soon")


def test_a_patch_is_taken_in_beside_what_is_there_and_can_be_undone(folder):
    notebook = notebook_of(desk_of(visit_of()))
    notebook.change("tag", lambda now: now.tagged(["item 9"], "mine"))
    found = built().embeddings
    other = Annotations().tagged(["item 1"], "theirs").corrected(["item 2"], "year", 7, {"item 2": 2})
    content = as_csv(patch(other, found)).replace(b"item 1", b"nobody")
    said = take_in(notebook, content)
    assert said == [
        "The patch has 1 correction and 0 tags.",
        "1 of 2 lines have an id that no item here has.",
    ]
    assert notebook.annotations.corrections == other.corrections
    notebook.undo()
    assert notebook.annotations == Annotations().tagged(["item 9"], "mine")


def test_a_bookmark_brings_back_view_item_conditions_and_selection(folder):
    visit, filters = visit_of(), (Filter("year", low=3.0),)
    lit = np.arange(60) < 7
    visit.select(4)
    visit.look("points", Viewport(1, 2, 3))
    visit.choose(Chosen(filters, SETS.keep(lit, "by hand"), SETS.keep(~lit, "rest")))
    kept = bookmark_here(desk_of(visit, lit), "here")
    assert kept.picked == {f"item {row}" for row in range(7)}
    assert Annotations.from_json(Annotations().bookmarked(kept).to_json()).bookmarks["here"] == kept

    later = visit_of()
    orders = later.orders
    go_to_bookmark(desk_of(later), kept)
    assert later.selected == 4
    assert later.view_of("points") == Viewport(1, 2, 3)
    assert later.chosen.filters == filters
    assert (SETS.mask(later.chosen.picked.key, 60) == lit).all()
    assert (SETS.mask(later.chosen.kept.key, 60) == ~lit).all()
    assert later.orders > orders


def test_notes_become_pins_where_they_belong():
    now = Annotations().noted(Note("a", item="item 3")).noted(Note("b", points="points", x=1.0, y=2.0))
    now = now.noted(Note("elsewhere", points="another map", x=1.0, y=2.0)).noted(Note("gone", item="nobody"))
    first, second = pins_of(desk_of(visit_of()), now)
    assert (first.x, first.y, first.label, first.kind) == (1.0, 2.0, "b", "note")
    assert (second.x, second.y) == tuple(built().scene.coordinates[3].tolist())


def page(part: str) -> None:
    import numpy as np
    import streamlit as st

    from dashboard.panels.notes.annotate import show_annotate
    from tests.dashboard.test_annotate import desk_of, visit_of

    if "visit" not in st.session_state:
        st.session_state.visit = visit_of()
        st.session_state.visit.kept["notes-part"] = part
    visit = st.session_state.visit
    mask = None if visit.chosen.picked is None else visit.chosen.picked.count
    show_annotate(desk_of(visit, np.arange(60) < 3))
    st.code(str(mask))


def shown(part: str) -> AppTest:
    app = AppTest.from_function(page, args=(part,), default_timeout=60).run()
    assert not app.exception
    return app


def button(app: AppTest, words: str):
    return next(one for one in app.button if one.label == words)


def helped(app: AppTest, words: str):
    return next(one for one in app.button if one.help == words)


def test_tags_are_put_on_lit_and_taken_off(folder):
    tag = "*odd* :red[x]"
    name = content_name(built().embeddings)
    folder.change(name, lambda now: now.tagged(["item 5"], tag))
    app = shown("Tags")
    app.selectbox[0].set_value(tag)  # AppTest types nothing new into a choice
    button(app, "Tag 3 items").click().run()
    assert not app.exception
    now = folder.get(name)
    assert now.tags == {tag: {"item 0", "item 1", "item 2", "item 5"}}
    app.button_group[-1].set_value(tag).run()
    assert app.code[0].value == "4"
    button(app, "Take it off 3 items").click().run()
    assert folder.get(name).tags == {tag: {"item 5"}}
    button(app, "Undo").click().run()
    assert folder.get(name) == now


def test_a_correction_is_previewed_before_it_is_made_and_listed_after(folder):
    name = content_name(built().embeddings)
    app = shown("Correct")
    assert app.selectbox[0].value == "group"
    app.selectbox[1].set_value("2").run()
    assert not folder.get(name)
    button(app, "Correct").click().run()
    assert not app.exception
    cells = folder.get(name).corrections["group"]
    assert {one: (cell.old, cell.new) for one, cell in cells.items()} == {
        "item 0": ("*a* :red[x]", "2"),
        "item 1": ("1", "2"),
    }
    helped(app, "Take this correction back").click().run()
    assert set(folder.get(name).corrections["group"]) == {"item 0"}


def test_what_a_column_cannot_hold_is_said_and_not_kept(folder):
    app = shown("Correct")
    app.selectbox[0].set_value("year").run()
    app.text_input[0].set_value("soon").run()
    assert not app.exception
    assert "Correct" not in [one.label for one in app.button]
    app.checkbox[0].check().run()
    button(app, "Correct").click().run()
    cells = folder.get(content_name(built().embeddings)).corrections["year"]
    assert {cell.new for cell in cells.values()} == {None}
    assert len(cells) == 3


def test_places_are_shown_and_a_note_is_pinned(folder):
    app = shown("Places")
    app.text_area[0].set_value("here be <b>dragons</b>")
    button(app, "Pin the note").click().run()
    assert not app.exception
    (note,) = folder.get(content_name(built().embeddings)).notes
    assert (note.text, note.points) == ("here be <b>dragons</b>", "points")
    app.text_input[0].set_value("harbour")
    button(app, "Keep this view").click().run()
    assert not app.exception
    assert "harbour" in folder.get(content_name(built().embeddings)).bookmarks
    helped(app, "Go there").click().run()
    assert not app.exception
