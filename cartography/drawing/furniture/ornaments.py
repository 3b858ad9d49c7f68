"""Frame, panels and compass rose: what surrounds a map."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from cartography.drawing.names.lettering import shortened, width_of
from cartography.drawing.svg import Piece, element, group, number, path, text
from cartography.drawing.themes import Theme
from cartography.records import Bearing, MapScene, Provenance

__all__ = ["compass_rose", "grown", "margin", "neat_line", "panel"]

_OPPOSITE = {"east": "west", "west": "east", "north": "south", "south": "north"}
_LONGEST_NAME = 22


def margin(theme: Theme, unit: float) -> float:
    """Return how many pixels the frame takes on every side."""
    return (44 if theme.fantasy else 10) * unit


def neat_line(width: float, height: float, theme: Theme, unit: float) -> str:
    """Return the frame: for fantasy maps a band of black and white between fine lines, else one thin line."""
    if not theme.fantasy:
        inset = 4 * unit
        return _box(inset, width, height, stroke=theme.ink, stroke_width=0.8 * unit, stroke_opacity=0.6)
    lines = [(12, 2.6), (19, 0.8), (39, 0.8), (43, 1.5)]
    frame = "".join(
        _box(inset * unit, width, height, stroke=theme.ink, stroke_width=thick * unit) for inset, thick in lines
    )
    return group(_band(width, height, theme, unit) + frame)


def _box(inset: float, width: float, height: float, **given: str | float) -> str:
    return element("rect", x=inset, y=inset, width=width - 2 * inset, height=height - 2 * inset, fill="none", **given)


def _band(width: float, height: float, theme: Theme, unit: float) -> str:
    """Bars of ink alternating with paper along all four sides, meeting in paper at the corners."""
    inner, near, thick = 43 * unit, 23 * unit, 12 * unit
    across = _bars(width - 2 * inner, unit)
    down = _bars(height - 2 * inner, unit)
    bars = [(inner + at, near, length, thick) for at, length in across]
    bars += [(inner + at, height - near - thick, length, thick) for at, length in across]
    bars += [(near, inner + at, thick, length) for at, length in down]
    bars += [(width - near - thick, inner + at, thick, length) for at, length in down]
    data = "".join(f"M{number(x)} {number(y)}h{number(w)}v{number(h)}h{number(-w)}z" for x, y, w, h in bars)
    ground = _box(25.5 * unit, width, height, stroke=theme.panel, stroke_width=27 * unit, stroke_opacity=0.55)
    return ground + path(data, fill=theme.ink, fill_opacity=0.86)


def _bars(length: float, unit: float) -> list[tuple[float, float]]:
    """(start, length) of every second of an odd number of equal steps."""
    steps = 2 * max(2, round(length / (126 * unit))) + 1
    step = length / steps
    return [(i * step, step) for i in range(1, steps, 2)]


def panel(width: float, height: float, theme: Theme, unit: float) -> str:
    """Return the ground of a legend or cartouche; on fantasy maps a double line with studs at the corners."""
    if not theme.fantasy:
        return element("rect", width=width, height=height, fill=theme.panel, fill_opacity=0.9, rx=3 * unit)
    inset = 5 * unit
    ground = element(
        "rect",
        width=width,
        height=height,
        fill=theme.panel,
        fill_opacity=0.94,
        stroke=theme.ink,
        stroke_width=1.6 * unit,
    )
    line = element(
        "rect",
        x=inset,
        y=inset,
        width=width - 2 * inset,
        height=height - 2 * inset,
        fill="none",
        stroke=theme.ink,
        stroke_width=0.7 * unit,
    )
    studs = "".join(_stud(x, y, theme, unit) for x in (0.0, width) for y in (0.0, height))
    return ground + line + studs


def _stud(x: float, y: float, theme: Theme, unit: float) -> str:
    rim = element("circle", cx=x, cy=y, r=6.5 * unit, fill=theme.panel, stroke=theme.ink, stroke_width=1.2 * unit)
    return rim + element("circle", cx=x, cy=y, r=2.4 * unit, fill=theme.accent)


def grown(scene: MapScene) -> tuple[Bearing, ...]:
    """Return what grows along the map: the items' own columns, else what the axes themselves are."""
    sides = {one.side for one in scene.compass}
    axes = _axes(scene.provenance)
    return (*scene.compass, *(one for one in axes if one.side not in sides and _OPPOSITE[one.side] not in sides))


