"""Charts about borders: which groups are taken for one another, and how well two of them are told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from cartography.inspection.borders.confusion import Confusion
from cartography.inspection.borders.separability import Separation
from cartography.inspection.wording import told_apart
from dashboard.panels.dense import dense

if TYPE_CHECKING:
    import altair as alt

__all__ = [
    "confusion_chart",
    "confusion_table",
    "groups_table",
    "scores_chart",
    "scores_table",
]

_DRAWN, _OTHER, _LINE, _PAPER = "#8d2b1d", "#d8bf9c", "#33210f", "#fbf5e6"
_SIDE = 292  # pixels for the rows of all cells together
_AXIS = 40  # pixels for titles
_LONGEST = 20
_LARGE_UP_TO = 12  # groups whose names have room for larger letters
_NUMBERED = 7  # groups up to which the cells have room for their numbers


def confusion_table(found: Confusion) -> pd.DataFrame:
    """Return one row per cell: `a`, `b` (indices), `labelled`, `near` (names), `items`, the `share` of a row."""
    names, shares = told_apart(found.names, _LONGEST), found.shares
    cells = [(a, b) for a in range(len(names)) for b in range(len(names))]
    return pd.DataFrame(
        {
            "a": [a for a, _ in cells],
            "b": [b for _, b in cells],
            "labelled": [names[a] for a, _ in cells],
            "near": [names[b] for _, b in cells],
            "items": [int(found.counts[cell]) for cell in cells],
            "share": [float(shares[cell]) for cell in cells],
        }
    )


def confusion_chart(table: pd.DataFrame) -> alt.LayerChart:
    """Return the cells as a heat map; a click on one selects its `a` and `b` under the name "cell"."""
    import altair as alt

    order = table["labelled"].drop_duplicates().tolist()
    step = min(40, max(14, _SIDE // len(order)))
    picked = alt.selection_point("cell", fields=["a", "b"], on="click", toggle=False, empty=False)
    letters = 8 if len(order) > _LARGE_UP_TO else 10
    axis = alt.Axis(labelLimit=80, labelFontSize=letters, ticks=False, domain=False, labelOverlap=False)
    base = alt.Chart(table).encode(
        x=alt.X("near:N", sort=order, title="most neighbours are", axis=axis),
        y=alt.Y("labelled:N", sort=order, title="labelled", axis=axis),
    )
    cells = base.mark_rect(cursor="pointer").encode(
        color=alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=[_PAPER, _DRAWN]), legend=None),
        stroke=alt.condition(picked, alt.value(_LINE), alt.value(_OTHER)),
        strokeWidth=alt.condition(picked, alt.value(2.5), alt.value(0.5)),
        tooltip=[
            alt.Tooltip("labelled:N", title="labelled"),
            alt.Tooltip("near:N", title="most neighbours are"),
            alt.Tooltip("items:Q", title="items", format=","),
            alt.Tooltip("share:Q", title="of those labelled so", format=".1%"),
        ],
    )
    numbers = base.mark_text(fontSize=11).encode(
        text=alt.Text("items:Q", format=",") if len(order) <= _NUMBERED else alt.value(""),
        color=alt.condition("datum.share > 0.5", alt.value(_PAPER), alt.value(_LINE)),
    )
    longest = max(map(len, order))
    height = step * len(order) + _AXIS + round(min(80, 0.6 * letters * longest))  # names below are upright
    chart: Any = alt.layer(cells.add_params(picked), numbers).properties(height=height)
    return dense(chart)


def groups_table(found: Confusion) -> pd.DataFrame:
    """Return one row per group: its items, recall (`at home`) and precision (`pure`)."""
    return pd.DataFrame(
        {
            "group": found.names,
            "items": found.counts.sum(axis=1),
            "at home": found.recall,
            "pure": found.precision,
        }
    )


def scores_table(found: Separation) -> pd.DataFrame:
    """Return one row per classifier: its area under the curve, and what shuffled labels give."""
    rows = [("straight border", found.linear.auc), (f"{found.k} neighbours", found.neighbours.auc)]
    return pd.DataFrame(
        [(name, score.value, score.chance, score.top) for name, score in rows],
        columns=["classifier", "score", "chance", "top"],
    )


def scores_chart(table: pd.DataFrame) -> alt.LayerChart:
    """Return a bar per classifier; a tick marks the mean of shuffled labels, a line goes to their 95th percentile."""
    import altair as alt

    tooltip = [
        alt.Tooltip("classifier:N", title="classifier"),
        alt.Tooltip("score:Q", title="told apart", format=".3f"),
        alt.Tooltip("chance:Q", title="by chance", format=".3f"),
        alt.Tooltip("top:Q", title="95% of shuffles below", format=".3f"),
    ]
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(table).encode(
        y=alt.Y("classifier:N", sort=None, title=None, axis=alt.Axis(labelLimit=120)), tooltip=tooltip
    )
    axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".2f", title="pairs told apart (0.5 is chance)")
    bars = base.mark_bar(color=_DRAWN, height=14, cornerRadiusEnd=1).encode(
        x=alt.X("score:Q", scale=scale, axis=axis)
    )
    reach = base.mark_rule(color=_OTHER, strokeWidth=3).encode(x=alt.X("chance:Q", scale=scale), x2="top:Q")
    ticks = base.mark_tick(color=_LINE, thickness=2, height=20).encode(x=alt.X("chance:Q", scale=scale))
    chart: Any = alt.layer(bars, reach, ticks).properties(height=92)
    return dense(chart)
