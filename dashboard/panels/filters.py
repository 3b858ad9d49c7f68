"""Filters: charts of the columns that filter the map and each other, and the conditions as chips to take away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from cartography.columns import Column
from cartography.errors import CartographyError
from cartography.inspection.bins import Bins
from cartography.inspection.filters import Histogram, crossed, usable, words
from cartography.records import Filter
from dashboard.chosen import ALL
from dashboard.desk import Desk
from dashboard.panels.by_hand import show_by_hand
from dashboard.panels.filter_charts import chart_notes, chart_table, filter_chart, filter_of
from dashboard.panels.markup import label, safe
from dashboard.panels.own_filter import OwnFilter
from dashboard.panels.refusal import show_refusal
from dashboard.state import component_state

__all__ = ["columns_shown", "show_filters"]

_USUAL = 6  # columns that have a chart, as long as nobody asks for others
_CHARTED = ("categories", "numbers", "dates")
_NAMED = 5


def show_filters(desk: Desk) -> None:
    """Draw how many items are left, the conditions, and a chart for each column that one may filter by."""
    filters = usable(desk.chosen.filters, desk.columns)
    shown = columns_shown(desk, _choose_columns(desk))
    try:
        found = crossed(filters, desk.columns, shown)
    except CartographyError as error:
        show_refusal(error)
        return
    left, total = int(found.mask.sum()), len(desk.built.embeddings)
    st.html(f"<p class='ec-item' data-testid='filter-count'>{left:,} of {total:,} items are left</p>")
    _chips(desk, filters)
    for name in shown:
        if name in found.histograms:
            _column(desk, desk.columns[name], found.histograms[name])
    _texts(desk)


def columns_shown(desk: Desk, asked: list[str]) -> list[str]:
    """Return the columns that have a chart: those asked for, and all that are filtered by."""
    filtered = {one.column for one in desk.chosen.filters}
    return [name for name in _charted(desk) if name in asked or name in filtered]


def _charted(desk: Desk) -> list[str]:
    return [column.name for column in desk.columns.of_kind(*_CHARTED)]


def _choose_columns(desk: Desk) -> list[str]:
    """Draw the choice of columns, where there are more than usual."""
    names = _charted(desk)
    if len(names) <= _USUAL:
        return names
    with st.popover("Columns", icon=":material/view_column:"):
        chosen = st.multiselect("Columns to filter by", names, default=names[:_USUAL], key=desk.key("filter-columns"))
    return list(chosen)


def _chips(desk: Desk, filters: tuple[Filter, ...]) -> None:
    """Draw each condition as a button that takes it away."""
    if not filters:
        st.caption("Draw a span in a chart, or click bars; click again to take that back.")
        return
    with st.container(horizontal=True, gap="small"):
        for one in filters:
            st.button(
                label(words(one, desk.columns), 120),
                icon=":material/close:",
                key=desk.key(f"filter-chip-{one.column}"),
                help="Take this filter away",
                on_click=desk.filter,
                args=(one.column, None),
            )
        if len(filters) > 1:
            st.button("Clear all", type="tertiary", key=desk.key("filter-clear"), on_click=_clear, args=(desk,))


def _clear(desk: Desk) -> None:
    chosen = desk.chosen
    for one in chosen.filters:
        chosen = chosen.filtered(one.column, None)
    desk.choose(chosen or ALL)


def _column(desk: Desk, column: Column, histogram: Histogram) -> None:
    """Draw one column: its name, its chart, and the same by hand."""
    st.html(f"<p class='ec-head'>{safe(column.name, 80)}</p>")
    bins = histogram.bins
    if not len(bins):
        st.caption("No item has a value here.")
        return
    own = OwnFilter(desk, column.name, "chart")
    start = own.start
    table = chart_table(histogram, column, own.now)
    key = desk.key(f"filter-chart-{column.name}-{own.epoch}")
    st.altair_chart(
        filter_chart(table, bins, column, start), width="stretch", key=key, on_select=_heard(key, bins, own)
    )
    notes = chart_notes(histogram)
    if notes:
        st.caption(" ".join(notes))
    with st.expander("By hand"):
        show_by_hand(desk, column, histogram)


def _heard(key: str, bins: Bins, own: OwnFilter) -> Callable[[], None]:
    """What happens when something is selected in a chart."""

    def heard() -> None:
        state: Any = component_state(key)
        own.set(filter_of(state["selection"] if state else {}, bins), bins)

    return heard


def _texts(desk: Desk) -> None:
    """Say which columns have no chart, and what to do instead."""
    names = [column.name for column in desk.columns.of_kind("texts")]
    if names:
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        listed = ", ".join(safe(name, 40) for name in names[:_NAMED]) + more
        st.html(f"<p class='ec-sub'>Texts have no chart, search them instead: {listed}.</p>")