def _axes(provenance: Provenance) -> tuple[Bearing, ...]:
    """What the axes of a map are called where each means something by itself."""
    if provenance.method == "given":
        return (Bearing("x", "east", 1.0), Bearing("y", "north", 1.0))
    if provenance.method != "pca":
        return ()
    east, north = (provenance.params.get(f"component_{axis}", i + 1) for i, axis in enumerate("xy"))
    return (Bearing(f"PC {east}", "east", 1.0), Bearing(f"PC {north}", "north", 1.0))


def compass_rose(theme: Theme, unit: float, grows: Mapping[str, str] = MappingProxyType({})) -> Piece:
    """Return a rose with what `grows` to the "east", "west", "north" and "south", where that means anything."""
    radius = 58 * unit
    size = 2 * radius * 1.24
    rings = "".join(
        element("circle", r=radius * share, fill="none", stroke=theme.ink, stroke_width=thick * unit)
        for share, thick in ((0.60, 1.2), (0.54, 0.6), (0.98, 0.6))
    )
    points = "".join(
        _point(radius * reach, radius * breadth, np.pi / 2 * quarter + offset, theme, unit)
        for reach, breadth, offset in (
            (0.50, 0.10, np.pi / 8),
            (0.50, 0.10, -np.pi / 8),
            (0.78, 0.15, np.pi / 4),
            (1.14, 0.17, 0),
        )
        for quarter in range(4)
    )
    heart = element("circle", r=radius * 0.07, fill=theme.accent, stroke=theme.ink, stroke_width=0.8 * unit)
    ticks = path(
        "".join(_tick(radius, angle) for angle in range(0, 360, 10)), stroke=theme.ink, stroke_width=0.6 * unit
    )
    rose = ticks + rings + points + heart
    aside, above = _names(grows, radius, theme, unit)
    width, height = max(size, 2 * aside[0]), size + above[0] + above[1]
    middle = f"translate({number(width / 2)} {number(size / 2 + above[0])})"
    return Piece(width, height, group(rose + aside[1] + above[2], transform=middle))


def _point(reach: float, breadth: float, angle: float, theme: Theme, unit: float) -> str:
    """One point of the rose, half ink and half paper."""
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    tip = along * reach
    halves = []
    for side, fill in ((1, theme.ink), (-1, theme.panel)):
        foot = breadth * (along + side * across) * 0.8
        data = f"M0 0L{number(foot[0])} {number(foot[1])}L{number(tip[0])} {number(tip[1])}z"
        halves.append(path(data, fill=fill, stroke=theme.ink, stroke_width=0.7 * unit, stroke_linejoin="round"))
    return "".join(halves)


def _tick(radius: float, degrees: int) -> str:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    inner, outer = 0.54 * radius, 0.60 * radius
    return f"M{number(inner * cos)} {number(inner * sin)}L{number(outer * cos)} {number(outer * sin)}"


def _names(
    grows: Mapping[str, str], radius: float, theme: Theme, unit: float
) -> tuple[tuple[float, str], tuple[float, float, str]]:
    """What is written beside the rose: (half the width it takes, markup), and (room above, room below, markup)."""
    size, reach = 11.5 * unit, 1.24 * radius
    style: dict[str, str | float] = {"font_size": size, "font_style": "italic", "fill": theme.accent}
    half, markup = 0.0, ""
    for side, sign, anchor in (("east", 1, "start"), ("west", -1, "end")):
        if name := _more(grows, side):
            markup += text(name, x=sign * reach, y=0.35 * size, text_anchor=anchor, **style)
            half = max(half, reach + width_of(name, size) + 4 * unit)
    above = below = 0.0
    upright = ""
    if name := _more(grows, "north"):
        upright += text(name, x=0, y=-reach, text_anchor="middle", **style)
        above, half = 1.2 * size, max(half, width_of(name, size) / 2)
    if name := _more(grows, "south"):
        upright += text(name, x=0, y=reach + 0.8 * size, text_anchor="middle", **style)
        below, half = 1.2 * size, max(half, width_of(name, size) / 2)
    return (half, markup), (above, below, upright)


def _more(grows: Mapping[str, str], side: str) -> str:
    name = shortened(grows.get(side, ""), _LONGEST_NAME)
    return f"more {name}" if name else ""
