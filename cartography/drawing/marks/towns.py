"""The marks at which towns stand: rings with a heart for capitals and cities, plain ones for the rest."""

from __future__ import annotations

from cartography.drawing.svg import element
from cartography.drawing.themes import Theme

__all__ = ["MARK_RADII", "town_mark"]

MARK_RADII = (6.2, 4.6, 3.6, 2.8, 2.1)
"""Of the town marks by rank, in units."""


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
