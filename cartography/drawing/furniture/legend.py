"""What colours, marks, land and lengths on the map mean."""

from __future__ import annotations

from datetime import UTC, datetime

from cartography.drawing.furniture.column import Column
from cartography.drawing.furniture.ornaments import panel
from cartography.drawing.furniture.scale import add_scale
from cartography.drawing.furniture.signs import signs
from cartography.drawing.names.lettering import shortened, width_of, wrapped
from cartography.drawing.showing import Showing
from cartography.drawing.svg import Piece, element, text
from cartography.drawing.themes import Theme
from cartography.records import GRADES, Colouring, MapScene, Sizing

__all__ = ["legend"]

_ALL = Showing()
_MOST_GROUPS = 12
_READING = "Land rises where items crowd; the sea holds next to none. Fine folds of the slopes are decoration."
_READING_PLAIN = "Ground is drawn where items are dense; contours are steps of log density."


def legend(
    scene: MapScene,
    colours: tuple[str, ...],
    theme: Theme,
    unit: float,
    pixel: float,
    *,
    showing: Showing = _ALL,
) -> Piece:
    """Return what colours, marks, land and lengths mean; `pixel` is the size of a pixel in map units."""
    column = Column(theme, 256 * unit, 12 * unit)
    if scene.colouring.kind in ("numbers", "dates"):
        _add_scale(column, scene.colouring, colours, unit)
    elif scene.colouring.kind == "categories":
        _add_groups(column, scene.colouring, colours, unit)
    if scene.sizing is not None:
        _add_sizes(column, scene.sizing, unit)
    known = signs(scene, showing, theme, unit, column.width - 32 * unit)
    column.markup += known.at(16 * unit, column.y)
    column.y += known.height + 4 * unit
    for line in wrapped(_READING if theme.fantasy else _READING_PLAIN, 10.5 * unit, column.width - 32 * unit, 4):
        column.add(line, 10.5 * unit, 1.28, x=16 * unit, font_style="italic")
    if scene.scale > 0 and showing.shows("scale"):
        add_scale(column, scene.scale / pixel, unit)
    height = column.y + 16 * unit
    return Piece(column.width, height, panel(column.width, height, theme, unit) + column.markup)


def _add_heading(column: Column, name: str, unit: float) -> None:
    column.add(shortened(name, 26), 15 * unit, 1.25, font_weight="bold", fill=column.theme.accent)
    column.y += 4 * unit


