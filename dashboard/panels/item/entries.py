"""Items as lines of a list: called by their title, with the colour they have on the map."""

from __future__ import annotations

from math import isnan
from typing import Any

from cartography.items import title
from dashboard.desk import Desk
from dashboard.panels.item_list import Entry

__all__ = ["entry_of", "percent", "percentile_words"]


def entry_of(desk: Desk, row: int, value: str, share: float, **more: Any) -> Entry:
    """Return the line of one item; `share` (0..1) is how long its bar is, `more` what else an `Entry` shows."""
    colour = desk.world.colours[desk.built.scene.colouring.codes[row]]
    return Entry(int(row), title(desk.built.embeddings, int(row)), value, share, colour, **more)


def percent(share: float) -> str:
    """Return a share of 0 to 100 as short as a narrow column has room for; nothing for NaN."""
    if isnan(share):
        return ""
    if share < 0.01:
        return "<0.01%"
    if share > 99.99:
        return ">99.99%"
    return f"{share:.2f}%" if share < 1 or share > 99 else f"{share:.0f}%"


def percentile_words(percentile: float, pairs: str) -> str:
    """Return what a percentile of distance says: nearer or farther than how many of all pairs."""
    if isnan(percentile):
        return ""
    near = percentile < 50
    words = f"{'nearer' if near else 'farther'} than {percent(100 - percentile if near else percentile)} of all pairs"
    return words if pairs.startswith("all") else f"{words}, going by {pairs}"
