"""Which parts of a map are shown: layers on the land, and furniture around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cartography.errors import unknown_name

__all__ = ["FURNITURE", "LAYERS", "Showing"]

LAYERS = {
    "items": "Items",
    "tints": "Realm tints",
    "realms": "Realm names",
    "borders": "Borders",
    "towns": "Towns",
    "roads": "Roads and ferries",
    "fog": "Fog",
    "dragons": "Dragons",
    "pictures": "Pictures and texts",
}
"""Layers on the land that can be switched off, and what people call them."""

FURNITURE = {
    "title": "Title",
    "legend": "Legend",
    "scale": "Scale",
    "rose": "Compass rose",
    "axes": "Axes",
    "frame": "Frame",
}
"""What stands around the land and can be switched off."""


@dataclass(frozen=True)
class Showing:
    """What of a map is drawn: all but `hidden` (names from `LAYERS` and `FURNITURE`).

    `fantasy_names` spells towns and realms as on a fantasy map; their real names stay on the cards.
    Raises `ParameterError` for a part that does not exist.
    """

    hidden: frozenset[str] = frozenset()
    fantasy_names: bool = False

    def __post_init__(self) -> None:
        for part in self.hidden:
            if part not in LAYERS and part not in FURNITURE:
                raise unknown_name("part of a map", part, [*LAYERS, *FURNITURE])
        object.__setattr__(self, "hidden", frozenset(self.hidden))

    @classmethod
    def without(cls, hidden: Iterable[str], fantasy_names: bool = False) -> Showing:
        """Return what is left when these parts are hidden."""
        return cls(frozenset(hidden), fantasy_names)

    def as_json(self) -> dict[str, object]:
        """Return what a browser is told."""
        return {"hidden": sorted(self.hidden), "fantasyNames": self.fantasy_names}

    def shows(self, part: str) -> bool:
        """Whether a layer or a piece of furniture is drawn."""
        return part not in self.hidden
