"""What sets some items apart from all others: sentences, the strongest first, and a small chart for each column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cartography.columns import columns_of
from cartography.inspection.explain import Explanation, explain
from cartography.inspection.wording import share_words
from cartography.progress import Progress, part_of
from cartography.records import EmbeddingSet
from cartography.records.arrays import digest
from dashboard.desk import Desk
from dashboard.inquiries import Question, inquire
from dashboard.panels.markup import bullets, safe
from dashboard.panels.selecting.difference_charts import Pictured, legend, pictured
from dashboard.panels.waiting import awaited

__all__ = ["Explained", "explained", "show_explanation", "sureness"]

Explained = tuple[Explanation, tuple[Pictured, ...]]
"""How some items differ from all others, and what the charts of it show."""

_CHARTS = 4
_NAME = 60


def show_explanation(desk: Desk, mask: NDArray[np.bool_], name: str = "these items") -> None:
    """Draw how the items of `mask` (n,) bool differ from all others; `name` is what they are called."""
    st.html(f"<p class='ec-head'>WHAT SETS {safe(name, _NAME).upper()} APART</p>")
    found = awaited(inquire(explained(desk.built.embeddings, mask), desk.visit), desk.key("explaining"))
    if found is not None:
        _show(*found)


def explained(embeddings: EmbeddingSet, selected: NDArray[np.bool_]) -> Question[Explained]:
    """Return the question what sets the items `selected` (n,) bool apart."""

    def find(progress: Progress) -> Explained:
        found = explain(embeddings, selected, progress=part_of(progress, 0.0, 0.95))
        return found, pictured(columns_of(embeddings), selected, found)

    return Question("explanation", digest(embeddings.fingerprint, np.packbits(selected)), find)


def _show(found: Explanation, charts: tuple[Pictured, ...]) -> None:
    by_column: dict[tuple[str, str], list[str]] = {}
    for one in found.of_columns:
        by_column.setdefault((one.kind, one.column), []).append(one.sentence)
    if charts:
        st.html(f"<p class='ec-legend'>{legend()}</p>")
    for place, chart in enumerate(charts):
        sentences = by_column[chart.kind, chart.column]
        if place < _CHARTS:
            _chart(chart, sentences)
        else:
            st.html(bullets(sentences))
    if found.of_dimensions:
        st.html("<p class='ec-head'>IN THE VECTORS THEMSELVES</p>")
        st.html(bullets([*(one.sentence for one in found.of_dimensions), _of_dimensions(found)]))
    worth = bullets([*sureness(found), *found.notes])
    st.html(f"<div data-testid='explanation' data-items='{found.inside}'>{worth}</div>")


def _chart(chart: Pictured, sentences: Sequence[str]) -> None:
    """Draw one chart below its column's name and what it says."""
    said = "".join(f"<p class='ec-told'>{safe(one, 300)}</p>" for one in sentences)
    with st.container(gap="xxsmall"):
        st.html(f"<p class='ec-column'>{safe(chart.title, _NAME)}</p>{said}")
        st.altair_chart(chart.drawn(), width="stretch")


def _of_dimensions(found: Explanation) -> str:
    count = len(found.of_dimensions)
    which = "This dimension holds" if count == 1 else f"These {count} hold"
    return (
        f"{which} {share_words(found.dimensions_hold)} of the squared distance between the two means; dimensions are "
        "counted from 0."
    )


def sureness(found: Explanation) -> list[str]:
    """Return how far what was found, or that nothing was, is to be trusted; nothing where nothing was compared."""
    if not found.tested:
        return []
    tested = f"{found.tested:,} values, numbers, words and dimensions were compared"
    if not found.differences:
        return [f"{tested}; none differs from all others by more than chance would explain."]
    return [f"{tested}; by chance alone, anything at all would be told here in at most 5% of selections."]
