"""Newcomers: vectors from a file, or one that was pasted, placed on the map that is there."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from cartography.columns import Column
from cartography.errors import CartographyError
from cartography.inspection.placing.landing import realm_names, town_names
from cartography.inspection.placing.newcomers import Newcomers, newcomers_table
from cartography.inspection.placing.votes import vote
from cartography.inspection.placing.written import read_vector
from cartography.inspection.wording import counted
from cartography.items import describe
from cartography.pipeline import BuiltMap
from cartography.records.map_scene import NO_REALM, SEA
from dashboard.desk import Desk
from dashboard.inquiries import Question, inquire
from dashboard.map_view.overlay import MOST, Overlay, Pin
from dashboard.panels.download import offer_table
from dashboard.panels.item.entries import entry_of
from dashboard.panels.item_list import show_items
from dashboard.panels.markup import bullets, safe
from dashboard.panels.refusal import show_refusal
from dashboard.panels.waiting import awaited
from dashboard.placings import Placed, place_file, place_vector
from dashboard.sources import Source
from dashboard.state import Session
from dashboard.uploads import keep, release

__all__ = ["newcomers_frame", "pins_of", "show_newcomers", "vote_columns", "warned"]

_SHOWN = 500
_LABELLED = 40  # pins that all bear their names
_COMMONEST = 4
_FILES = "newcomers"
_FILE, _VECTOR = "A file", "One vector"


def show_newcomers(desk: Desk) -> None:
    """Draw the ways in, and what became of the vectors that came."""
    d = desk.built.embeddings.dimensions
    st.caption(f"New vectors of {d:,} dimensions find their places; nothing on the map moves.")
    way = st.segmented_control(
        "What comes", [_FILE, _VECTOR], default=_FILE, key=desk.key("newcomers-way"), label_visibility="collapsed"
    )
    try:
        question = _from_text(desk) if way == _VECTOR else _from_file(desk)
    except CartographyError as error:
        show_refusal(error)
        return
    if question is None:
        return
    placed = awaited(inquire(question, desk.visit), desk.key("newcomers"))
    if placed is not None:
        _show(desk, placed)


def _from_text(desk: Desk) -> Question[Placed] | None:
    d = desk.built.embeddings.dimensions
    text = st.text_area(
        "The vector",
        key=desk.key("newcomers-text"),
        placeholder=f"{d:,} numbers, such as 0.25, -1.5, 3e-2",
        height=110,
    )
    return place_vector(desk.built, read_vector(text, d)) if text.strip() else None


def _from_file(desk: Desk) -> Question[Placed] | None:
    visit = desk.visit
    if visit.settings.read_only:
        st.caption("This server takes no uploads; one vector can be pasted.")
        return None
    paths = visit.kept.get(_FILES)
    if paths:
        st.button("Another file", icon=":material/restart_alt:", width="stretch", on_click=_put_aside, args=(visit,))
        if all(Path(path).exists() for path in paths):
            return place_file(desk.built, Source(tuple(paths)))
        _put_aside(visit)
    uploads: Any = st.file_uploader(
        "Files with vectors, in any format that opens",
        accept_multiple_files=True,
        key=desk.key(f"newcomers-files-{visit.uploads}"),
    )
    if uploads:
        for earlier in visit.upload_folder().glob("newcomers-*"):
            shutil.rmtree(earlier, ignore_errors=True)  # they came for another map
        folder = Path(tempfile.mkdtemp(prefix="newcomers-", dir=visit.upload_folder()))
        visit.kept[_FILES] = keep(uploads, folder)
        release(uploads)
        visit.uploads += 1
        st.rerun()
    return None


def _put_aside(visit: Session) -> None:
    """Forget the files that were brought, and remove them."""
    home = visit.upload_folder()
    for path in visit.kept.pop(_FILES, ()):
        if Path(path).is_relative_to(home):
            shutil.rmtree(home / Path(path).relative_to(home).parts[0], ignore_errors=True)


def _show(desk: Desk, placed: Placed) -> None:
    built, found = desk.built, placed.found
    m = len(found)
    st.html(
        f"<p class='ec-item' data-testid='newcomers'>{counted(m, 'newcomer')} "
        f"from {safe(placed.name, 80)}</p><p class='ec-sub'>{safe(warned(found))}</p>"
        + (f"<p class='ec-sub'>{safe(_where(built, found))}</p>" if m > 1 else "")
    )
    column = _chosen_column(desk)
    chosen = _table(desk, placed, column) if m > 1 else 0
    offer_table(_file_of(placed, built, column), "newcomers", key="newcomers-file")
    desk.draw(pins_of(placed, chosen))
    if chosen is not None:
        _one(desk, placed, chosen, column)
    with st.expander("How they were placed and judged"):
        st.html(bullets((*placed.notes, *found.notes)))


def warned(found: Newcomers) -> str:
    """Return how many lie outside everything known, beside how many would by chance."""
    m, count = len(found), int(found.outside.sum())
    if np.isnan(found.beyond).all():
        return "Whether they lie outside everything known is not judged here."
    if m == 1:
        return found.said(0)
    who = "None" if count == 0 else f"{count:,}"
    lie = "lies" if count <= 1 else "lie"
    return f"{who} of {m:,} {lie} outside everything known; at most 1 in 100 of the map's own items would."


def _where(built: BuiltMap, found: Newcomers) -> str:
    """The realms that most of them fall in."""
    codes, counts = np.unique(found.realms, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_COMMONEST]
    names = realm_names(built.scene, codes[order])
    parts = [f"{name} {count:,}" for name, count in zip(names, counts[order].tolist(), strict=True)]
    more = len(codes) - len(order)
    return f"By realm: {', '.join(parts)}{f' and {more:,} more' if more else ''}."


def vote_columns(built: BuiltMap, names: list[str], pictures: frozenset[str]) -> list[str]:
    """Return the columns that may be voted on, the map's colouring column first."""
    shown = built.scene.colouring.column
    usable = [name for name in names if name not in pictures]
    return sorted(usable, key=lambda name: name != shown)


