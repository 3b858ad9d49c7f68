"""A condition set with plain widgets: exact numbers, dates, names of groups; for keyboards and screen readers too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import streamlit as st

from cartography.columns import Column
from cartography.inspection.searching.filters import Histogram
from cartography.records import Filter
from dashboard.desk import Desk
from dashboard.panels.selecting.own_filter import OwnFilter
from dashboard.state import begin_widget, component_state

__all__ = ["day_of", "show_by_hand", "span_of"]

_MOST = 1_000  # groups to choose from, the most frequent first
_SECOND = 10**9
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def show_by_hand(desk: Desk, column: Column, histogram: Histogram) -> None:
    """Draw widgets that say the same as the chart."""
    own = OwnFilter(desk, column.name, "hand")
    lacking = int(histogram.total[-1])
    key = desk.key(f"filter-hand-{column.name}-{own.epoch}")
    if histogram.bins.kind == "categories":
        _groups(column, own, key, lacking)
    else:
        _span(column, own, key, lacking, histogram)


def span_of(column: str, low: float | None, high: float | None, missing: bool) -> Filter | None:
    """Return the condition for bounds in whatever order; None when they keep everything."""
    if low is not None and high is not None and low > high:
        low, high = high, low
    return None if low is None and high is None and not missing else Filter(column, None, low, high, missing)


def day_of(nanoseconds: float) -> date:
    """Return the day of a moment."""
    return (_EPOCH + timedelta(microseconds=nanoseconds / 1_000)).date()


def _groups(column: Column, own: OwnFilter, key: str, lacking: int) -> None:
    frequent = np.argsort(-column.counts, kind="stable")[:_MOST]
    names = [column.names[place] for place in frequent]
    now = own.start
    chosen = list(now.values or ()) if now is not None else []
    names += [name for name in chosen if name not in names]
    missing = _missing_box(own, key, lacking)

    def heard() -> None:
        values = component_state(key) or []
        without = bool(component_state(f"{key}-missing"))
        own.set(Filter(column.name, tuple(values), missing=without) if values or without else None)

    st.multiselect("Groups", names, default=chosen, key=key, on_change=heard, placeholder="Any group")
    missing(heard)
    if len(column.names) > _MOST:
        st.caption(f"These are the {_MOST:,} most frequent of {len(column.names):,} groups.")


def _span(column: Column, own: OwnFilter, key: str, lacking: int, histogram: Histogram) -> None:
    now = own.start
    dated = column.kind == "dates"
    missing = _missing_box(own, key, lacking)

    def heard() -> None:
        low, high = component_state(f"{key}-low"), component_state(f"{key}-high")
        if dated:
            low, high = _moment(low), _moment(high, last=True)
        low, high = (None if end is None else float(end) for end in (low, high))
        own.set(span_of(column.name, low, high, bool(component_state(f"{key}-missing"))))

    bounds = (now.low, now.high) if now is not None and now.values is None else (None, None)
    for place, end, title, value in zip(st.columns(2), ("low", "high"), ("From", "To"), bounds, strict=True):
        with place:
            if dated:
                _date_input(title, value, f"{key}-{end}", heard, histogram)
            else:
                _number_input(title, value, f"{key}-{end}", heard)
    missing(heard)


def _number_input(title: str, value: float | None, key: str, heard: Callable[[], None]) -> None:
    begin_widget(key, value)
    st.number_input(title, value=None, key=key, on_change=heard, placeholder="any", format="%g")


def _date_input(title: str, value: float | None, key: str, heard: Callable[[], None], histogram: Histogram) -> None:
    bins = histogram.bins
    days = [day_of(bins.low), day_of(bins.high), *([day_of(value)] if value is not None else [])]
    begin_widget(key, None if value is None else day_of(value))
    st.date_input(
        title,
        value=None,
        min_value=min(days),
        max_value=max(days),
        key=key,
        on_change=heard,
    )


def _missing_box(own: OwnFilter, key: str, lacking: int) -> Callable[[Callable[[], None]], None]:
    """Return what draws the box for items without a value, where there are some."""

    def draw(heard: Callable[[], None]) -> None:
        if lacking:
            value = own.start is not None and own.start.missing
            words = f"Also the {lacking:,} without a value"
            st.checkbox(words, value=value, key=f"{key}-missing", on_change=heard)

    return draw


def _moment(day: Any, last: bool = False) -> float | None:
    """The first moment of a day, or its last."""
    if not isinstance(day, date):
        return None
    days = (day - _EPOCH.date()).days + (1 if last else 0)
    moment = float(days * 86_400 * _SECOND)
    return float(np.nextafter(moment, -np.inf)) if last else moment
