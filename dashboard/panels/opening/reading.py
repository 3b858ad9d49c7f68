"""What a reading gave: the counts, what was assumed, and the first ten items."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from cartography.records import EmbeddingSet
from dashboard.panels.markup import bullets

__all__ = ["preview", "show_count", "show_reading"]

_ROWS = 10
_NUMBERS = 4
_CUT = 200


def show_count(embeddings: EmbeddingSet) -> None:
    """Draw how many items there are."""
    n, d = embeddings.vectors.shape
    st.html(f"<p class='ec-item' data-testid='reading'>{n:,} items in {d:,} dimensions</p>", width="content")


def show_reading(embeddings: EmbeddingSet) -> None:
    """Draw every note and a preview."""
    if embeddings.notes:
        st.html("<p class='ec-head'>WHAT WAS ASSUMED OR REPAIRED</p>" + bullets(embeddings.notes))
    st.html(f"<p class='ec-head'>THE FIRST {min(_ROWS, len(embeddings))} ITEMS</p>")
    st.dataframe(preview(embeddings), width="stretch", height="auto", hide_index=True)


def preview(embeddings: EmbeddingSet) -> pd.DataFrame:
    """Return the first ten items with their ids first and the head of their vectors last."""
    items = embeddings.items.iloc[:_ROWS]
    table = pd.DataFrame({"id": [str(one)[:_CUT] for one in items.index]})
    for name in items.columns:
        table[_free(str(name), table)] = [_cell(value) for value in items[name]]
    heads = [", ".join(f"{value:.4g}" for value in row[:_NUMBERS]) for row in embeddings.vectors[:_ROWS]]
    rest = ", …" if embeddings.dimensions > _NUMBERS else ""
    table[_free("vector", table)] = [f"{head}{rest}" for head in heads]
    return table


def _free(name: str, table: pd.DataFrame) -> str:
    while name in table:
        name += " "
    return name


def _cell(value: object) -> object:
    if isinstance(value, (int, float, np.number, bool, np.bool_)) or value is None:
        return value
    return None if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)[:_CUT]
