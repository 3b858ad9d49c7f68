"""Notes on places and items, drawn as pins, and bookmarks: a view with all that is chosen on it, under a name."""

from __future__ import annotations

import streamlit as st

from cartography.inspection.searching.filters import usable
from cartography.items import title
from cartography.records import Annotations, Bookmark, Note, Recipe
from cartography.records.annotation_kinds import LONGEST_NAME, LONGEST_NOTE
from dashboard.chosen import Chosen
from dashboard.desk import Desk
from dashboard.item_sets import SETS, ItemSet
from dashboard.linked_recipe import known_choices
from dashboard.map_view import Viewport, read_state
from dashboard.map_view.overlay import Pin
from dashboard.notebook import Notebook, rows_of
from dashboard.panels.markup import label
from dashboard.panels.notes.annotate_parts import Action, fresh, renew, show_line, typed
from dashboard.state import MAP_KEY, component_state

__all__ = ["bookmark_here", "go_to_bookmark", "pins_of", "show_places"]

_LISTED = 30
_CLOSE = 8.0  # the zoom at which a place is shown
_MIDDLE, _ITEM = "The middle of the view", "The chosen item"


def show_places(desk: Desk, notebook: Notebook, now: Annotations) -> None:
    """Draw the fields for notes and bookmarks, and both lists."""
    _write_note(desk, notebook)
    for number, note in enumerate(now.notes[: -_LISTED - 1 : -1]):
        drop = Action("delete", "Remove this note", _drop_note, (notebook, note))
        shown = _there(desk, note)
        go = [Action("my_location", "Show it on the map", _go_to_note, (desk, note))] if shown else []
        about = "" if shown else " (not on this map)"
        show_line(f"{_whom(desk, note)}{note.text}{about}", desk.key(f"note-{number}"), *go, drop)
    if len(now.notes) > _LISTED:
        st.caption(f"These are the last {_LISTED} of {len(now.notes):,} notes.")
    st.html("<p class='ec-head'>BOOKMARKS</p>")
    _write_bookmark(desk, notebook)
    for number, one in enumerate(list(now.bookmarks.values())[: -_LISTED - 1 : -1]):
        go = [Action("arrow_forward", "Go there", go_to_bookmark, (desk, one))]
        drop = Action("delete", "Remove this bookmark", _drop_bookmark, (notebook, one.name))
        show_line(f"{one.name}{f' · {one.says}' if one.says else ''}", desk.key(f"bookmark-{number}"), *go, drop)


def pins_of(desk: Desk, now: Annotations) -> tuple[Pin, ...]:
    """Return the notes that have a place on this map as pins, the newest first."""
    found = []
    for note in reversed(now.notes):
        place = _place(desk, note)
        if place is not None:
            found.append(Pin(*place, note.text, "note"))
    return tuple(found)


def bookmark_here(desk: Desk, name: str) -> Bookmark:
    """Return where the visit is now: the view, the chosen item, the conditions, and which items are selected.

    A lasso is kept as the items in it.
    """
    visit, chosen = desk.visit, desk.chosen
    view = visit.view_of(desk.world.points_key)
    ids, row = desk.built.embeddings.ids, desk.selected
    lassoed = bool(read_state(desk.world, component_state(MAP_KEY)).lasso)
    by_hand = desk.lit is not None and (chosen.picked is not None or lassoed)
    kept = SETS.mask(chosen.kept.key, len(ids)) if chosen.kept is not None else None
    return Bookmark(
        name,
        points=desk.world.points_key,
        view=(view.x, view.y, view.zoom) if view is not None else None,
        item=str(ids[row]) if row is not None else None,
        filters=chosen.filters,
        picked=frozenset(ids[desk.rows]) if by_hand else None,
        isolated=frozenset(ids[kept]) if kept is not None else None,
        says=desk.says[:LONGEST_NOTE],
        recipe=visit.recipe,
    )


def go_to_bookmark(desk: Desk, bookmark: Bookmark) -> None:
    """Make the map, the choices and the view what they were; what is not there any more is left out."""
    visit = desk.visit
    recipe = _possible(desk, bookmark.recipe) if bookmark.recipe is not None else None
    if recipe is not None:
        visit.redraw(recipe)
    filters = usable(bookmark.filters, desk.columns)
    desk.visit.choose_alone(
        Chosen(filters, _set(desk, bookmark.picked, bookmark.name), _set(desk, bookmark.isolated, bookmark.name))
    )
    if bookmark.item is not None and bookmark.item in desk.built.embeddings.ids:
        desk.select(int(desk.built.embeddings.ids.get_loc(bookmark.item)), turn=False)
    if bookmark.view is not None and bookmark.points is not None:
        _look(desk, bookmark.points, Viewport(*bookmark.view))


