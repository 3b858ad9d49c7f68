"""The scale bar: as long as the typical reach of an item's 15 neighbours, which is no distance."""

from __future__ import annotations

from cartography.drawing.furniture.column import Column
from cartography.drawing.furniture.ornaments import panel
from cartography.drawing.names.lettering import wrapped
from cartography.drawing.svg import Piece, element, text
from cartography.drawing.themes import Theme

__all__ = ["add_scale", "scale_bar"]

_SHARES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)  # of a reach, where one is too long to draw
_WORDS = "The median reach of an item's 15 nearest neighbours in the original space: not a distance."


def scale_bar(reach: float, theme: Theme, unit: float) -> Piece:
    """Return the bar on a panel of its own; `reach` is its step in pixels."""
    column = Column(theme, 256 * unit, 2 * unit)
    add_scale(column, reach, unit)
    height = column.y + 16 * unit
    return Piece(column.width, height, panel(column.width, height, theme, unit) + column.markup)


def add_scale(column: Column, reach: float, unit: float) -> None:
    """Add the bar, and that it is no distance."""
    room = column.width - 32 * unit
    each = next((share for share in _SHARES if share * reach <= room), _SHARES[-1])
    reach = min(each * reach, room)
    count = max(1, min(5, int(0.7 * room / reach))) if each == 1 else 1
    column.y += 22 * unit
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
        column.markup += text(
            f"{i * each:g}", x=at, y=column.y - 4 * unit, font_size=9.5 * unit, text_anchor="middle", fill=ink
        )
    column.y += 7 * unit
    for line in wrapped(_WORDS, 10.5 * unit, room, 3):
        column.add(line, 10.5 * unit, 1.28, x=left, font_style="italic")
