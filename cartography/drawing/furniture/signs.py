"""What the signs on the map mean: one line in the legend for each kind of thing that is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import numpy as np

from cartography.drawing.marks.glyphs import DRAGON, GLYPH_BOX
from cartography.drawing.marks.lines import border_style, road_style
from cartography.drawing.marks.towns import MARK_RADII, town_mark
from cartography.drawing.names.lettering import width_of
from cartography.drawing.painted.flecks import AS_CIRCLES
from cartography.drawing.painted.fog_picture import fog_colour
from cartography.drawing.painted.stamps import Stamp, stamps_of
from cartography.drawing.showing import Showing
from cartography.drawing.svg import Piece, element, group, image_url, number, path, text
from cartography.drawing.themes import Theme
from cartography.records import MapScene
from cartography.records.map_features import RANKS

__all__ = ["signs"]

_LINE = 14.5  # units from one entry to the next
_SAMPLE = 30.0  # units that a sample takes
_SIZE = 10.5
_MARKS = tuple(enumerate(RANKS))
_MARKS_PLAIN = ((0, "main cluster"), (2, "large"), (4, "small"))
_BORDERS = {
    True: "border that the original space supports",
    False: "open border: neighbours on both sides",
    None: "border, support not measured",
}
_ROAD = ("road: tied more than by chance", "link: tied more than by chance")
_FERRY = ("ferry: tied, but torn apart here", "link across a gap of the layout")
_FOG = ("fog: the map is not faithful here", "haze: the layout is not faithful here")
_DRAGON = ("dragons: items that are near nothing", "isolated items, near nothing")
_LANDMARKS = "peaks, hills, woods: ever fewer items"
_ITEM = "items, faint where their own group rules"


def signs(scene: MapScene, showing: Showing, theme: Theme, unit: float, width: float) -> Piece:
    """Return a line for every kind of sign that this map shows, `width` pixels wide."""
    y, markup = 0.0, ""
    if scene.towns and showing.shows("towns"):
        y += 16 * unit
        markup += _marks(theme, unit, y)
    for words, sample in _entries(scene, showing, theme, unit):
        y += _LINE * unit
        markup += Piece(0, 0, sample).at(2 * unit, y - 3.6 * unit)
        markup += text(words, x=(_SAMPLE + 8) * unit, y=y, font_size=_SIZE * unit, fill=theme.ink)
    return Piece(width, y, markup)


def _entries(scene: MapScene, showing: Showing, theme: Theme, unit: float) -> Iterator[tuple[str, str]]:
    """What is said of each kind of sign, and a sample of it, drawn from (0, 0) to the right."""
    plain = not theme.fantasy
    flecks = theme.fantasy and len(scene) > AS_CIRCLES
    if showing.shows("items") and flecks and scene.colouring.kind == "categories":
        yield _ITEM, _dots(theme, unit)
    if theme.landmarks:
        yield _LANDMARKS, _stamped(theme, unit)
    if showing.shows("borders"):
        for firm in sorted({border.firm for border in scene.borders}, key=lambda one: (one is None, not one)):
            yield _BORDERS[firm], _stroke(unit, border_style(firm, theme, unit))
    if showing.shows("roads"):
        land = [road for road in scene.roads if not road.ferry]
        if land:
            yield _ROAD[plain], _stroke(unit, road_style(land[0], theme, unit))
        if len(land) < len(scene.roads):
            yield _FERRY[plain], _stroke(unit, road_style(None, theme, unit))
    if showing.shows("fog") and scene.fog is not None and scene.fog.share > 0:
        yield _FOG[plain], _mist(theme, unit)
    if showing.shows("dragons") and scene.dragons:
        yield _DRAGON[plain], _beast(theme, unit)


def _marks(theme: Theme, unit: float, y: float) -> str:
    """The five ranks of towns in a row: capitals of realms, then by population."""
    x, markup = 6 * unit, ""
    for rank, name in _MARKS if theme.fantasy else _MARKS_PLAIN:
        markup += town_mark(x, y - 3.5 * unit, rank, theme, unit * 0.85)
        markup += text(name, x=x + 8 * unit, y=y, font_size=9.5 * unit, fill=theme.ink)
        x += (13 + 0.5 * MARK_RADII[rank]) * unit + width_of(name, 8.6 * unit)
    return markup


def _stroke(unit: float, style: dict[str, str | float | int | None]) -> str:
    """A gently bent line in the style of a border, road or ferry."""
    reach = _SAMPLE * unit
    data = f"M0 0Q{number(0.3 * reach)} {number(-4 * unit)} {number(0.5 * reach)} 0T{number(reach)} 0"
    return path(data, fill="none", **style)


def _dots(theme: Theme, unit: float) -> str:
    places = ((6, 0.35), (15, 0.9), (24, 0.35))
    return "".join(
        element("circle", cx=x * unit, cy=0, r=2.2 * unit, fill=theme.accent, fill_opacity=share)
        for x, share in places
    )


def _stamped(theme: Theme, unit: float) -> str:
    """The three symbols of the land as small pictures, drawn at twice their size so that they stay sharp in print."""
    side = 15 * unit
    kinds = stamps_of(theme, 2.0)
    return "".join(
        element("image", x=(i * 10 - 4) * unit, y=-10 * unit, width=side, height=side, href=_picture(kinds[kind][0]))
        for i, kind in enumerate(("peaks", "hills", "woods"))
    )


def _picture(stamp: Stamp) -> str:
    """A stamp as the data URL of a PNG."""
    from PIL import Image

    colour = stamp.colour / np.maximum(stamp.alpha, 1e-6)[..., None]
    pixels = np.concatenate([np.clip(colour, 0, 1), stamp.alpha[..., None]], axis=-1)
    buffer = BytesIO()
    Image.fromarray((pixels * 255 + 0.5).astype(np.uint8), "RGBA").save(buffer, "PNG")
    return image_url(buffer.getvalue())


def _mist(theme: Theme, unit: float) -> str:
    """Three soft banks of mist."""
    banks = ((7, 0.5, 7, 3.2), (16, -1.5, 8, 3.6), (24, 0.8, 6, 2.8))
    return "".join(
        element(
            "ellipse",
            cx=x * unit,
            cy=y * unit,
            rx=wide * unit,
            ry=tall * unit,
            fill=fog_colour(theme),
            fill_opacity=0.8,
            stroke=theme.ink,
            stroke_opacity=0.25,
            stroke_width=0.5 * unit,
        )
        for x, y, wide, tall in banks
    )


def _beast(theme: Theme, unit: float) -> str:
    """The sea serpent, small."""
    scale = _LINE * unit / GLYPH_BOX[1]
    corner = f"translate({number(4 * unit)} {number(-9 * unit)}) scale({scale:.4f})"
    return group(path(DRAGON, fill=theme.ink, fill_rule="evenodd"), transform=corner)
