"""The items as a table that keeps step with the map: what is selected there is listed here, a click turns both."""

from __future__ import annotations

import streamlit as st

from cartography.inspection.wording import counted
from cartography.records.arrays import digest
from dashboard.desk import Desk
from dashboard.item_sets import SETS
from dashboard.panels.markup import safe
from dashboard.table import TABLES, TableView
from dashboard.table.grid import show_grid

__all__ = ["show_table", "table_words"]


def show_table(desk: Desk, height: int = 320) -> None:
    """Draw the selected items as a table of this many pixels, or all of them when nothing is selected."""
    words = table_words(len(desk.built.embeddings), len(desk.rows) if desk.lit is not None else None, desk.says)
    if desk.lit is not None and not len(desk.rows):
        st.html(f"<p class='ec-sub' data-testid='table-count'>{safe(words, 300)}</p>")
        return
    token, view = _published(desk)
    more = f" · the first {len(view.columns)} columns, an item's card shows all" if view.left_out else ""
    st.html(f"<p class='ec-sub' data-testid='table-count'>{safe(words, 300)}{more}</p>")
    show_grid(
        view,
        token,
        key=desk.key("table"),
        label="Items",
        selected=desk.selected,
        height=height,
        on_choose=desk.select,
    )


def table_words(total: int, lit: int | None, says: str) -> str:
    """Return what the table lists: "406 items", or "79 of 406 items: Origin: Japan"."""
    if lit is None:
        return counted(total, "item")
    return f"{lit:,} of {total:,} items" + (f": {says}" if says else "")


def _published(desk: Desk) -> tuple[str, TableView]:
    """The table of what is selected and its token; the same ones for everybody who sees the same items."""
    embeddings = desk.built.embeddings
    lit = SETS.keep(desk.lit, desk.says).key if desk.lit is not None else ""
    key = digest(embeddings.fingerprint, sorted(embeddings.roles.items()), lit)
    return TABLES.serve(key, lambda: TableView(embeddings, desk.rows if lit else None))
