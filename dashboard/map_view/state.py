"""What the map tells Python: read from the component's JSON, which is checked as anything from outside is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.browser import World
from cartography.records import MapScene
from dashboard.map_view.lasso import LassoStep, inside, steps_from

__all__ = ["Asked", "MapState", "Search", "Viewport", "read_asked", "read_state"]

_LONGEST_TEXT, _MOST_COLUMNS = 500, 200
_HALVES = re.compile("[\ud800-\udfff]")
_FARTHEST = 1e300


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
class Search:
    """What is written in the search box: a text, the columns to look in (none: all), whether it is a pattern."""

    text: str
    columns: tuple[str, ...] = ()
    regex: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the search as the browser sends and receives it."""
        return {"text": self.text, "columns": list(self.columns), "regex": self.regex}


@dataclass(frozen=True)
class Asked:
    """Something that the map has Python do: "drop" the chip `id`, draw "only" what is lit, or "all", or "clear"."""

    what: str
    id: str = ""


@dataclass(frozen=True)
class MapState:
    """What a person did on the map.

    Attributes
    ----------
    selected_row : the row of the item clicked, or None
    lasso : the loops drawn, in order; empty when nothing is lassoed
    view : the part of the map on screen, None until it was moved
    hidden : codes of the groups switched off in the legend
    found : what is searched for, or None
    chosen_key : the key of what was chosen beside the map, where a person went back to it
    lost : whether the map found that its world was put away; publish it again
    """

    selected_row: int | None = None
    lasso: tuple[LassoStep, ...] = ()
    view: Viewport | None = None
    hidden: tuple[int, ...] = ()
    found: Search | None = None
    chosen_key: str | None = None
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
        found=_search(_part(given.get("found"), on_map)),
        chosen_key=_text(_part(given.get("chosen"), on_map).get("key")),
        lost=bool(given.get("lost")),
    )


def read_asked(world: World, given: Mapping[str, object] | None) -> Asked | None:
    """Return what the map asks for on this world; None for nothing."""
    asked = _part((given or {}).get("ask"), world.points_key)
    what, chip = _text(asked.get("what")), _text(asked.get("id"))
    return Asked(what, chip or "") if what in ("drop", "only", "all", "clear") else None


def _search(given: Mapping[str, object]) -> Search | None:
    text, columns = _text(given.get("text")), given.get("columns")
    if not text:
        return None
    named = columns[:_MOST_COLUMNS] if isinstance(columns, list) else []
    return Search(text, tuple(name for name in named if _text(name) is not None), given.get("regex") is True)


def _text(given: object) -> str | None:
    """A text of bearable length that can be sent on: halves of characters cannot."""
    if not isinstance(given, str) or len(given) > _LONGEST_TEXT or _HALVES.search(given):
        return None
    return given


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
    numbers = [float(value) for value in values if isinstance(value, (int, float)) and abs(value) < _FARTHEST]
    if len(numbers) < 3 or numbers[2] <= 0:
        return None
    return Viewport(*numbers)


def _codes(given: object, missing: int) -> tuple[int, ...]:
    if not isinstance(given, list):
        return ()
    return tuple(sorted({code for code in given if _whole(code, missing + 1)}))
