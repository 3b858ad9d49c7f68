"""What was added, as files: the patch and the whole table, as CSV and Parquet; and a patch read back in."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from cartography.errors import CartographyError
from cartography.inspection.correcting.patch import apply_patch, corrected_table, patch, table_notes
from cartography.inspection.correcting.patch_files import MOST_BYTES, read_patch
from cartography.inspection.wording import counted
from cartography.records import Annotations, difference
from dashboard.desk import Desk
from dashboard.notebook import Notebook
from dashboard.panels.download import offer_table
from dashboard.panels.markup import bullets
from dashboard.panels.notes.annotate_parts import fresh, renew
from dashboard.state import component_state

__all__ = ["show_files", "take_in"]

_SAID = "notes-patch-said"


def show_files(desk: Desk, notebook: Notebook, now: Annotations) -> None:
    """Draw the downloads, and the field for a patch."""
    embeddings = notebook.embeddings
    stem = Path(embeddings.name).stem[:80] or "items"
    st.html("<p class='ec-head'>THE PATCH: TAGS AND CORRECTIONS, ONE A LINE</p>")
    offer_table(lambda: patch(now, embeddings), f"{stem}.patch", key="notes-patch")
    st.html(f"<p class='ec-head'>THE WHOLE TABLE: {len(embeddings):,} ITEMS, CORRECTED, WITH TAGS</p>")
    offer_table(lambda: corrected_table(now, embeddings), f"{stem}.corrected", key="notes-table", index=True)
    st.caption(
        "In CSV, texts that a spreadsheet would run as a formula get an apostrophe before them; Parquet has them as "
        "they are. Notes, bookmarks and names of clusters are not in these files."
    )
    notes = table_notes(embeddings)
    if notes:
        st.html(bullets(notes))
    if not desk.visit.settings.read_only:
        _patch_in(desk, notebook)


def take_in(notebook: Notebook, content: bytes) -> list[str]:
    """Add what a patch says to the annotations; return sentences on what came of it.

    Raises `CartographyError` when it is none.
    """
    found = apply_patch(read_patch(content), notebook.embeddings)
    corrections = sum(map(len, found.annotations.corrections.values()))
    tagged = sum(map(len, found.annotations.tags.values()))
    change = difference(Annotations(), found.annotations)
    notebook.change("take in a patch", change.applied)
    return [f"The patch has {counted(corrections, 'correction')} and {counted(tagged, 'tag')}.", *found.notes]


def _patch_in(desk: Desk, notebook: Notebook) -> None:
    key = fresh(desk, "notes-patch")

    def read() -> None:
        upload = component_state(key)
        if upload is None:
            return
        try:
            desk.visit.kept[_SAID] = tuple(take_in(notebook, bytes(upload.getbuffer())))
        except CartographyError as error:
            desk.visit.kept.pop(_SAID, None)
            notebook.refuse(error)
        renew(desk)

    st.file_uploader(
        "Take in a patch",
        type=["csv", "parquet"],
        max_upload_size=MOST_BYTES // 1_000_000,
        key=key,
        on_change=read,
        help="A CSV or Parquet file with the columns id, column, old and new. It can be undone.",
    )
    said = desk.visit.kept.get(_SAID)
    if said:
        st.html(bullets(said))
