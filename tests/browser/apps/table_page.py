"""A page with one table and, in words, what Python knows about it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.table import TABLES, TableView
from dashboard.table.grid import show_grid
from tests.browser.apps.table_items import N, items

st.set_page_config(layout="wide", page_title="table")

memory = st.session_state
memory.setdefault("chosen", None)


def choose(row: int) -> None:
    memory.chosen = row


rows = np.arange(0, N, 1000) if memory.get("few") else None
token, view = TABLES.serve(f"items {rows is None}", lambda: TableView(items(), rows))
show_grid(view, token, key="table", label="Items", selected=memory.chosen, on_choose=choose)
st.text(f"chosen {memory.chosen}")
st.button("Choose 77000", on_click=choose, args=(77000,))
st.toggle("Few", key="few")
