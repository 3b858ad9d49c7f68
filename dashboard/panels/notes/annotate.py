"""The panel Notes: tags, corrections, notes and bookmarks, kept beside the map and taken away as files."""

from __future__ import annotations

import streamlit as st

from cartography.errors import CartographyError
from dashboard.desk import Desk
from dashboard.map_view.overlay import Overlay
from dashboard.notebook import notebook_of
from dashboard.panels.markup import bullets, safe
from dashboard.panels.notes.annotate_corrections import show_corrections
from dashboard.panels.notes.annotate_files import show_files
from dashboard.panels.notes.annotate_parts import show_steps
from dashboard.panels.notes.annotate_places import pins_of, show_places
from dashboard.panels.notes.annotate_tags import show_tags
from dashboard.panels.refusal import show_refusal

__all__ = ["show_annotate"]

_PARTS = {"Tags": show_tags, "Correct": show_corrections, "Places": show_places, "Files": show_files}
_PART = "notes-part"


def show_annotate(desk: Desk) -> None:
    """Draw the panel, and the notes that have a place as pins on the map."""
    notebook = notebook_of(desk)
    if notebook is None:
        st.caption("The whole file is being read again, since the map shows a sample of it. One moment …")
        return
    try:
        now = notebook.annotations
    except CartographyError as error:
        show_refusal(error)
        return
    desk.draw(Overlay(pins=pins_of(desk, now)))
    refusal = notebook.refusal()
    if refusal is not None:
        show_refusal(refusal)
    parts = list(_PARTS)
    before = desk.visit.kept.get(_PART, parts[0])
    part = st.segmented_control(
        "Part", parts, default=before, required=True, key=desk.key("notes-part"), label_visibility="collapsed"
    )
    desk.visit.kept[_PART] = part or before
    _PARTS[part or before](desk, notebook, now)
    show_steps(desk, notebook)
    if notebook.warnings:
        st.html(bullets(notebook.warnings))
    st.html(f"<p class='ec-sub' data-testid='notes-kept'>{safe(notebook.where)}</p>")