def _add_groups(column: Column, colouring: Colouring, colours: tuple[str, ...], unit: float) -> None:
    """The largest groups with their sizes, in one column, or in two when there are many."""
    _add_heading(column, colouring.title, unit)
    counts = colouring.counts
    entries = [(name, int(counts[i]), colours[i]) for i, name in enumerate(colouring.names[:_MOST_GROUPS])]
    if counts[-1]:
        entries.append(("no value", int(counts[-1]), colours[-1]))
    pillars = 2 if len(entries) > 8 else 1
    per_pillar = -(-len(entries) // pillars)
    room = (column.width - 32 * unit - 18 * unit * (pillars - 1)) / pillars
    top = column.y
    for place, (name, count, colour) in enumerate(entries):
        x = 16 * unit + (place // per_pillar) * (room + 18 * unit)
        y = top + (place % per_pillar + 1) * 16 * unit
        column.markup += _entry(room, (name, _brief(count), colour), column.theme, unit).at(x, y)
    column.y = top + per_pillar * 16 * unit
    if len(colouring.names) > _MOST_GROUPS:
        more = f"and {len(colouring.names) - _MOST_GROUPS:,} smaller groups"
        column.add(more, 11 * unit, 1.35, x=16 * unit, font_style="italic")


def _entry(room: float, entry: tuple[str, str, str], theme: Theme, unit: float) -> Piece:
    """A colour, the group's name, and at the right end how many items it has."""
    name, count, colour = entry
    size = 11.5 * unit
    label = wrapped(shortened(name, 30), size, room - 22 * unit - 0.8 * width_of(count, size), 1)[0]
    markup = (
        _swatch(0.0, 0.0, colour, theme, unit)
        + text(label, x=18 * unit, y=0, font_size=size, fill=theme.ink)
        + text(count, x=room, y=0, font_size=0.85 * size, text_anchor="end", fill=theme.ink, opacity=0.75)
    )
    return Piece(room, size, markup)


def _brief(count: int) -> str:
    """12345 as 12k: a legend has little room."""
    if count < 10_000:
        return f"{count:,}"
    return f"{count / 1e3:.0f}k" if count < 999_500 else f"{count / 1e6:.1f}M"


def _swatch(x: float, base: float, colour: str, theme: Theme, unit: float) -> str:
    return element(
        "rect",
        x=x,
        y=base - 9 * unit,
        width=13 * unit,
        height=10 * unit,
        rx=1.5 * unit,
        fill=colour,
        stroke=theme.ink,
        stroke_width=0.6 * unit,
    )


def _add_scale(column: Column, colouring: Colouring, colours: tuple[str, ...], unit: float) -> None:
    """A colour bar with the values at its ends and in its middle, and what items without a value look like."""
    _add_heading(column, colouring.title, unit)
    left, width = 16 * unit, column.width - 32 * unit
    column.markup += _colour_bar(width, 11 * unit, colours[:-1], column.theme, unit).at(left, column.y)
    column.y += 24 * unit
    low, middle, high = _ends(colouring)
    for value, x, anchor in ((low, left, "start"), (middle, left + width / 2, "middle"), (high, left + width, "end")):
        column.markup += text(value, x=x, y=column.y, font_size=11 * unit, text_anchor=anchor, fill=column.theme.ink)
    column.y += 2 * unit
    if colouring.counts[-1]:
        column.y += 16 * unit
        entry = ("no value", _brief(int(colouring.counts[-1])), colours[-1])
        column.markup += _entry(width, entry, column.theme, unit).at(left, column.y)


def _add_sizes(column: Column, sizing: Sizing, unit: float) -> None:
    """Dots from the smallest to the largest, with the values at both ends."""
    column.add(f"Size: {shortened(sizing.column, 26)}", 12 * unit, 1.5, x=16 * unit)
    left, width = 16 * unit, column.width - 32 * unit
    column.y += 16 * unit
    step = (width - 20 * unit) / (len(GRADES) - 1)
    for place, factor in enumerate(GRADES):
        x = left + 10 * unit + place * step
        column.markup += element("circle", cx=x, cy=column.y, r=3.2 * factor * unit, fill=column.theme.ink)
    column.y += 20 * unit
    for value, x, anchor in ((sizing.low, left, "start"), (sizing.high, left + width, "end")):
        said = _short(value)
        column.markup += text(said, x=x, y=column.y, font_size=11 * unit, text_anchor=anchor, fill=column.theme.ink)
    column.y += 4 * unit


def _colour_bar(width: float, height: float, colours: tuple[str, ...], theme: Theme, unit: float) -> Piece:
    """Sixty steps through the colours, each a little too wide so that no gap shows between them."""
    steps = 60
    step = width / steps
    shown = [colours[i * (len(colours) - 1) // (steps - 1)] for i in range(steps)]
    bar = "".join(
        element("rect", x=i * step, width=min(step + 0.6, width - i * step), height=height, fill=colour)
        for i, colour in enumerate(shown)
    )
    rim = element("rect", width=width, height=height, fill="none", stroke=theme.ink, stroke_width=0.6 * unit)
    return Piece(width, height, bar + rim)


def _ends(colouring: Colouring) -> tuple[str, str, str]:
    low, high = colouring.low, colouring.high
    if colouring.kind == "dates":
        return _day(low), "", _day(high)
    return _short(low), _short((low + high) / 2), _short(high)


def _short(value: float) -> str:
    return f"{value:,.0f}" if 10_000 <= abs(value) < 1e7 else f"{value:.4g}"  # 1970 may be a year


def _day(nanoseconds: float) -> str:
    return datetime.fromtimestamp(nanoseconds / 1e9, tz=UTC).strftime("%Y-%m-%d")
