"""One item: its card and its neighbours in the original space."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cartography.items import fields, title
from cartography.neighbours import nearest_to
from cartography.pictures import picture
from cartography.pipeline import BuiltMap
from dashboard.panels.item_list import Entry, show_items
from dashboard.panels.markup import definitions, pictured, safe

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


def show_item(built: BuiltMap, row: int, colours: tuple[str, ...], choose: Callable[[int], None]) -> None:
    """Draw the card of one item and the list of its ten nearest; a click in the list calls `choose`."""
    embeddings = built.embeddings
    st.html(f"<p class='ec-item' data-testid='item-title'>{safe(title(embeddings, row), 300)}</p>")
    image = picture(embeddings, row, _PICTURE)
    if image:
        st.html(pictured(image))
    rows, distances = neighbours_of(built, row)
    st.html(f"<p class='ec-head'>{len(rows)} NEAREST IN THE ORIGINAL SPACE · {built.recipe.metric} distance</p>")
    furthest = float(distances[-1]) or 1.0 if len(distances) else 1.0
    codes = built.scene.colouring.codes
    entries = [
        Entry(int(r), title(embeddings, int(r)), f"{d:.3g}", float(d) / furthest, colours[codes[r]])
        for r, d in zip(rows, distances, strict=True)
    ]
    show_items(entries, "Nearest items", "neighbours", choose)
    with st.expander("Everything about it", expanded=True):
        pairs = [("id", embeddings.ids[row]), *fields(embeddings, row, built.scene.colouring.column)]
        st.html(definitions(pairs))
