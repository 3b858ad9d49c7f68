"""How much of the differences between items each principal component holds, as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.panels.dense import dense

if TYPE_CHECKING:
    import altair as alt

__all__ = ["scree_chart", "scree_table", "scree_words"]

_DRAWN, _OTHER, _LINE = "#8d2b1d", "#d8bf9c", "#33210f"
_HEIGHT = 160


def scree_table(shares: Sequence[float], drawn: Sequence[int]) -> pd.DataFrame:
    """Return one row per component, from 1: its `share`, the `sum` up to it, and whether it is on the map."""
    table = pd.DataFrame({"component": range(1, len(shares) + 1), "share": list(shares)})
    table["sum"] = table["share"].cumsum()
    table["drawn"] = table["component"].isin(drawn)
    return table


def scree_words(table: pd.DataFrame) -> str:
    """Return what the chart says, in one sentence."""
    seen, held = table.loc[table["drawn"], "share"].sum(), table["sum"].iloc[-1]
    return f"The map shows {seen:.1%} of the variance; the first {len(table)} components hold {held:.1%}."


def scree_chart(table: pd.DataFrame) -> alt.LayerChart:
    """Return bars of the shares, those on the map in another colour, and the line of their sums."""
    import altair as alt

    tooltip = [
        alt.Tooltip("component:O", title="component"),
        alt.Tooltip("share:Q", title="share", format=".1%"),
        alt.Tooltip("sum:Q", title="so far", format=".1%"),
    ]
    base = alt.Chart(table).encode(
        x=alt.X("component:O", title="component", axis=alt.Axis(labelAngle=0)), tooltip=tooltip
    )
    axis = alt.Axis(format=".0%", tickCount=5, title="share of the variance")
    bars = base.mark_bar(cornerRadiusEnd=1).encode(
        y=alt.Y("share:Q", axis=axis, scale=alt.Scale(domainMin=0)),
        color=alt.condition("datum.drawn", alt.value(_DRAWN), alt.value(_OTHER)),
    )
    line = base.mark_line(color=_LINE, strokeWidth=1.3, point=alt.OverlayMarkDef(color=_LINE, size=22))
    chart: Any = alt.layer(bars, line.encode(y=alt.Y("sum:Q", axis=axis))).properties(height=_HEIGHT)
    return dense(chart)
