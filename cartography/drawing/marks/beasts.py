"""Here be dragons: where on a page the beasts lie, and how they are drawn; and the boats of ferries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from cartography.drawing.marks.glyphs import BOAT, DRAGON, GLYPH_BOX
from cartography.drawing.names.lettering import width_of
from cartography.drawing.names.taken import Box, inside, meets
from cartography.drawing.svg import group, number, path, text, told
from cartography.drawing.themes import Theme
from cartography.records import Dragon, MapScene, Road
from cartography.surface import Window

__all__ = ["Beast", "beasts", "boat", "place_beasts"]

_WIDTH, _SIZE = 46.0, 12.0  # of a beast and of the words below it, in units
_BOAT = 17.0
_WORDS = ("here be dragons", "near nothing")


@dataclass(frozen=True)
class Beast:
    """A dragon on a page: the middle of its drawing, and the box that it covers with its words."""

    dragon: Dragon
    x: float
    y: float
    box: Box


def place_beasts(
    scene: MapScene, window: Window, unit: float, reserved: Iterable[Box], fantasy: bool = True
) -> tuple[Beast, ...]:
    """Return where the dragons in sight are drawn: each at its place, or around it where that is taken."""
    taken = list(reserved)
    page = (0.0, 0.0, float(window.width), float(window.height))
    placed = []
    for dragon in scene.dragons:
        for beast in _tries(dragon, window, unit, fantasy):
            if inside(beast.box, page) and not meets(beast.box, taken):
                taken.append(beast.box)
                placed.append(beast)
                break
    return tuple(placed)


def _tries(dragon: Dragon, window: Window, unit: float, fantasy: bool) -> Iterator[Beast]:
    x, y = (float(value) for value in window.place(dragon.x, dragon.y))
    half = max(_WIDTH * unit, width_of(_WORDS[not fantasy], _SIZE * unit)) / 2
    tall = _WIDTH * GLYPH_BOX[1] / GLYPH_BOX[0] * unit
    for right, down in ((0, -0.9), (0, 0.9), (1.1, 0), (-1.1, 0)):
        at = (x + right * half, y + down * tall)
        yield Beast(
            dragon, *at, (at[0] - half, at[1] - tall / 2, at[0] + half, at[1] + tall / 2 + 1.3 * _SIZE * unit)
        )


def beasts(placed: Iterable[Beast], theme: Theme, unit: float) -> str:
    """Return the dragons as SVG, with how many items live there."""
    return "".join(told(_drawn(beast, theme, unit), _words(beast.dragon, theme)) for beast in placed)


def _drawn(beast: Beast, theme: Theme, unit: float) -> str:
    tall = _WIDTH * GLYPH_BOX[1] / GLYPH_BOX[0] * unit
    caption = text(
        _WORDS[not theme.fantasy],
        x=beast.x,
        y=beast.y + tall / 2 + _SIZE * unit,
        font_size=_SIZE * unit,
        font_style="italic",
        text_anchor="middle",
        fill=theme.ink,
        stroke=theme.halo,
        stroke_width=0.25 * _SIZE * unit,
        paint_order="stroke",
    )
    if not theme.fantasy:
        return caption
    return _glyph(DRAGON, beast.x, beast.y, _WIDTH * unit, theme) + caption


def _glyph(data: str, x: float, y: float, width: float, theme: Theme) -> str:
    """A drawing around (x, y) in ink, on a pale bed."""
    scale = width / GLYPH_BOX[0]
    corner = f"translate({number(x - width / 2)} {number(y - GLYPH_BOX[1] * scale / 2)}) scale({scale:.4f})"
    bed = path(data, fill="none", stroke=theme.halo, stroke_width=5, stroke_opacity=0.7, stroke_linejoin="round")
    return group(bed + path(data, fill=theme.ink, fill_rule="evenodd"), transform=corner)


def _words(dragon: Dragon, theme: Theme) -> str:
    title = "Here be dragons" if theme.fantasy else "Remote items"
    alone = dragon.population == 1
    items = "1 item that is" if alone else f"{dragon.population:,} items that are"
    who = "it" if alone else "the loneliest"
    return (
        f"{title}: {items} near nothing; {who} is {dragon.distance:.1f} times as far from its nearest ones as usual"
    )


def boat(road: Road, window: Window, theme: Theme, unit: float) -> str:
    """Return the boat in the middle of a ferry's way, where that is in sight."""
    at = window.place(road.line[:, 0], road.line[:, 1])
    steps = np.hypot(*np.diff(at, axis=0).T)
    gone = np.concatenate([[0.0], np.cumsum(steps)])
    x, y = (float(np.interp(gone[-1] / 2, gone, at[:, axis])) for axis in (0, 1))
    if gone[-1] < 3 * _BOAT * unit or not (0 < x < window.width and 0 < y < window.height):
        return ""
    return _glyph(BOAT, x, y - 0.1 * _BOAT * unit, _BOAT * unit, theme)
