"""The charts one filters by: how many items each value has, and how many of them the other conditions leave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cartography.columns import Column
from cartography.inspection.bins import Bins
from cartography.inspection.filters import Histogram, written
from cartography.inspection.wording import cut
from cartography.records import Filter

if TYPE_CHECKING:
    import altair as alt

__all__ = ["BRUSH", "PICKED", "chart_notes", "chart_table", "filter_chart", "filter_of"]

BRUSH, PICKED = "brush", "picked"
"""What the selections in the charts are called."""

_LEFT, _TOTAL, _FAINT = "#8d2b1d", "#e3d2b4", 0.35
_HEIGHT, _BAR, _FRAME = 118, 20, 44  # pixels: of a histogram; of a group's bar, and of the axis below them
_TICKS = 5
_NAME = 30  # characters of a group's name beside its bar
_THOUSAND, _MILLION, _BILLION = 1e4, 1e6, 1e9
_NO_VALUE = "no value"


def chart_table(histogram: Histogram, column: Column, own: Filter | None) -> pd.DataFrame:
    """Return one row per bar: `code`, `end`, `label`, counts `total` and `left`, whether `own` keeps it (`inside`).

    Items without a value have a bar where the column holds groups, and some lack one.
    """
    bins = histogram.bins
    bars = len(bins) + (1 if bins.kind == "categories" and histogram.total[-1] else 0)
    return pd.DataFrame(
        {
            "code": np.arange(bars),
            "end": np.arange(bars) + 1,
            "label": [_label(bins, code, column) for code in range(bars)],
            "total": histogram.total[:bars],
            "left": histogram.left[:bars],
            "inside": bins.inside(own)[:bars],
        }
    )


def filter_chart(table: pd.DataFrame, bins: Bins, column: Column, start: Filter | None = None) -> alt.LayerChart:
    """Return the chart: a histogram to draw a span in, or bars to click.

    `start` is the condition that the chart shows when it appears. The specification holds nothing else that changes:
    a browser keeps what is selected in a chart for as long as only its data are new.
    """
    chart = _bars(table, bins, start) if bins.kind == "categories" else _histogram(bins, column, start)
    chart.datasets = {"bins": table.to_dict("records")}
    return chart


def filter_of(selection: Mapping[str, Any], bins: Bins) -> Filter | None:
    """Return the condition that a chart's selection asks for: whole bars, those that a span mostly covers."""
    if bins.kind == "categories":
        picked = selection.get(PICKED) or []
        codes = [
            one["code"] for one in picked if isinstance(one, Mapping) and isinstance(one.get("code"), int | float)
        ]
        return bins.picking(map(int, codes))
    span = (selection.get(BRUSH) or {}).get("code") or []
    if len(span) != 2:
        return None
    low, high = sorted(map(float, span))
    first, last = round(low), round(high) - 1
    if last < first:  # within one bar
        first = last = int((low + high) / 2)
    return bins.between(first, last)


def chart_notes(histogram: Histogram) -> list[str]:
    """Return what must be known to read the chart, in sentences."""
    bins, notes = histogram.bins, []
    few = [word for word, clipped in zip(("first", "last"), bins.clipped, strict=True) if clipped]
    if few:
        what = {"first": "all smaller values", "last": "all larger values"}
        held = " and ".join(f"the {word} bar holds {what[word]}" for word in few)
        notes.append(f"{held[0].upper()}{held[1:]}.")
    if bins.log:
        notes.append("Bars grow in ratio, because a few values are far larger than most.")
    if bins.kind != "categories" and histogram.total[-1]:
        notes.append(f"{histogram.total[-1]:,} items have no value.")
    return notes


def _histogram(bins: Bins, column: Column, start: Filter | None) -> Any:
    import altair as alt

    x = alt.X(
        "code:Q",
        scale=alt.Scale(domain=[0, len(bins)], nice=False),
        axis=alt.Axis(title=None, grid=False, tickSize=3, labelFlush=True, **_ticks(bins, column)),
    )
    across = alt.X2("end:Q")
    base = alt.Chart(alt.NamedData("bins"))
    veil = alt.BrushConfig(fill="#33210f", fillOpacity=0.07, stroke="#33210f", strokeOpacity=0.6, cursor="move")
    brush = alt.selection_interval(name=BRUSH, encodings=["x"], mark=veil, **_begun(bins, start))
    total = base.mark_bar(color=_TOTAL, binSpacing=0).encode(x=x, x2=across, y=_height("total"), y2=alt.datum(0))
    left = base.mark_bar(color=_LEFT, binSpacing=0).encode(
        x=x, x2=across, y=_height("left"), y2=alt.datum(0), opacity=_shade(), tooltip=_tooltip()
    )
    return alt.layer(total.encode(tooltip=_tooltip()).add_params(brush), left).properties(height=_HEIGHT)


