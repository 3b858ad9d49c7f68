"""The map as an Altair chart, for notebooks and as a fallback: the painted land with points that can be selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cartography.drawing.compose import Page
from cartography.drawing.names.lettering import cleaned, shortened
from cartography.drawing.painted.flecks import fleck_radius
from cartography.drawing.painted.raster import data_url
from cartography.records import Colouring

if TYPE_CHECKING:
    import altair as alt

__all__ = ["MOST_POINTS", "altair_chart"]

MOST_POINTS = 5_000
"""A browser draws so many SVG points without stumbling; of more a fair sample is shown."""
_LEGEND_GROUPS = 30


def altair_chart(page: Page, ids: Sequence[str] | None = None) -> alt.LayerChart:
    """Return the land as an image below at most 5,000 points; `ids` (n,) name the items, else their rows do.

    The selection `picked` holds the field `id`; both axes have one scale. Items, legend and title that are hidden on
    the page are left out here too.
    """
    import altair as alt

    table = _points(page, ids)
    window = page.window
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[window.x0, window.x1], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[window.y0, window.y1], nice=False, zero=False))
    middle = [{"x": (window.x0 + window.x1) / 2, "y": (window.y0 + window.y1) / 2, "url": data_url(page.land())}]
    land = alt.Chart(pd.DataFrame(middle)).mark_image(width=page.width, height=page.height)
    picked = alt.selection_point(name="picked", fields=["id"], on="click", empty=True)
    points = alt.Chart(table).mark_circle(
        size=float(np.pi * (2 * fleck_radius(len(table)) * page.unit) ** 2), stroke=page.theme.ink, strokeWidth=0.5
    )
    layers = alt.layer(
        land.encode(x=x, y=y, url="url:N"),
        points.encode(
            x=x,
            y=y,
            color=_colour(page),
            opacity=alt.condition(picked, alt.value(0.95), alt.value(0.15)),
            tooltip=["id:N", "value:N"],
        ).add_params(picked),
    )
    chart: Any = layers.properties(width=page.width, height=page.height, title=_title(page, len(table)))
    return chart


def _points(page: Page, ids: Sequence[str] | None) -> pd.DataFrame:
    scene = page.scene
    rows = scene.order[: MOST_POINTS if page.showing.shows("items") else 0]
    window = page.window
    x, y = scene.coordinates[rows].T.astype(np.float64)
    inside = (x > window.x0) & (x < window.x1) & (y > window.y0) & (y < window.y1)
    rows = rows[inside]
    names = _values(scene.colouring)
    codes = scene.colouring.codes[rows]
    return pd.DataFrame(
        {
            "id": [str(row) if ids is None else str(ids[row]) for row in rows],
            "x": x[inside],
            "y": y[inside],
            "value": [names[code] for code in codes],
            "colour": [page.colours[code] for code in codes],
        }
    )


def _values(colouring: Colouring) -> list[str]:
    """What each code says in a tooltip."""
    if colouring.kind in ("categories", "none"):
        return [*(shortened(name, 60) for name in colouring.names), "no value"]
    steps = (
        colouring.low + (np.arange(colouring.missing) + 0.5) * (colouring.high - colouring.low) / colouring.missing
    )
    if colouring.kind == "dates":
        return [*(str(day) for day in steps.astype("datetime64[ns]").astype("datetime64[D]")), "no value"]
    return [*(f"{step:.4g}" for step in steps), "no value"]


def _colour(page: Page) -> Any:
    """Groups with a legend when there are few; else every point in its own colour."""
    import altair as alt

    colouring = page.scene.colouring
    many = colouring.kind != "categories" or len(colouring.names) > _LEGEND_GROUPS
    if many or not page.showing.shows("legend"):
        return alt.Color("colour:N", scale=None, legend=None)
    shown = len(colouring.names) + int(colouring.counts[-1] > 0)
    scale = alt.Scale(domain=_values(colouring)[:shown], range=list(page.colours)[:shown])
    return alt.Color("value:N", scale=scale, title=cleaned(colouring.title))


def _title(page: Page, shown: int) -> Any:
    import altair as alt

    title = cleaned(page.title or page.scene.provenance.title) if page.showing.shows("title") else ""
    if len(page.scene) <= MOST_POINTS or not page.showing.shows("items"):
        return alt.Title(title)
    return alt.Title(title, subtitle=f"{shown:,} of {len(page.scene):,} items, drawn at random")
