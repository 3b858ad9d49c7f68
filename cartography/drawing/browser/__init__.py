"""The map in a browser: its code, what it is sent, and the whole of it as one offline page."""

from cartography.drawing.browser.looks import looks_of
from cartography.drawing.browser.world import (
    Card,
    Completer,
    Completions,
    Findings,
    Neighbours,
    TilePainter,
    World,
    card_of,
)

__all__ = ["Card", "Completer", "Completions", "Findings", "Neighbours", "TilePainter", "World", "card_of", "looks_of"]
