"""What the map says about itself: cartouche, legend, scale bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cartography.drawing.labels import MARK_RADII
from cartography.drawing.lettering import cleaned, shortened, width_of, wrapped
from cartography.drawing.ornaments import panel
from cartography.drawing.svg import Piece, element, text
from cartography.drawing.themes import Theme
from cartography.records import Colouring, MapScene, Provenance
from cartography.records.map_scene import RANKS

__all__ = ["cartouche", "legend", "town_mark"]

_METHODS = {"umap": "UMAP", "tsne": "t-SNE", "pca": "PCA", "given": "given coordinates"}
_MOST_GROUPS = 12
_READING = "Land rises where items crowd; the sea holds next to none. Fine folds of the slopes are decoration."
_MARKS = tuple(enumerate(RANKS))
_MARKS_PLAIN = ((0, "main cluster"), (2, "large"), (4, "small"))
_REACH = "The median reach of an item's 15 nearest neighbours in the original space: not a distance."
_READING_PLAIN = "Ground is drawn where items are dense; contours are steps of log density."


@dataclass
class _Column:
    """Lines of text set one under the other."""

    theme: Theme
    width: float
    y: float = 0.0
    markup: str = ""

    def add(
        self, content: str, size: float, leading: float = 1.3, x: float | None = None, **given: str | float
    ) -> None:
        """Set one line; centred unless `x` is given."""
        self.y += leading * size
        anchor = "middle" if x is None else "start"
        at = self.width / 2 if x is None else x
        style = {"fill": self.theme.ink, **given}
        self.markup += text(content, x=at, y=self.y, font_size=size, text_anchor=anchor, **style)


def cartouche(provenance: Provenance, theme: Theme, unit: float, title: str | None = None) -> Piece:
    """Return the title with what a reader needs to make the same map again."""
    size = (30 if theme.fantasy else 21) * unit
    widest = 400 * unit
    lines = wrapped(title or provenance.title or "Map", size, widest, 2) or ["Map"]
    facts = [
        (_shown(provenance), 15.0, "italic", theme.accent),
        *((line, 12.5, "italic", theme.ink) for line in wrapped(_making(provenance), 12.5 * unit, widest, 2)),
        (_trace(provenance), 10.5, "normal", theme.ink),
    ]
    inner = max(
        *(width_of(line, size, bold=True) for line in lines),
        *(width_of(fact, points * unit) for fact, points, *_ in facts),
    )
    column = _Column(theme, inner + 56 * unit, 12 * unit)
    for line in lines:
        column.add(line, size, 1.15, font_weight="bold", letter_spacing=0.02 * size, font_family=theme.title_font)
    for fact, points, style, colour in facts:
        column.add(fact, points * unit, 1.45, font_style=style, fill=colour)
    height = column.y + 20 * unit
    return Piece(column.width, height, panel(column.width, height, theme, unit) + column.markup)


def _shown(provenance: Provenance) -> str:
    if provenance.total > provenance.shown:
        return f"{provenance.shown:,} of {provenance.total:,} items"
    return f"{provenance.shown:,} items"


def _making(provenance: Provenance) -> str:
    method = _METHODS.get(provenance.method, provenance.method)
    params = ", ".join(f"{name} {_plain(value)}" for name, value in _settings(provenance.params).items())
    return f"{method}, {params}" if params else method


def _settings(params: Mapping[str, object]) -> Mapping[str, object]:
    return {name: value for name, value in params.items() if isinstance(value, str | int | float) and value != ""}


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _trace(provenance: Provenance) -> str:
    mark = f" · data {cleaned(provenance.fingerprint)[:16]}" if provenance.fingerprint else ""
    return f"seed {provenance.seed}{mark}"


def legend(scene: MapScene, colours: tuple[str, ...], theme: Theme, unit: float, pixel: float) -> Piece:
    """Return what colours, marks, land and lengths mean; `pixel` is the size of a pixel in map units."""
    column = _Column(theme, 256 * unit, 12 * unit)
    if scene.colouring.kind in ("numbers", "dates"):
        _add_scale(column, scene.colouring, colours, unit)
    elif scene.colouring.kind == "categories":
        _add_groups(column, scene.colouring, colours, unit)
    if scene.towns:
        _add_marks(column, unit)
    column.y += 4 * unit
    for line in wrapped(_READING if theme.fantasy else _READING_PLAIN, 10.5 * unit, column.width - 32 * unit, 4):
        column.add(line, 10.5 * unit, 1.28, x=16 * unit, font_style="italic")
    if scene.scale > 0:
        _add_reach(column, scene.scale / pixel, unit)
    height = column.y + 16 * unit
    return Piece(column.width, height, panel(column.width, height, theme, unit) + column.markup)


def _add_heading(column: _Column, name: str, unit: float) -> None:
    column.add(shortened(name, 26), 15 * unit, 1.25, font_weight="bold", fill=column.theme.accent)
    column.y += 4 * unit


def _add_groups(column: _Column, colouring: Colouring, colours: tuple[str, ...], unit: float) -> None:
    """The largest groups with their sizes, in one column, or in two when there are many."""
    _add_heading(column, colouring.column or "", unit)
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


def _add_scale(column: _Column, colouring: Colouring, colours: tuple[str, ...], unit: float) -> None:
    """A colour bar with the values at its ends and in its middle."""
    _add_heading(column, colouring.column or "", unit)
    left, width, steps = 16 * unit, column.width - 32 * unit, 60
    step = width / steps
    bar = "".join(
        element(
            "rect",
            x=left + i * step,
            y=column.y,
            width=step + 0.6,
            height=11 * unit,
            fill=colours[(i * (len(colours) - 2)) // (steps - 1)],
        )
        for i in range(steps)
    )
    rim = element(
        "rect",
        x=left,
        y=column.y,
        width=width,
        height=11 * unit,
        fill="none",
        stroke=column.theme.ink,
        stroke_width=0.6 * unit,
    )
    column.markup += bar + rim
    base = column.y + 24 * unit
    low, middle, high = _ends(colouring)
    for value, x, anchor in ((low, left, "start"), (middle, left + width / 2, "middle"), (high, left + width, "end")):
        column.markup += text(value, x=x, y=base, font_size=11 * unit, text_anchor=anchor, fill=column.theme.ink)
    column.y = base + 2 * unit
    if colouring.counts[-1]:
        column.y += 16 * unit
        column.markup += _swatch(left, column.y, colours[-1], column.theme, unit)
        column.markup += text(
            f"no value  {int(colouring.counts[-1]):,}",
            x=left + 18 * unit,
            y=column.y,
            font_size=11 * unit,
            fill=column.theme.ink,
        )


def _ends(colouring: Colouring) -> tuple[str, str, str]:
    low, high = colouring.low, colouring.high
    if colouring.kind == "dates":
        return _day(low), "", _day(high)
    return _short(low), _short((low + high) / 2), _short(high)


def _short(value: float) -> str:
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e7 else f"{value:.4g}"


def _day(nanoseconds: float) -> str:
    return datetime.fromtimestamp(nanoseconds / 1e9, tz=UTC).strftime("%Y-%m-%d")


def _add_marks(column: _Column, unit: float) -> None:
    """The five ranks of towns in a row: capitals of realms, then by population."""
    column.y += 18 * unit
    x = 22 * unit
    for rank, name in _MARKS if column.theme.fantasy else _MARKS_PLAIN:
        column.markup += town_mark(x, column.y - 3.5 * unit, rank, column.theme, unit * 0.85)
        column.markup += text(name, x=x + 8 * unit, y=column.y, font_size=9.5 * unit, fill=column.theme.ink)
        x += (13 + 0.5 * MARK_RADII[rank]) * unit + width_of(name, 8.6 * unit)


def town_mark(x: float, y: float, rank: int, theme: Theme, unit: float) -> str:
    """Return the mark of a town of this rank around (x, y)."""
    radius = MARK_RADII[rank] * unit
    ring = element(
        "circle",
        cx=x,
        cy=y,
        r=radius,
        fill=theme.halo,
        stroke=theme.ink,
        stroke_width=(1.5 if rank < 2 else 1.1) * unit,
    )
    if rank == 0:
        return ring + element("circle", cx=x, cy=y, r=0.56 * radius, fill=theme.accent)
    if rank == 1:
        return ring + element("circle", cx=x, cy=y, r=0.42 * radius, fill=theme.ink)
    return ring


def _add_reach(column: _Column, reach: float, unit: float) -> None:
    """A bar as long as the typical reach of 15 neighbours, and that it is no distance."""
    room = column.width - 32 * unit
    reach = min(reach, room)
    count = max(1, min(5, int(0.7 * room / reach)))
    column.y += 20 * unit
    left, ink = 16 * unit, column.theme.ink
    for i in range(count):
        fill = ink if i % 2 == 0 else column.theme.panel
        column.markup += element(
            "rect",
            x=left + i * reach,
            y=column.y,
            width=reach,
            height=6 * unit,
            fill=fill,
            stroke=ink,
            stroke_width=0.9 * unit,
        )
    for i in range(count + 1):
        at = left + i * reach
        column.markup += text(i, x=at, y=column.y - 4 * unit, font_size=9.5 * unit, text_anchor="middle", fill=ink)
    column.y += 7 * unit
    for line in wrapped(_REACH, 10.5 * unit, room, 3):
        column.add(line, 10.5 * unit, 1.28, x=left, font_style="italic")
