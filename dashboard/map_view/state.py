"""What the map tells Python: read from the component's JSON, which is checked as anything from outside is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.browser import World
from cartography.records import MapScene
from dashboard.map_view.lasso import LassoStep, inside, steps_from

__all__ = ["MapState", "Viewport", "read_state"]


@dataclass(frozen=True)
class Viewport:
    """The part of the map on screen: its middle in map units and the zoom (1 shows the whole frame)."""

    x: float
    y: float
    zoom: float

    def as_json(self) -> dict[str, float]:
        """Return the viewport as the browser sends and receives it."""
        return {"x": self.x, "y": self.y, "zoom": self.zoom}


@dataclass(frozen=True)
class MapState:
    """What a person did on the map.

    Attributes
    ----------
    selected_row : the row of the item clicked, or None
    lasso : the loops drawn, in order; empty when nothing is lassoed
    view : the part of the map on screen, None until it was moved
    hidden : codes of the groups switched off in the legend
    lost : whether the map found that its world was put away; publish it again
    """

    selected_row: int | None = None
    lasso: tuple[LassoStep, ...] = ()
    view: Viewport | None = None
    hidden: tuple[int, ...] = ()
    lost: bool = False

    def lassoed(self, scene: MapScene) -> NDArray[np.bool_]:
        """Return (n,) bool: the items inside the lasso whose group is not switched off; all False without one."""
        held = inside(self.lasso, scene.coordinates)
        if self.hidden and held.any():
            held &= ~np.isin(scene.colouring.codes, np.asarray(self.hidden, dtype=np.uint16))
        return held


def read_state(world: World, given: Mapping[str, object] | None) -> MapState:
    """Return what the component's state means on this world.

    Wire indices and polygons belong to the coordinates they were made on, codes to a colouring; what comes
    from another map is dropped, as is anything malformed.
    """
    given = given or {}
    on_map = world.points_key
    selected = _part(given.get("selected"), on_map)
    lasso = _part(given.get("lasso"), on_map)
    hidden = _part(given.get("hidden"), world.codes_key)
    return MapState(
        selected_row=_row(world, selected.get("index")),
        lasso=steps_from(lasso.get("steps")),
        view=_viewport(_part(given.get("view"), on_map)),
        hidden=_codes(hidden.get("codes"), world.scene.colouring.missing),
        lost=bool(given.get("lost")),
    )


def _part(given: object, key: str) -> Mapping[str, object]:
    return given if isinstance(given, Mapping) and given.get("of") == key else {}


def _whole(given: object, beyond: int) -> TypeGuard[int]:
    return isinstance(given, int) and not isinstance(given, bool) and 0 <= given < beyond


def _row(world: World, index: object) -> int | None:
    if not _whole(index, len(world.scene)):
        return None
    return int(world.scene.order[index])


def _viewport(given: Mapping[str, object]) -> Viewport | None:
    values = [given.get(name) for name in ("x", "y", "zoom")]
    numbers = [float(value) for value in values if isinstance(value, (int, float)) and isfinite(value)]
    if len(numbers) < 3 or numbers[2] <= 0:
        return None
    return Viewport(*numbers)


def _codes(given: object, missing: int) -> tuple[int, ...]:
    if not isinstance(given, list):
        return ()
    return tuple(sorted({code for code in given if _whole(code, missing + 1)}))