def _bars(table: pd.DataFrame, bins: Bins, start: Filter | None) -> Any:
    import altair as alt

    names = f"{json.dumps([cut(label, _NAME) for label in table['label']])}[datum.value]"
    axis = alt.Axis(
        title=None, labelExpr=names, labelLimit=120, labelOverlap=False, labelFlush=False, ticks=False, domain=False
    )
    y = alt.Y("code:O", axis=axis)
    base = alt.Chart(alt.NamedData("bins"))
    picked = alt.selection_point(name=PICKED, fields=["code"], toggle="true", **_begun(bins, start))
    total = base.mark_bar(color=_TOTAL, cursor="pointer").encode(y=y, x=_length("total"), tooltip=_tooltip())
    left = base.mark_bar(color=_LEFT, cursor="pointer").encode(
        y=y, x=_length("left"), opacity=_shade(), tooltip=_tooltip()
    )
    return alt.layer(total.add_params(picked), left).properties(height=_BAR * len(table) + _FRAME)


def _begun(bins: Bins, start: Filter | None) -> dict[str, Any]:
    """What is selected when a chart appears."""
    inside = np.flatnonzero(bins.inside(start)) if start is not None else np.empty(0, np.intp)
    if not len(inside):
        return {}
    if bins.kind == "categories":
        return {"value": [{"code": int(code)} for code in inside]}
    bars = inside[inside < len(bins)]
    return {"value": {"x": [int(bars[0]), int(bars[-1]) + 1]}} if len(bars) else {}


def _height(name: str) -> Any:
    import altair as alt

    return alt.Y(
        f"{name}:Q", axis=alt.Axis(title=None, tickCount=2, format="~s", grid=False, domain=False, ticks=False)
    )


def _length(name: str) -> Any:
    import altair as alt

    return alt.X(f"{name}:Q", axis=alt.Axis(title=None, tickCount=3, format="~s", grid=False))


def _shade() -> Any:
    """Bars that the column's own condition leaves out are faint."""
    import altair as alt

    return alt.condition("datum.inside", alt.value(1), alt.value(_FAINT))


def _tooltip() -> list[Any]:
    import altair as alt

    return [
        alt.Tooltip("label:N", title="value"),
        alt.Tooltip("left:Q", title="left by the other filters", format=","),
        alt.Tooltip("total:Q", title="of all items", format=","),
    ]


def _label(bins: Bins, code: int, column: Column) -> str:
    """What one bar holds."""
    if code == len(bins):
        return _NO_VALUE
    if bins.kind == "categories":
        return bins.names[code] or f"others ({bins.others:,})"
    low, high = float(bins.edges[code]), float(bins.edges[code + 1])
    if np.isinf(low):
        return f"below {written(high, column)}"
    if np.isinf(high):
        return f"{written(low, column)} and more"
    if _single(bins):
        return written(low, column)
    end = bins.between(0, code) if code + 1 < len(bins) else None
    last = end.high if end is not None and end.high is not None else high
    return f"{written(low, column)} to {written(last, column, last=True)}"


def _ticks(bins: Bins, column: Column) -> dict[str, Any]:
    """Where the axis has marks, by the number of the edge, and what stands there; whole numbers stand mid-bar."""
    known = np.flatnonzero(np.isfinite(bins.edges))
    if _single(bins):
        known = known[:-1]
    shown = known[:: max(1, -(-len(known) // _TICKS))]
    texts = [_brief(float(edge), bins, column) if np.isfinite(edge) else "" for edge in bins.edges]
    shift = 0.5 if _single(bins) else 0.0
    return {
        "values": [float(place + shift) for place in shown],
        "labelExpr": f"{json.dumps(texts)}[floor(datum.value)]",
    }


def _single(bins: Bins) -> bool:
    """Whether every whole number has a bar of its own."""
    return bins.whole and len(bins.edges) > 1 and bool((np.diff(bins.edges) == 1).all())


def _brief(value: float, bins: Bins, column: Column) -> str:
    """An edge in few characters."""
    if bins.kind == "dates":
        days = [written(float(edge), column) for edge in bins.edges if np.isfinite(edge)]
        for ending in ("-01-01", "-01"):
            if all(day.endswith(ending) and len(day) == 10 for day in days):
                return written(value, column).removesuffix(ending)
        return written(value, column)
    for size, letter in ((_BILLION, "G"), (_MILLION, "M"), (_THOUSAND, "k")):
        if abs(value) >= size:
            scale = 1e3 if letter == "k" else size
            return f"{value / scale:.4g}{letter}"
    return written(value, column)
