"""Everything about one item: its id and the fields of its card."""

from __future__ import annotations

import streamlit as st

from cartography.items import fields
from dashboard.desk import Desk
from dashboard.panels.markup import definitions

__all__ = ["show_particulars"]


def show_particulars(desk: Desk) -> None:
    """Draw all that is known of the item last chosen."""
    row = desk.selected
    if row is None:
        return
    embeddings = desk.built.embeddings
    pairs = [("id", embeddings.ids[row]), *fields(embeddings, row, desk.built.scene.colouring.column)]
    st.html(definitions(pairs))
