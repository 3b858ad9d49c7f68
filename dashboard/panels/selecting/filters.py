"""Filters: charts of the columns that filter the map and each other, and the conditions as chips to take away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from cartography.columns import Column
from cartography.errors import CartographyError
from cartography.inspection.searching.bins import Bins
from cartography.inspection.searching.filters import Histogram, crossed, usable, words
from cartography.records import Filter
from dashboard.chosen import ALL
from dashboard.desk import Desk
from dashboard.panels.markup import label, safe
from dashboard.panels.refusal import show_refusal
from dashboard.panels.selecting.by_hand import show_by_hand
from dashboard.panels.selecting.filter_charts import chart_notes, chart_table, filter_of, filter_spec
from dashboard.panels.selecting.own_filter import OwnFilter
from dashboard.state import component_state

__all__ = ["columns_shown", "show_filters"]

_USUAL = 6  # columns that have a chart, as long as nobody asks for others
_CHARTED = ("categories", "numbers", "dates")
_NAMED = 5


def show_filters(desk: Desk) -> None:
    """Draw how many items are left, the conditions, and a chart for each column that one may filter by."""
    filters = usable(desk.chosen.filters, desk.columns)
    shown = columns_shown(desk, _asked(desk))
    try:
        found = crossed(filters, desk.columns, shown)
    except CartographyError as error:
        show_refusal(error)
        return
    _head(desk, int(found.mask.sum()))
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


def _asked(desk: Desk) -> list[str]:
    """Return the columns that are to have a chart, as the choice says that is drawn later."""
    chosen = component_state(_choice(desk))
    return list(chosen) if chosen is not None else _charted(desk)[:_USUAL]


def _choice(desk: Desk) -> str:
    return desk.key("filter-columns")


def _head(desk: Desk, left: int) -> None:
    """Say how many items are left; beside it the choice of columns, where there are more than usual."""
    names = _charted(desk)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="ec-tools-head"):
        said = f"{left:,} of {len(desk.built.embeddings):,} items are left"
        st.html(f"<p class='ec-item' data-testid='filter-count'>{said}</p>{_narrower(desk, left)}")
        if len(names) > _USUAL:
            with st.popover("Columns", icon=":material/view_column:", type="tertiary"):
                st.multiselect("Columns to filter by", names, default=names[:_USUAL], key=_choice(desk))


def _narrower(desk: Desk, left: int) -> str:
    """Say that search, lasso or a picked set leave fewer items than the conditions do, as map and table show."""
    if desk.lit is None or len(desk.rows) == left:
        return ""
    return f"<p class='ec-aside'>{len(desk.rows):,} of them are selected; these charts go by filters alone.</p>"


def _chips(desk: Desk, filters: tuple[Filter, ...]) -> None:
    """Draw each condition as a button that takes it away."""
    if not filters:
        st.html("<p class='ec-aside'>Draw a span or click rows. Dark is left, pale is all.</p>")
        return
    with st.container(horizontal=True, gap="xsmall", key="filter-chips"):
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
    """Draw one column: its name, beside it the way to filter by hand, its chart, and notes on that."""
    bins = histogram.bins
    with st.container(gap=None):
        _name(desk, column, histogram)
        if not len(bins):
            st.html("<p class='ec-aside'>No item has a value here.</p>")
            return
        own = OwnFilter(desk, column.name, "chart")
        key = desk.key(f"filter-chart-{column.name}-{own.epoch}")
        spec = filter_spec(chart_table(histogram, column, own.now), bins, column, own.start)
        st.vega_lite_chart(spec, width="stretch", key=key, on_select=_heard(key, bins, own))
        notes = chart_notes(histogram)
        if notes:
            st.html(f"<p class='ec-aside'>{' '.join(notes)}</p>")


def _name(desk: Desk, column: Column, histogram: Histogram) -> None:
    """Draw a column's name and the button for its filter by hand, whose widgets are there while it is open."""
    key = desk.key(f"filter-by-hand-{column.name}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"ec-tools-{key}"):
        st.html(f"<p class='ec-column'>{safe(column.name, 80)}</p>")
        if not len(histogram.bins):
            return
        words = label(f"{column.name} by hand", 80)
        by_hand = st.popover(words, icon=":material/tune:", type="tertiary", key=key, on_change="rerun")
        if by_hand.open:
            with by_hand:
                show_by_hand(desk, column, histogram)
        else:
            OwnFilter(desk, column.name, "hand").forget()


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
        st.html(f"<p class='ec-aside'>Texts have no chart, search them instead: {listed}.</p>")
