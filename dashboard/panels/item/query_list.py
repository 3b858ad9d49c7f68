"""The items that are asked about together: their mean is the query, until the list is cleared."""

from __future__ import annotations

import streamlit as st

from cartography.inspection.nearness.query import Query
from cartography.inspection.wording import counted
from dashboard.desk import Desk
from dashboard.panels.item.entries import entry_of
from dashboard.panels.item_list import show_items

__all__ = ["add_to_query", "query_at", "rows_asked", "show_query_list"]

_KEPT = "query"


def rows_asked(desk: Desk) -> tuple[int, ...]:
    """Return the items in the list, in the order in which they were added."""
    n = len(desk.built.embeddings)
    return tuple(row for row in desk.visit.kept.get(_KEPT, ()) if row < n)


def query_at(desk: Desk, row: int) -> Query:
    """Return what is asked: the items in the list, or one item while there is none."""
    return Query(rows=rows_asked(desk) or (row,))


def add_to_query(desk: Desk, *rows: int) -> None:
    """Add items to the list, each once."""
    desk.visit.kept[_KEPT] = tuple(dict.fromkeys((*rows_asked(desk), *map(int, rows))))


def _take_away(desk: Desk, row: int) -> None:
    desk.visit.kept[_KEPT] = tuple(one for one in rows_asked(desk) if one != row)


def show_query_list(desk: Desk, row: int) -> None:
    """Draw the button that adds an item, and the list when there is one."""
    asked = rows_asked(desk)
    add, clear = st.columns(2)
    add.button(
        "Add to query",
        icon=":material/add:",
        key=desk.key("query-add"),
        help="Ask with several items at once: what is near their mean",
        disabled=row in asked,
        on_click=add_to_query,
        args=(desk, row),
        width="stretch",
    )
    if not asked:
        return
    clear.button("Clear query", key=desk.key("query-clear"), on_click=desk.visit.kept.pop, args=(_KEPT, None))
    items = counted(len(asked), "item").upper()
    st.html(f"<p class='ec-head'>THE QUERY · {'THE MEAN OF ' if len(asked) > 1 else ''}{items}</p>")
    entries = [entry_of(desk, one, "", 0.0) for one in asked]
    show_items(entries, "Items in the query", "query-items", desk.select, lambda one: _take_away(desk, one))
