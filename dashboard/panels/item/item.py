"""One item: what it is, what is near it in the original space, the way to others, and everything about it."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cartography.items import title
from cartography.neighbours import nearest_to
from cartography.pictures import picture
from cartography.pipeline import BuiltMap
from dashboard.desk import Desk
from dashboard.panels.item.between import measuring, show_between
from dashboard.panels.item.neighbours import show_neighbours
from dashboard.panels.item.particulars import show_particulars
from dashboard.panels.item.query_list import query_at, show_query_list
from dashboard.panels.markup import pictured, safe

__all__ = ["neighbours_of", "show_item"]

_SHOWN = 10
_PICTURE = 192  # pixels a side


def neighbours_of(built: BuiltMap, row: int, k: int = _SHOWN) -> tuple[NDArray[np.integer], NDArray[np.float32]]:
    """Return rows and distances of the k items nearest in the original space: from the graph, else computed now."""
    graph = built.neighbours
    if graph is not None and graph.n_neighbors >= min(k, len(built.embeddings) - 1):
        return graph.indices[row, :k], graph.distances[row, :k]
    query = built.prepared.vectors[row]
    rows, distances = nearest_to(built.prepared, query, k, str(built.recipe.metric), exclude=[row])
    return rows[0], distances[0]


def show_item(desk: Desk) -> None:
    """Draw the item last chosen: its title and picture, its neighbours, the way to others, all its fields."""
    row = desk.selected
    if row is None:
        st.caption("No item is chosen. Click one on the map.")
        return
    embeddings = desk.built.embeddings
    st.html(f"<p class='ec-item' data-testid='item-title'>{safe(title(embeddings, row), 300)}</p>")
    image = picture(embeddings, row, _PICTURE)
    if image:
        st.html(pictured(image))
    show_query_list(desk, row)
    show_neighbours(desk, query_at(desk, row))
    with st.expander("From here to …", expanded=measuring(desk)):
        show_between(desk)
    st.html("<p class='ec-head'>EVERYTHING ABOUT IT</p>")
    show_particulars(desk, row)
