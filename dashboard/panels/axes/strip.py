"""Items along an axis, a strip for each group: the data, and the chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.inspection.wording import cut, told_apart
from cartography.items import title
from cartography.records import EmbeddingSet
from dashboard.panels.dense import BY_ROWS, dense

if TYPE_CHECKING:
    import altair as alt

__all__ = ["MOST_DRAWN", "MOST_GROUPS", "groups_along", "strip_chart", "strip_table"]

MOST_DRAWN = 3_000
MOST_GROUPS = 12
_LINE = "#33210f"
_ROW, _LONE, _AXIS = 26, 70, 34  # pixels: of a strip, of a single one, of the axis below
_LABEL = 22


def groups_along(places: NDArray[np.float32], codes: NDArray[np.int32], names: Sequence[str]) -> pd.DataFrame:
    """Return the largest groups, at most `MOST_GROUPS`, by their medians: `code`, `group`, `items`, `median`.

    `codes` (n,) are -1 for items in no group; items without a place do not count.
    """
    known = np.isfinite(places) & (codes >= 0)
    sizes = np.bincount(codes[known], minlength=len(names))
    largest = [int(code) for code in np.argsort(-sizes, kind="stable")[:MOST_GROUPS] if sizes[code]]
    table = pd.DataFrame(
        {
            "code": largest,
            "group": told_apart([names[code] for code in largest], _LABEL),
            "items": sizes[largest],
            "median": [float(np.median(places[known & (codes == code)])) for code in largest],
        }
    )
    return table.sort_values("median", ascending=False, kind="stable", ignore_index=True)


def strip_table(
    embeddings: EmbeddingSet,
    places: NDArray[np.float32],
    codes: NDArray[np.int32],
    groups: pd.DataFrame,
    seed: int = 0,
) -> pd.DataFrame:
    """Return the dots: `item` (its title), `group`, `place`, and `jitter` from 0 to 1.

    Of more than `MOST_DRAWN` items in these groups, so many are drawn at random by the seed.
    """
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(np.isin(codes, groups["code"].to_numpy()) & np.isfinite(places))
    if len(rows) > MOST_DRAWN:
        rows = np.sort(rng.choice(rows, MOST_DRAWN, replace=False))
    called = dict(zip(groups["code"], groups["group"], strict=True))
    return pd.DataFrame(
        {
            "item": [cut(title(embeddings, int(row)), 40) for row in rows],
            "group": [called[code] for code in codes[rows].tolist()],
            "place": places[rows].astype(np.float64),
            "jitter": rng.random(len(rows)),
        }
    )


def strip_chart(
    table: pd.DataFrame, groups: pd.DataFrame, colours: Sequence[str], ends: tuple[str, str]
) -> alt.LayerChart:
    """Return a strip of dots for each row of `groups`, in its colour, with a bar at its median."""
    import altair as alt

    order = list(groups["group"])
    low, high = (cut(end, 20) for end in ends)
    words = f"← {low}   ·   {high} →"
    x = alt.X(
        "place:Q",
        title=words,
        scale=alt.Scale(zero=False, nice=False, padding=6),
        axis=alt.Axis(tickCount=5, format="~g"),
    )
    names = alt.Axis(labelLimit=110, ticks=False, domain=False, labels=len(order) > 1, grid=True)
    y = alt.Y("group:N", sort=order, title=None, axis=names)
    colour = alt.Color("group:N", scale=alt.Scale(domain=order, range=list(colours)), legend=None)
    dots = (
        alt.Chart(table)
        .mark_circle(size=12, opacity=0.55)
        .encode(
            x=x,
            y=y,
            yOffset=alt.YOffset("jitter:Q", scale=alt.Scale(domain=[-0.25, 1.25])),
            color=colour,
            tooltip=[
                alt.Tooltip("item:N", title="item"),
                alt.Tooltip("group:N", title="group"),
                alt.Tooltip("place:Q", title="place", format="+.3f"),
            ],
        )
    )
    bars = (
        alt.Chart(groups)
        .mark_tick(color=_LINE, thickness=2.5, height=_ROW - 6)
        .encode(
            x=alt.X("median:Q", title=words),
            y=y,
            tooltip=[
                alt.Tooltip("group:N", title="group"),
                alt.Tooltip("items:Q", format=","),
                alt.Tooltip("median:Q", format="+.3f"),
            ],
        )
    )
    height = (_ROW * len(order) if len(order) > 1 else _LONE) + _AXIS
    chart: Any = alt.layer(dots, bars).properties(height=height, autosize=BY_ROWS)
    return dense(chart)