def _chosen_column(desk: Desk) -> Column | None:
    pictures = frozenset(name for name in desk.columns if desk.columns[name].pictured)
    names = vote_columns(desk.built, list(desk.columns), pictures)
    if not names:
        return None
    chosen = st.selectbox("Their neighbours vote on", names, key=desk.key("newcomers-column"))
    return desk.columns[chosen] if chosen else None


def _file_of(placed: Placed, built: BuiltMap, column: Column | None) -> Callable[[], pd.DataFrame]:
    """Return what makes the file, for as long as the visit lasts: an offer must not keep what was brought."""
    held = weakref.ref(placed)

    def table() -> pd.DataFrame:
        kept = held()
        if kept is None:
            raise CartographyError("These newcomers were let go meanwhile.", "Open the panel and try again.")
        return newcomers_frame(kept, built, column)

    return table


def newcomers_frame(placed: Placed, built: BuiltMap, column: Column | None, count: int | None = None) -> pd.DataFrame:
    """Return all newcomers, or the first so many, one a row, with what their neighbours vote on a column."""
    found = placed.found if count is None else placed.found.first(count)
    votes = vote(column, found.rows, found.distances) if column is not None else None
    return newcomers_table(found, placed.ids[: len(found)], built.known, votes)


def _table(desk: Desk, placed: Placed, column: Column | None) -> int | None:
    """Draw the first newcomers as a table; return the place of the one that is chosen in it."""
    table = newcomers_frame(placed, desk.built, column, _SHOWN)
    first = ["id", "outside", "realm", "town", *(name for name in table if name in {"vote", "confidence", "spread"})]
    event: Any = st.dataframe(
        table[[*first, *(name for name in table if name not in first)]],
        height=300,
        hide_index=True,
        width="stretch",
        on_select="rerun",
        selection_mode="single-row",
        key=desk.key(f"newcomers-table-{len(placed.ids)}"),
    )
    if len(placed.ids) > _SHOWN:
        st.caption(f"The table shows the first {_SHOWN}; the file holds all {len(placed.ids):,}.")
    if len(placed.ids) > MOST:
        st.caption(f"Pins stand for the first {MOST:,}.")
    rows = event.selection.rows
    return int(rows[0]) if rows and rows[0] < len(table) else None


def pins_of(placed: Placed, chosen: int | None) -> Overlay:
    """Return a pin for each newcomer, and spokes from the one that is chosen to its nearest items."""
    found = placed.found
    few = len(found) <= _LABELLED
    pins = [
        Pin(float(x), float(y), str(placed.ids[place]) if few or place == chosen else "")
        for place, (x, y) in enumerate(found.coordinates[:MOST].tolist())
    ]
    if chosen is None:
        return Overlay(pins=tuple(pins))
    x, y = found.coordinates[chosen].tolist()
    return Overlay(origin=(x, y), spokes=tuple(found.rows[chosen].tolist()), pins=tuple(pins))


def _one(desk: Desk, placed: Placed, chosen: int, column: Column | None) -> None:
    """Draw where one newcomer stands, what its neighbours vote, and who they are."""
    built, found = desk.built, placed.found
    part = slice(chosen, chosen + 1)
    says = [_stands(built, found.first(chosen + 1)), *([found.said(chosen)] if len(found) > 1 else [])]
    if column is not None:
        says.insert(1, _voted(column, found, part))
    st.html(f"<p class='ec-head'>{safe(placed.ids[chosen], 120)}</p>{bullets(says)}")
    st.html(f"<p class='ec-head'>ITS {found.rows.shape[1]} NEAREST ITEMS · {safe(found.metric)} distance</p>")
    rows, distances = found.rows[chosen], found.distances[chosen]
    furthest = float(np.abs(distances).max()) or 1.0
    entries = [
        entry_of(desk, row, f"{far:.3g}", abs(float(far)) / furthest)
        for row, far in zip(rows, distances, strict=True)
    ]
    show_items(entries, "Nearest items", desk.key("newcomers-nearest"), desk.select)


def _stands(built: BuiltMap, found: Newcomers) -> str:
    """Where the last of these newcomers stands."""
    realm, town = int(found.realms[-1]), town_names(built.scene, found.towns[-1:])[0]
    lone = {SEA: "at sea", NO_REALM: "on land that no realm rules"}
    where = lone.get(realm) or f"in {realm_names(built.scene, found.realms[-1:])[0]}"
    return f"It stands {where}{f'; its town is {town}' if town else ''}."


def _voted(column: Column, found: Newcomers, part: slice) -> str:
    """What the neighbours of one newcomer say about a column, beside what a blind guess is worth."""
    said = vote(column, found.rows[part], found.distances[part])
    row = said.table().iloc[0]
    if row["vote"] is None or pd.isna(row["vote"]):
        return f"None of its neighbours has a value of {column.name}."
    if said.kind == "categories":
        return (
            f"Its neighbours say {column.name}: {row['vote']}, with {row['confidence']:.0%} of the votes; "
            f"{row['base rate']:.1%} of all items are."
        )
    unit = " days" if said.kind == "dates" else ""
    value = f"{row['vote']:%Y-%m-%d}" if said.kind == "dates" else describe(float(row["vote"]))
    return (
        f"Its neighbours say {column.name}: {value}, give or take {row['spread']:.3g}{unit}; "
        f"all items differ by {row['spread of all']:.3g}{unit}."
    )