def _possible(desk: Desk, recipe: Recipe) -> Recipe:
    """Return a bookmark's recipe without what this version, or this file with the same items, does not have."""
    known = known_choices(recipe)
    columns = {*map(str, desk.built.embeddings.items.columns), *(spec.name for spec in known.specs)}
    gone = {name: None for name in ("color_by", "label_by", "size_by") if getattr(known, name) not in columns}
    return known.replace(**gone)


def _set(desk: Desk, ids: frozenset[str] | None, name: str) -> ItemSet | None:
    if ids is None:
        return None
    return SETS.keep_rows(rows_of(ids, desk.built.embeddings), len(desk.built.embeddings), f"bookmark: {name}")


def _write_note(desk: Desk, notebook: Notebook) -> None:
    key = fresh(desk, "note")
    row = desk.selected
    ways = [*([_ITEM] if row is not None else []), _MIDDLE]
    st.text_area("Note", max_chars=LONGEST_NOTE, height=80, key=key)
    way = ways[0]
    if len(ways) > 1:
        way = st.segmented_control("About", ways, default=way, required=True, key=desk.key("note-about")) or way
    if way == _ITEM and row is not None:
        st.caption(f"About {label(title(desk.built.embeddings, row))}")

    def write() -> None:
        text = typed(key)
        if not text:
            return
        if way == _ITEM and row is not None:
            note = Note(text, item=str(desk.built.embeddings.ids[row]))
        else:
            x, y = _middle(desk)
            note = Note(text, points=desk.world.points_key, x=x, y=y)
        notebook.change("write a note", lambda now: now.noted(note))
        renew(desk)

    st.button("Pin the note", icon=":material/push_pin:", on_click=write, width="stretch")


def _write_bookmark(desk: Desk, notebook: Notebook) -> None:
    key = fresh(desk, "bookmark-name")

    def keep() -> None:
        name = typed(key)
        if name:
            here = bookmark_here(desk, name)
            notebook.change(f"keep the bookmark {name!r}", lambda now: now.bookmarked(here))
            renew(desk)

    st.text_input("Name", max_chars=LONGEST_NAME, placeholder="Keep this view under a name", key=key)
    st.button("Keep this view", icon=":material/bookmark_add:", on_click=keep, width="stretch")


def _middle(desk: Desk) -> tuple[float, float]:
    view = desk.visit.view_of(desk.world.points_key)
    if view is not None:
        return view.x, view.y
    x0, y0, x1, y1 = desk.built.scene.terrain.frame
    return (x0 + x1) / 2, (y0 + y1) / 2


def _place(desk: Desk, note: Note) -> tuple[float, float] | None:
    """Where a note is on this map; None for another map's place and for an item that is not drawn."""
    if note.item is not None:
        row = int(desk.built.embeddings.ids.get_indexer([note.item])[0])
        x, y = desk.built.scene.coordinates[row].tolist() if row >= 0 else (None, None)
    else:
        x, y = (note.x, note.y) if note.points == desk.world.points_key else (None, None)
    return (float(x), float(y)) if x is not None and y is not None else None


def _there(desk: Desk, note: Note) -> bool:
    return _place(desk, note) is not None


def _whom(desk: Desk, note: Note) -> str:
    if note.item is None:
        return ""
    row = int(desk.built.embeddings.ids.get_indexer([note.item])[0])
    return f"{title(desk.built.embeddings, row)[:60] if row >= 0 else note.item[:60]}: "


def _go_to_note(desk: Desk, note: Note) -> None:
    place = _place(desk, note)
    if note.item is not None:
        desk.select(int(desk.built.embeddings.ids.get_loc(note.item)), turn=False)
    elif place is not None:
        _look(desk, desk.world.points_key, Viewport(*place, _CLOSE))


def _look(desk: Desk, points: str, view: Viewport) -> None:
    """Have the map with these coordinates show a part of itself."""
    desk.visit.look(points, view)
    if points == desk.world.points_key:
        desk.visit.fly(view)


def _drop_note(notebook: Notebook, note: Note) -> None:
    notebook.change("remove a note", lambda now: now.unnoted(note))


def _drop_bookmark(notebook: Notebook, name: str) -> None:
    notebook.change(f"remove the bookmark {name!r}", lambda now: now.unbookmarked(name))
