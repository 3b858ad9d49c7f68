"""The same numbers as charts: time against quality, and time against size. SVG under docs/pictures/, by Altair."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.engine_cells import CELLS
from benchmarks.engine_labels import Frame, placed
from benchmarks.engine_report import PAGE, summaries
from benchmarks.engine_results import Results
from benchmarks.engine_scaling import EXACT, NEAR, PUSHED, SPRUNG
from benchmarks.engine_scaling_report import medians

PICTURES = PAGE.parent / "pictures"
LARGEST = 100_000  # bytes
WIDTH, HEIGHT = 350, 280
_TICKS = [mark * 10.0**power for power in range(-2, 5) for mark in (1, 2, 5)]
_FONT = "Helvetica, Arial, sans-serif"
_INK, _PALE, _GRID = "#24292f", "#d0d7de", "#eaeef2"
_PEOPLE = {"ours": "#0b6e4f", "umap-learn": "#c8553d", "openTSNE": "#3d5a80", "PaCMAP": "#8a5aa8"}
_STAGES = {EXACT: "#8c6d1f", NEAR: "#c8553d", PUSHED: "#0b6e4f", SPRUNG: "#3d5a80"}
_STARTS = {"warm": "on the shared graph, warm", "cold": "from the file, new process"}
_MEASURES = {"knn15": "true neighbours kept (knn15)", "triplet": "random triplets in order"}


def write_chart(results: Results, name: str, folder: Path = PICTURES) -> str:
    """Write the chart of a data set, or of scaling, and return the line of Markdown that shows it."""
    made = scaling(results) if name == "scaling" else time_against_quality(results, name)
    svg = as_svg(made)
    if len(svg.encode()) > LARGEST:
        raise ValueError(f"the chart of {name} has {len(svg.encode()):,} bytes, more than {LARGEST:,}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"engine_{name}.svg").write_text(svg, encoding="utf-8")
    said = "Seconds against items" if name == "scaling" else f"Quality against seconds for {name}"
    return f"![{said}](pictures/engine_{name}.svg)"


def as_svg(chart: Any) -> str:
    """Return the chart as SVG with its texts as texts."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def time_against_quality(results: Results, name: str) -> Any:
    """Return the maps of one data set: right is slower, up is better, a stroke is the range over the seeds."""
    import altair as alt

    table = quality_table(results, name)
    panels = [_panel(table[table["measure"] == measure], title) for measure, title in _MEASURES.items()]
    return _styled(alt.hconcat(*panels, spacing=28), f"{name}: quality against time")


def quality_table(results: Results, name: str) -> pd.DataFrame:
    """Return a row for every map and measure."""
    rows = []
    for cell, summary in summaries(results, name).items():
        known = CELLS[cell]
        if known.start not in _STARTS or known.finds_neighbours:
            continue
        for measure in _MEASURES:
            low, high = summary.span(measure)
            rows.append(
                {
                    "label": cell.replace(" cold", ""),
                    "who": known.who,
                    "start": _STARTS[known.start],
                    "measure": measure,
                    "seconds": summary.median("seconds"),
                    "value": summary.median(measure),
                    "low": low,
                    "high": high,
                }
            )
    columns = ["label", "who", "start", "measure", "seconds", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _panel(table: pd.DataFrame, title: str) -> Any:
    """One measure: a thin line joins the warm and the cold map of one method, and bears its name once."""
    import altair as alt

    frame = Frame.around(table, WIDTH, HEIGHT)
    ticks = [value for value in _TICKS if frame.x[0] <= value <= frame.x[1]]
    axis = alt.Axis(values=ticks, format="~g", title="seconds")
    x = alt.X("seconds:Q", axis=axis, scale=alt.Scale(type="log", domain=frame.x, nice=False))
    whole = alt.Scale(domain=frame.y, nice=False, zero=False)
    y = alt.Y("value:Q", title=None, scale=whole, axis=alt.Axis(tickCount=6))
    colour = alt.Color("who:N", scale=alt.Scale(domain=list(_PEOPLE), range=list(_PEOPLE.values())), legend=None)
    shapes = alt.Scale(domain=list(_STARTS.values()), range=["circle", "diamond"])
    shape = alt.Shape("start:N", title=None, scale=shapes, legend=alt.Legend(symbolFillColor=_INK))
    base = alt.Chart(table)
    layers = [
        base.mark_line(strokeWidth=1, opacity=0.5, strokeDash=[3, 2]).encode(
            x=x, y=y, color=colour, detail="label:N"
        ),
        base.mark_rule(strokeWidth=1.5).encode(x=x, y=alt.Y("low:Q", scale=whole), y2="high:Q", color=colour),
        base.mark_point(size=80, filled=True, opacity=0.9).encode(x=x, y=y, color=colour, shape=shape),
    ]
    for label in placed(table, frame):
        text = alt.Chart(pd.DataFrame([label.row])).mark_text(
            align=label.align, dx=label.dx, dy=label.dy, fontSize=12
        )
        layers.append(text.encode(x=x, y=y, text="label:N", color=colour))
    return alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=_panel_title(title))


def _panel_title(text: str) -> Any:
    import altair as alt

    return alt.Title(text, anchor="start", fontSize=13)


def scaling(results: Results) -> Any:
    """Return seconds against items, both in powers of ten, one panel for every number of processors."""
    import altair as alt

    rows = [
        {"stage": stage, "items": n, "processors": threads, "seconds": seconds}
        for stage in _STAGES
        for (n, threads), seconds in medians(results, stage).items()
    ]
    table = pd.DataFrame(rows)
    sizes = sorted(set(table["items"]))
    y = alt.Y("seconds:Q", scale=alt.Scale(type="log"), axis=alt.Axis(values=_TICKS, format="~g"))
    x = alt.X("items:Q", scale=alt.Scale(type="log", nice=False), axis=alt.Axis(values=sizes, format="~s"))
    stages = alt.Scale(domain=list(_STAGES), range=list(_STAGES.values()))
    colour = alt.Color("stage:N", title=None, scale=stages)
    panels = []
    for threads, part in table.groupby("processors"):
        line = alt.Chart(part).mark_line(point=alt.OverlayMarkDef(size=40), strokeWidth=2)
        title = _panel_title(f"{threads} processor{'s' if threads > 1 else ''}")
        panels.append(line.encode(x=x, y=y, color=colour).properties(width=WIDTH, height=HEIGHT, title=title))
    return _styled(alt.hconcat(*panels, spacing=28).resolve_scale(y="shared"), "seconds against items")


def _styled(chart: Any, title: str) -> Any:
    """White ground, so that the picture is legible on a dark page too; texts large enough at the page's width."""
    import altair as alt

    return (
        chart.properties(title=alt.Title(title, fontSize=15, offset=10), background="white", padding=12)
        .configure(font=_FONT)
        .configure_title(color=_INK, font=_FONT)
        .configure_axis(
            labelFontSize=12,
            titleFontSize=12,
            labelColor=_INK,
            titleColor=_INK,
            gridColor="#eaeef2",
            domainColor=_PALE,
        )
        .configure_legend(orient="bottom", labelFontSize=12, labelColor=_INK, columns=4, labelLimit=320)
        .configure_view(stroke=_PALE)
    )
