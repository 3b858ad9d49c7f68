"""The maps being served."""

from __future__ import annotations

from cartography.drawing.browser import World
from dashboard.published import Published

__all__ = ["WORLDS", "Worlds"]


class Worlds(Published[World]):
    """Published maps. A map's key names the scene, the theme, the fields on its cards."""

    def __init__(self, most: int = 32, most_bytes: int = 1 << 31) -> None:
        super().__init__(most, most_bytes)


WORLDS = Worlds()
"""The registry that the pages publish to and the routes serve from."""
