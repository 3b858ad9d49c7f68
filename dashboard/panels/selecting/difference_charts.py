"""What sets a selection apart, as small charts: shares of values and words, and how numbers and dates are spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.columns import Column, Columns
from cartography.inspection.explain import Difference, Explanation
from cartography.inspection.wording import told_apart
from dashboard.panels.dense import BY_ROWS, dense

if TYPE_CHECKING:
    import altair as alt

__all__ = [
    "OTHERS",
    "THESE",
    "Pictured",
    "legend",
    "pictured",
    "share_chart",
    "share_table",
    "spread_chart",
    "spread_table",
]

THESE, OTHERS = "these", "all others"
_COLOURS = ["#8d2b1d", "#d8bf9c"]
_VALUES = 6  # of a column that are drawn
_BINS, _WHOLE = 24, 40
_MIDDLE = (0.005, 0.995)  # of the numbers that are drawn
_LABEL = 26
_HEIGHT, _ROW = 90, 18  # pixels: of histograms, of a pair of bars


@dataclass(frozen=True, eq=False)
class Pictured:
    """What a chart is about: a kind of differences in one column, and its data."""

    kind: str
    column: str
    table: pd.DataFrame

    @property
    def title(self) -> str:
        """What stands above the chart."""
        return f"Words in {self.column}" if self.kind == "word" else self.column

    def drawn(self) -> alt.Chart:
        """Return the chart that fits the kind."""
        return spread_chart(self.table) if self.kind in ("number", "date") else share_chart(self.table)


def pictured(columns: Columns, selected: NDArray[np.bool_], found: Explanation) -> tuple[Pictured, ...]:
    """Return the data of one chart for each column and kind of difference, strongest first."""
    groups: dict[tuple[str, str], list[Difference]] = {}
    for one in found.of_columns:
        groups.setdefault((one.kind, one.column), []).append(one)
    by_name = {str(name): columns[name] for name in columns}
    return tuple(
        Pictured(kind, name, _table(kind, by_name[name], selected, own)) for (kind, name), own in groups.items()
    )


def _table(kind: str, column: Column, selected: NDArray[np.bool_], own: list[Difference]) -> pd.DataFrame:
    if kind in ("number", "date"):
        return spread_table(column, selected)
    return share_table(column, selected, own)


def share_table(column: Column, selected: NDArray[np.bool_], told: list[Difference]) -> pd.DataFrame:
    """Return rows `value`, `side`, `share` and `count`, two for each value.

    First come the values told, then the others that differ most. Of words, and where values are missing, only what
    is told is there.
    """
    lines = [
        (one.value or "(missing)", one.typical_inside, one.typical_outside, one.inside, one.outside) for one in told
    ]
    if told[0].kind == "category" and told[0].value:
        lines += _other_values(column, selected, {one.value for one in told})
    names = told_apart([line[0] for line in lines], _LABEL)
    return pd.DataFrame(
        [
            row
            for name, (_, here, there, inside, outside) in zip(names, lines, strict=True)
            for row in ((name, THESE, here, inside), (name, OTHERS, there, outside))
        ],
        columns=["value", "side", "share", "count"],
    )


def _other_values(
    column: Column, selected: NDArray[np.bool_], told: set[str]
) -> list[tuple[str, float, float, int, int]]:
    codes = column.codes[selected]
    inside = np.bincount(codes[codes >= 0], minlength=len(column.names))
    outside = column.counts - inside
    here, there = inside / len(codes), outside / (len(selected) - len(codes))
    lines: list[tuple[str, float, float, int, int]] = []
    for code in np.argsort(-np.abs(here - there), kind="stable")[:_VALUES].tolist():
        if column.names[code] not in told and len(lines) + len(told) < _VALUES:
            counts = int(inside[code]), int(outside[code])
            lines.append((column.names[code], float(here[code]), float(there[code]), *counts))
    return lines


def spread_table(column: Column, selected: NDArray[np.bool_]) -> pd.DataFrame:
    """Return rows `start`, `end`, `side`, `share` and `count`: histograms of numbers or dates on both sides.

    Drawn are the middle 99 % of the numbers; shares are those of all numbers on a side.
    """
    numbers = column.numbers
    assert numbers is not None, "a column of numbers or dates"  # noqa: S101
    known = np.isfinite(numbers)
    edges = _edges(numbers[known])
    parts = []
    for side, rows in ((OTHERS, known & ~selected), (THESE, known & selected)):
        values = numbers[rows]
        counts, _ = np.histogram(values, edges)
        share = counts / max(len(values), 1)
        parts.append(
            pd.DataFrame({"start": edges[:-1], "end": edges[1:], "side": side, "share": share, "count": counts})
        )
    table = pd.concat(parts, ignore_index=True)
    if column.kind == "dates":
        for name in ("start", "end"):
            table[name] = pd.to_datetime(table[name].astype("int64"))
    return table


def _edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    low, high = np.quantile(values, _MIDDLE)
    if high - low <= _WHOLE and (values == np.round(values)).all():
        return np.arange(np.floor(low) - 0.5, np.ceil(high) + 1)
    return np.linspace(low, high if high > low else low + 1, _BINS + 1)


def share_chart(table: pd.DataFrame) -> alt.Chart:
    """Return pairs of bars: the share of each value among these and among all others."""
    import altair as alt

    order = list(dict.fromkeys(table["value"]))
    chart: Any = (
        alt.Chart(table)
        .mark_bar(cornerRadiusEnd=1)
        .encode(
            y=alt.Y("value:N", sort=order, title=None, axis=alt.Axis(labelLimit=130, ticks=False, domain=False)),
            yOffset=alt.YOffset("side:N", sort=[THESE, OTHERS]),
            x=alt.X("share:Q", title=None, axis=alt.Axis(format=".0%", tickCount=4)),
            color=_side(alt),
            tooltip=[
                alt.Tooltip("value:N", title="value"),
                alt.Tooltip("side:N", title="among"),
                alt.Tooltip("share:Q", title="share", format=".1%"),
                alt.Tooltip("count:Q", title="items", format=","),
            ],
        )
        .properties(height=_ROW * len(order), autosize=BY_ROWS)
    )
    return dense(chart)


def spread_chart(table: pd.DataFrame) -> alt.Chart:
    """Return two histograms over each other, each of the shares of its own side."""
    import altair as alt

    dated = pd.api.types.is_datetime64_any_dtype(table["start"])
    scale = "T" if dated else "Q"
    shown = "%Y-%m-%d" if dated else ",.4~g"
    place = alt.Scale(zero=False, nice=False)
    chart: Any = (
        alt.Chart(table)
        .mark_bar(opacity=0.68, binSpacing=0)
        .encode(
            x=alt.X(f"start:{scale}", title=None, scale=place, axis=alt.Axis(tickCount=5)),
            x2="end",
            y2=alt.Y2Datum(0),
            y=alt.Y("share:Q", title=None, stack=None, axis=alt.Axis(format=".0%", tickCount=3)),
            color=_side(alt),
            tooltip=[
                alt.Tooltip(f"start:{scale}", title="from", format=shown),
                alt.Tooltip(f"end:{scale}", title="to", format=shown),
                alt.Tooltip("side:N", title="among"),
                alt.Tooltip("share:Q", title="share", format=".1%"),
                alt.Tooltip("count:Q", title="items", format=","),
            ],
        )
        .properties(height=_HEIGHT)
    )
    return dense(chart)


def _side(alt: Any) -> Any:
    """The colour of a side; `legend` tells of them once for all charts."""
    return alt.Color("side:N", scale=alt.Scale(domain=[THESE, OTHERS], range=_COLOURS), legend=None)


def legend() -> str:
    """Return in HTML which colour stands for which side."""
    sides = zip((THESE, OTHERS), _COLOURS, strict=True)
    return "".join(f"<span><i style='background:{colour}'></i>{side}</span>" for side, colour in sides)
