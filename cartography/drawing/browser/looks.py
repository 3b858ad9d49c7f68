"""What the items of a map look like in a browser: sheets of their pictures, or what their texts begin with."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cartography.drawing.themes import Theme, theme_named
from cartography.pictures import has_pictures, has_texts, sheet, snippet
from cartography.records import EmbeddingSet

__all__ = ["LONGEST", "TILE", "Pictures", "Snippets", "ink_of", "looks_of"]

TILE = 48
"""Pixels a side of a picture on a sheet."""
LONGEST = 24
"""Characters of a snippet."""

Pictures = Callable[[Sequence[int]], bytes]
Snippets = Callable[[Sequence[int]], Sequence[str]]


def looks_of(embeddings: EmbeddingSet, theme: str | Theme) -> tuple[Pictures | None, Snippets | None]:
    """Return what gives pictures of rows, and what gives their snippets; items with pictures need no snippets."""
    ink = ink_of(theme)
    if has_pictures(embeddings):
        return lambda rows: sheet(embeddings, rows, TILE, ink)[0], None
    if has_texts(embeddings):
        return None, lambda rows: [snippet(embeddings, row, LONGEST) for row in rows]
    return None, None


def ink_of(theme: str | Theme) -> str:
    """Return the ink in which drawings are redrawn on a fantasy map; "" where pictures stay as they are."""
    look = theme_named(theme)
    return look.ink if look.fantasy else ""
