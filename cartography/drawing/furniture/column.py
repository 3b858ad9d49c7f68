"""Lines of text set one under the other: what cartouche and legend are made of."""

from __future__ import annotations

from dataclasses import dataclass

from cartography.drawing.svg import text
from cartography.drawing.themes import Theme

__all__ = ["Column"]


@dataclass
class Column:
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
