"""The data and the charts of an axis's evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cartography.concepts.evidence.axis_evidence import AxisEvidence
from dashboard.panels.dense import dense

if TYPE_CHECKING:
    import altair as alt

__all__ = ["angles_table", "chance_chart", "chance_table", "columns_table"]

_DRAWN, _OTHER, _LINE = "#8d2b1d", "#d8bf9c", "#33210f"
_BINS = 24
_HEIGHT = 92


def chance_table(found: AxisEvidence) -> pd.DataFrame:
    """Return the histogram of what axes between random lists reach: `start`, `end`, `lists`; empty where unknown."""
    one = found.separation
    if one is None or one.auc is None or not one.random_lists:
        return pd.DataFrame({"start": [], "end": [], "lists": []})
    values = np.asarray(one.random_lists, np.float64)
    low, high = min(0.3, values.min(), one.auc), 1.0
    counts, edges = np.histogram(values, np.linspace(np.floor(low * 10) / 10, high, _BINS + 1))
    return pd.DataFrame({"start": edges[:-1], "end": edges[1:], "lists": counts})


def chance_chart(table: pd.DataFrame, auc: float) -> alt.LayerChart:
    """Return bars of what random lists reach, and a line where this axis is."""
    import altair as alt

    scale = alt.Scale(domain=[float(table["start"].min()), 1.0], nice=False)
    title = "told apart, of pairs: axes between random lists"
    bars = (
        alt.Chart(table)
        .mark_bar(color=_OTHER, binSpacing=0)
        .encode(
            x=alt.X("start:Q", scale=scale, title=title, axis=alt.Axis(format=".0%", tickCount=5)),
            x2="end",
            y=alt.Y("lists:Q", title=None, axis=alt.Axis(tickCount=3, format="d")),
            y2=alt.Y2Datum(0),
            tooltip=[
                alt.Tooltip("start:Q", title="from", format=".0%"),
                alt.Tooltip("end:Q", title="to", format=".0%"),
                alt.Tooltip("lists:Q", title="random lists"),
            ],
        )
    )
    here = pd.DataFrame({"place": [auc], "says": [f"this axis {auc:.0%}"], "chance": [0.5]})
    line = alt.Chart(here).mark_rule(color=_DRAWN, strokeWidth=2.5).encode(x=alt.X("place:Q", scale=scale))
    words = (
        alt.Chart(here)
        .mark_text(color=_DRAWN, align="right", dx=-5, fontSize=11, fontWeight=600)
        .encode(x=alt.X("place:Q", scale=scale), y=alt.value(8), text="says:N")
    )
    coin = (
        alt.Chart(here)
        .mark_rule(color=_LINE, strokeDash=[3, 3], strokeWidth=1)
        .encode(x=alt.X("chance:Q", scale=scale))
    )
    chart: Any = alt.layer(bars, coin, line, words).properties(height=_HEIGHT)
    return dense(chart)


def angles_table(found: AxisEvidence) -> pd.DataFrame:
    """Return one row per other axis: `axis`, `degrees`, `items agree` (rank correlation), `chance`."""
    table = found.angles
    order = table["correlation"].abs().sort_values(ascending=False, kind="stable").index
    table = table.loc[order]
    return pd.DataFrame(
        {
            "axis": list(map(str, table.index)),
            "degrees": table["degrees"].to_numpy(),
            "items agree": table["correlation"].to_numpy(),
            "chance": table["chance"].to_numpy(),
        }
    )


def columns_table(found: AxisEvidence) -> pd.DataFrame:
    """Return one row per column, strongest first: `column`, `strength`, `chance`, `detail`."""
    table = found.columns
    return pd.DataFrame(
        {
            "column": list(map(str, table.index)),
            "strength": table["strength"].to_numpy(),
            "chance": table["chance"].to_numpy(),
            "detail": table["detail"].to_numpy(),
        }
    )
