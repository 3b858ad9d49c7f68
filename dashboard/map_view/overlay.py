"""What is drawn over the map for as long as a panel is about it: spokes, a road, rings, pins."""

from __future__ import annotations

from dataclasses import dataclass

from cartography.drawing.browser import World

__all__ = ["MOST", "NOTHING", "Leg", "Overlay", "Pin"]

MOST = 4_000
"""Items of a kind, and pins, that are drawn."""
_LABEL = 80


@dataclass(frozen=True)
class Pin:
    """A place in map units with a few words; `kind` is "new" for a new point, "note" for a person's own."""

    x: float
    y: float
    label: str = ""
    kind: str = "new"


@dataclass(frozen=True)
class Leg:
    """An arrow of a sum, from one place (x, y) in map units to the next, and what is written beside it."""

    start: tuple[float, float]
    end: tuple[float, float]
    label: str = ""


@dataclass(frozen=True)
class Overlay:
    """Rows of items, and places in map units.

    Attributes
    ----------
    centre : the item that spokes begin at; None for `origin`, a place in map units, or for no spokes
    spokes : its neighbours in the original space that are near on the map as well
    lost : those that are far on the map
    false : items near on the map and far in the original space
    route : items on a road, from its first to its last
    ringed : items that are marked
    pins : places
    legs : arrows from place to place, in their order
    """

    centre: int | None = None
    origin: tuple[float, float] | None = None
    spokes: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()
    false: tuple[int, ...] = ()
    route: tuple[int, ...] = ()
    ringed: tuple[int, ...] = ()
    pins: tuple[Pin, ...] = ()
    legs: tuple[Leg, ...] = ()

    def as_json(self, world: World) -> dict[str, object]:
        """Return the overlay as the browser receives it: items as wire indices."""

        def places(rows: tuple[int, ...]) -> list[int]:
            return [int(world.places[row]) for row in rows[:MOST] if 0 <= row < len(world.places)]

        return {
            "centre": next(iter(places((self.centre,))), None) if self.centre is not None else None,
            "origin": list(self.origin) if self.origin is not None else None,
            "spokes": places(self.spokes),
            "lost": places(self.lost),
            "false": places(self.false),
            "route": places(self.route),
            "ringed": places(self.ringed),
            "pins": [
                {"x": pin.x, "y": pin.y, "label": pin.label[:_LABEL], "kind": pin.kind} for pin in self.pins[:MOST]
            ],
            "legs": [
                {"from": list(leg.start), "to": list(leg.end), "label": leg.label[:_LABEL]}
                for leg in self.legs[:MOST]
            ],
        }


NOTHING = Overlay()
