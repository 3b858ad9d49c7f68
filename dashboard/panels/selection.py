"""The items inside the lasso: how many, which, and as a file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from cartography.items import title, title_column
from cartography.pipeline import BuiltMap
from dashboard.panels.download import offer_file

__all__ = ["show_selection"]

_SHOWN = 500


def show_selection(built: BuiltMap, inside: NDArray[np.bool_]) -> None:
    """Draw the selection as a table of its first items, with the whole of it to download."""
    rows = np.flatnonzero(inside)
    total = len(built.embeddings)
    if not len(rows):
        st.caption(
            "Nothing is selected. Hold Shift and draw a loop around items on the map, or use the lasso button."
        )
        return
    st.html(
        f"<p class='ec-item' data-testid='selection-count'>{len(rows):,} of {total:,} items "
        f"({len(rows) / total:.1%})</p>"
    )
    st.dataframe(_table(built, rows[:_SHOWN]), height=360, hide_index=True, width="stretch")
    if len(rows) > _SHOWN:
        st.caption(f"The table shows the first {_SHOWN}; the file holds all {len(rows):,}.")
    items = built.embeddings.items
    offer_file(
        "Download selection",
        lambda: items.iloc[rows].to_csv().encode("utf-8-sig"),
        "selection.csv",
        "text/csv",
        key="download-selection",
    )


def _table(built: BuiltMap, rows: NDArray[np.intp]) -> pd.DataFrame:
    """The items with their title first and their own columns behind."""
    items = built.embeddings.items.iloc[rows]
    named = title_column(built.embeddings)
    rest = items.drop(columns=[named] if named else [])
    first = [title(built.embeddings, int(row)) for row in rows]
    table = rest.reset_index()
    table.insert(0, named if named and named != "id" else "item", first)
    return table.map(lambda cell: str(cell)[:300] if isinstance(cell, (list, dict, bytes, np.ndarray)) else cell)
