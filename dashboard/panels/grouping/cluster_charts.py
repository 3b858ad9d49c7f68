"""The table of clusters as it is shown, and the chart of how they meet the values of a column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cartography.inspection.grouping.cluster_table import NOISE_NAME, ClusterTable
from cartography.inspection.grouping.stability import Stability
from cartography.inspection.wording import told_apart
from dashboard.panels.dense import BY_ROWS, dense

if TYPE_CHECKING:
    import altair as alt
    from pandas.io.formats.style import Styler

__all__ = ["CELL", "HELP", "dyed", "meeting_chart", "meeting_table", "shown_table"]

CELL = "cell"
"""What a click in the chart selects."""

HELP = {
    "density": "How near neighbours are, against the typical item: 2 is twice as near.",
    "cohesion": "0: as loose as all items; 1: all alike. In the original space.",
    "separation": "Neighbours inside the cluster, beyond chance: 0 is chance, 1 all of them.",
    "persistence": "How firmly the cluster stands out, in the method's own measure.",
    "stability": "How well it comes back when half the items are drawn again: 1 is always and whole.",
    "mostly": "The value that is most over-represented: its share here, and among all other items.",
}
_GREY, _PALE, _DARK = "#8d8577", "#f6ecd6", "#8d2b1d"
_CELL, _LONGEST = 24, 24


def shown_table(table: ClusterTable, names: Sequence[str], again: Stability | None = None) -> pd.DataFrame:
    """Return what is shown of each row of `table.rows`, under these names; columns without any value are left out."""
    rows = table.rows.copy()
    rows["name"] = [names[one] if one >= 0 else NOISE_NAME for one in rows["cluster"]]
    if again is not None:
        rows["stability"] = np.append(again.means, np.nan)[rows["cluster"]]
    order = ["name", "size", "share", "stability", "density", "cohesion", "separation", "persistence", "mostly"]
    kept = [one for one in order if one in rows and not (rows[one].isna().all() or (rows[one] == "").all())]
    return rows[kept]


def dyed(shown: pd.DataFrame, table: ClusterTable) -> Styler:
    """Return the table with noise in grey."""
    noise = (table.rows["cluster"] < 0).to_numpy()
    return shown.style.apply(lambda _: np.where(noise, f"color: {_GREY}", ""), axis=0)


def meeting_table(cells: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return the cells of an agreement for the chart: their position, labels of clusters and values, and shares.

    Clusters are called by `names`; labels are cut short and told apart.
    """
    table = cells.assign(**{CELL: range(len(cells))})
    known = zip(cells["cluster"], cells["cluster_name"], strict=True)
    called = [names[one] if one >= 0 else name for one, name in known]
    table["row"] = _labels(cells["cluster"], called)
    table["column"] = _labels(cells["value"], cells["value_name"])
    table["lift"] = cells["items"] / np.maximum(cells["expected"], 1e-12)
    return table[[CELL, "row", "column", "items", "of_cluster", "of_value", "lift"]]


def meeting_chart(table: pd.DataFrame, column: str) -> alt.Chart:
    """Return the heat map of clusters by values; a click selects a cell."""
    import altair as alt

    picked = alt.selection_point(name=CELL, fields=[CELL], on="click")
    label = alt.Axis(labelLimit=110, labelAngle=-40, ticks=False, domain=False)
    chart: Any = (
        alt.Chart(table)
        .mark_rect(cursor="pointer", stroke=_DARK)
        .encode(
            x=alt.X("column:N", sort=list(dict.fromkeys(table["column"])), title=column[:40], axis=label),
            y=alt.Y(
                "row:N",
                sort=list(dict.fromkeys(table["row"])),
                title=None,
                axis=alt.Axis(labelLimit=110, ticks=False, domain=False),
            ),
            color=alt.Color(
                "of_cluster:Q",
                scale=alt.Scale(domain=[0, 1], range=[_PALE, _DARK]),
                legend=alt.Legend(title="of the cluster", format=".0%", orient="bottom", gradientLength=140),
            ),
            strokeWidth=alt.condition(picked, alt.value(1.5), alt.value(0), empty=False),
            tooltip=[
                alt.Tooltip("row:N", title="cluster"),
                alt.Tooltip("column:N", title="value"),
                alt.Tooltip("items:Q", format=","),
                alt.Tooltip("of_cluster:Q", title="of the cluster", format=".1%"),
                alt.Tooltip("of_value:Q", title="of the value", format=".1%"),
                alt.Tooltip("lift:Q", title="times chance", format=".2f"),
            ],
        )
        .add_params(picked)
        .properties(height=_CELL * table["row"].nunique(), autosize=BY_ROWS)
    )
    return dense(chart)


def _labels(groups: pd.Series, names: Sequence[str] | pd.Series) -> list[str]:
    """Return one short label per cell, the same for the same group and never for two."""
    called = dict(zip(groups.tolist(), names, strict=True))
    labels = dict(zip(called, told_apart(called.values(), _LONGEST), strict=True))
    return [labels[group] for group in groups.tolist()]
