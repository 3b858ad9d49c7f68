"""The charts one filters by: how many items each value has, and how many of them the other conditions leave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from cartography.columns import Column
from cartography.inspection.searching.bins import Bins
from cartography.inspection.searching.filters import Histogram, written
from cartography.records import Filter
from dashboard.panels.dense import dense

__all__ = ["BRUSH", "PICKED", "chart_notes", "chart_table", "filter_of", "filter_spec"]

BRUSH, PICKED = "brush", "picked"
"""What the selections in the charts are called."""

_LEFT, _TOTAL, _INK, _FAINT = "#8d2b1d", "#e3d2b4", "#5a4426", 0.35
_HEIGHT, _ROW, _SIDE = 90, 16, 26  # pixels: of a histogram with its axis; of a group's row; left of a histogram
_LETTER, _NAMES = 6, 104  # pixels: of a letter, about; of the longest name of a group that is shown whole
_TICKS = 5
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


@dataclass(frozen=True)
class _Plan:
    """All that a chart's specification depends on: it holds no data, so that few are ever drawn up.

    `begun` are the bars that are selected when it appears. Of groups, `most` items are in
    one, and `names` and `counts` take so many pixels; of a histogram `ticks` are the marks on its axis.
    """

    kind: str
    bars: int
    begun: tuple[int, ...]
    most: int = 0
    names: int = 0
    counts: int = 0
    ticks: tuple[tuple[float, ...], str] = ((), "''")


def filter_spec(table: pd.DataFrame, bins: Bins, column: Column, start: Filter | None = None) -> dict[str, Any]:
    """Return the chart as Vega-Lite: a histogram to draw a span in, or rows to click.

    `start` is the condition that the chart shows when it appears. The specification holds nothing else that changes:
    a browser keeps what is selected in a chart for as long as only its data are new.
    """
    return json.loads(_drawn_up(_plan(table, bins, column, start))) | {"datasets": {"bins": table}}


def _plan(table: pd.DataFrame, bins: Bins, column: Column, start: Filter | None) -> _Plan:
    begun = tuple(np.flatnonzero(bins.inside(start)[: len(table)]).tolist()) if start is not None else ()
    if bins.kind != "categories":
        return _Plan(bins.kind, len(bins), begun, ticks=_ticks(bins, column))
    most = int(table["total"].max())
    widest = int(table["label"].str.len().max())
    names = min(max(_LETTER * widest + 10, _SIDE), _NAMES)
    return _Plan(bins.kind, len(table), begun, most, names, _LETTER * len(f"{most:,}") + 8)


@lru_cache(maxsize=256)
def _drawn_up(plan: _Plan) -> str:
    """The chart as JSON; to draw one up takes longer than all else that its panel does."""
    chart = _rows(plan) if plan.kind == "categories" else _histogram(plan)
    return json.dumps(dense(chart).to_dict())


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
        notes.append("Bars grow in ratio: a few values are far larger than most.")
    if bins.kind != "categories" and histogram.total[-1]:
        notes.append(f"{histogram.total[-1]:,} items have no value.")
    return notes


def _histogram(plan: _Plan) -> Any:
    import altair as alt

    places, texts = plan.ticks
    x = alt.X(
        "code:Q",
        scale=alt.Scale(domain=[0, plan.bars], nice=False),
        axis=alt.Axis(title=None, grid=False, tickSize=3, labelFlush=True, values=list(places), labelExpr=texts),
    )
    y = alt.Axis(
        title=None, tickCount=2, format="~s", grid=False, domain=False, ticks=False, minExtent=_SIDE, maxExtent=_SIDE
    )
    base = alt.Chart(alt.NamedData("bins")).encode(x=x, x2=alt.X2("end:Q"), y2=alt.datum(0), tooltip=_tooltip())
    veil = alt.BrushConfig(fill="#33210f", fillOpacity=0.07, stroke="#33210f", strokeOpacity=0.6, cursor="move")
    begun: dict[str, Any] = {"value": {"x": [plan.begun[0], plan.begun[-1] + 1]}} if plan.begun else {}
    brush = alt.selection_interval(name=BRUSH, encodings=["x"], mark=veil, **begun)
    total = base.mark_bar(color=_TOTAL, binSpacing=0).encode(y=alt.Y("total:Q", axis=y))
    left = base.mark_bar(color=_LEFT, binSpacing=0).encode(y=alt.Y("left:Q", axis=y), opacity=_shade())
    return alt.layer(total.add_params(brush), left).properties(height=_HEIGHT)


def _rows(plan: _Plan) -> Any:
    """A row for each group - its name, its bar, how many are left - that is clicked and told of as a whole."""
    import altair as alt

    room = alt.Scale(
        domain=[0, max(plan.most, 1)], range=[plan.names, {"expr": f"width - {plan.counts}"}], nice=False
    )
    base = alt.Chart(alt.NamedData("bins")).encode(y=alt.Y("code:O", axis=None, scale=alt.Scale(padding=0)))
    begun: dict[str, Any] = {"value": [{"code": code} for code in plan.begun]} if plan.begun else {}
    picked = alt.selection_point(name=PICKED, fields=["code"], toggle="true", **begun)
    thick = {"band": 0.82}
    total = base.mark_bar(color=_TOTAL, height=thick).encode(
        x=alt.X("total:Q", scale=room, axis=None), x2=alt.datum(0)
    )
    left = base.mark_bar(color=_LEFT, height=thick).encode(
        x=alt.X("left:Q", scale=room, axis=None), x2=alt.datum(0), opacity=_shade()
    )
    words: dict[str, Any] = {"baseline": "middle", "fontSize": 11, "color": _INK}
    names = base.mark_text(align="left", limit=plan.names - 6, **words).encode(
        x=alt.value(0), text="label:N", opacity=_shade()
    )
    counts = base.mark_text(align="right", **words).encode(
        x=alt.value("width"), text=alt.Text("left:Q", format=","), opacity=_shade()
    )
    touched = base.mark_rect(opacity=0, cursor="pointer").encode(
        x=alt.value(0), x2=alt.value("width"), tooltip=_tooltip()
    )
    layers = total, left, names, counts, touched.add_params(picked)
    return alt.layer(*layers).properties(height=_ROW * plan.bars + 2)


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


def _ticks(bins: Bins, column: Column) -> tuple[tuple[float, ...], str]:
    """Where the axis has marks, by the number of the edge, and what stands there; whole numbers stand mid-bar."""
    known = np.flatnonzero(np.isfinite(bins.edges))
    if _single(bins):
        known = known[:-1]
    shown = known[:: max(1, -(-len(known) // _TICKS))]
    texts = [_brief(float(edge), bins, column) if np.isfinite(edge) else "" for edge in bins.edges]
    shift = 0.5 if _single(bins) else 0.0
    return tuple(float(place + shift) for place in shown), f"{json.dumps(texts)}[floor(datum.value)]"


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
