"""Borders, roads and ferries as SVG lines, and how their legend shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.svg import Value, group, number, path, told
from cartography.drawing.themes import Theme
from cartography.records import Border, MapScene, Road
from cartography.surface import Window

__all__ = ["border_style", "borders", "road_style", "roads"]

_BED = 0.55
"""Opacity of the pale bed below a line, which keeps it legible on any tint."""
_PATH = 2  # the rank of the least of roads
_ROAD_WIDTHS = (2.0, 1.4, 1.0)
Style = dict[str, Value]


def borders(scene: MapScene, window: Window, theme: Theme, unit: float) -> str:
    """Return all borders in sight: solid where the original space supports them, dashed where it does not."""
    seen = [(border, data) for border in scene.borders if (data := _drawn(border.line, window))]
    bed = "".join(path(data) for _, data in seen)
    names = {realm.code: realm.name for realm in scene.realms}
    ink = "".join(
        told(path(data, **border_style(border.firm, theme, unit)), _of_border(border, names)) for border, data in seen
    )
    return _both(bed, ink, theme, 3.6 * unit)


def border_style(firm: bool | None, theme: Theme, unit: float) -> Style:
    """Return how a border is drawn that is supported, is not, or was not measured (None)."""
    dashes = {True: None, False: f"{number(6 * unit)} {number(4 * unit)}", None: f"0 {number(4 * unit)}"}
    return {
        "stroke": theme.accent,
        "stroke_width": (1.7 if firm is not None else 2.0) * unit,
        "stroke_dasharray": dashes[firm],
        "stroke_linecap": "round" if firm is None else "butt",
        "stroke_opacity": 0.9,
    }


def roads(scene: MapScene, shown: Iterable[int], window: Window, theme: Theme, unit: float) -> str:
    """Return all ferries and all ways between larger towns, and the paths whose towns are both `shown` (indices)."""
    towns = set(shown)
    seen = [
        (road, data)
        for road in scene.roads
        if (road.ferry or road.rank < _PATH or towns.issuperset(road.towns)) and (data := _drawn(road.line, window))
    ]
    bed = "".join(path(data) for road, data in seen if not road.ferry)
    ink = "".join(told(path(data, **road_style(road, theme, unit)), _of_road(road, scene)) for road, data in seen)
    return _both(bed, ink, theme, 3.4 * unit)


def road_style(road: Road | None, theme: Theme, unit: float) -> Style:
    """Return how a road is drawn, or with None a ferry."""
    if road is None or road.ferry:
        dashes: str | None = f"{number(1.5 * unit)} {number(4 * unit)}"
        width, colour = 1.7, theme.ink
    else:
        dashes = f"{number(3.5 * unit)} {number(2.5 * unit)}" if road.rank == 2 else None
        width, colour = _ROAD_WIDTHS[road.rank], theme.road
    return {
        "stroke": colour,
        "stroke_width": width * unit,
        "stroke_dasharray": dashes,
        "stroke_linecap": "round",
        "stroke_opacity": 0.85,
    }


def _of_border(border: Border, names: Mapping[int, str]) -> str:
    between = " and ".join(names.get(code, "another") for code in border.codes)
    if border.firm is None:
        return f"Border of {between}: its support was not measured"
    return (
        f"Border of {between}: {border.support:.0%} of {border.pairs:,} neighbour pairs stay on their side "
        f"(chance {border.chance:.0%})"
    )


def _of_road(road: Road, scene: MapScene) -> str:
    start, end = (scene.towns[town].name for town in road.towns)
    kind = "Ferry" if road.ferry else "Road"
    return (
        f"{kind} from {start} to {end}: {road.strength:.1f} times as many neighbour links as chance ({road.links:,})"
    )


def _both(bed: str, ink: str, theme: Theme, width: float) -> str:
    if not ink:
        return ""
    pale = group(bed, stroke=theme.halo, stroke_width=width, stroke_opacity=_BED, stroke_linecap="round")
    return group(pale + ink, fill="none", stroke_linejoin="round")


def _drawn(line: NDArray[np.float32], window: Window) -> str:
    """The line in pixels as path data through its points, or nothing when none of it is in sight."""
    at = window.place(line[:, 0], line[:, 1])
    low, high = at.min(axis=0), at.max(axis=0)
    if (high < 0).any() or low[0] > window.width or low[1] > window.height:
        return ""
    points = [f"{number(x)} {number(y)}" for x, y in at]
    return f"M{points[0]}L{' '.join(points[1:])}"
