"""Where the map is to look so that what a formula draws on it can be seen, and whether it can be seen as it is."""

from __future__ import annotations

import streamlit as st

from cartography.records import MapScene
from dashboard.desk import Desk
from dashboard.map_view import Viewport
from dashboard.map_view.overlay import Overlay

__all__ = ["draw_in_sight", "is_seen", "room_for"]

_SHARE = 0.35  # of the map's shorter side, for what is drawn
_SMALL = 0.15  # of the part that is looked at: less is too small to be read
_CLOSEST = 8.0

_FLOWN = "formula-flown"

Box = tuple[float, float, float, float]


def draw_in_sight(desk: Desk, overlay: Overlay, key: str) -> None:
    """Draw arrows; once for each `key` the map flies to where they can be seen, later at the press of a button."""
    visit, scene = desk.visit, desk.built.scene
    desk.draw(overlay)
    room = room_for(scene, overlay)
    if room is None:
        return
    if visit.kept.get(_FLOWN) != key:
        visit.kept[_FLOWN] = key
        if not is_seen(scene, overlay, visit.view_of(desk.world.points_key)):
            visit.fly(room)
    st.button(
        "Show the arrows",
        icon=":material/near_me:",
        key=desk.key("formula-fly"),
        help="Turn the map to where the arrows are.",
        on_click=visit.fly,
        args=(room,),
        width="stretch",
    )


def room_for(scene: MapScene, overlay: Overlay) -> Viewport | None:
    """Return the view that shows the arrows with generous room around them; None where there is no arrow.

    Where they are longer than the map shows well, that is the whole map.
    """
    box = _box(overlay)
    if box is None:
        return None
    west, south, east, north = box
    side = max(east - west, north - south)
    zoom = min(_CLOSEST, _SHARE * _shorter(scene) / side) if side > 0 else _CLOSEST
    return Viewport((west + east) / 2, (south + north) / 2, max(1.0, zoom))


def is_seen(scene: MapScene, overlay: Overlay, view: Viewport | None) -> bool:
    """Whether the arrows lie in sight and are large enough; `view` is what the map shows, None for all of it."""
    box = _box(overlay)
    if box is None:
        return True
    x0, y0, x1, y1 = scene.terrain.frame
    view = view or Viewport((x0 + x1) / 2, (y0 + y1) / 2, 1.0)
    half = _shorter(scene) / view.zoom / 2
    west, south, east, north = box
    inside = west >= view.x - half and east <= view.x + half and south >= view.y - half and north <= view.y + half
    return inside and max(east - west, north - south) >= _SMALL * 2 * half


def _box(overlay: Overlay) -> Box | None:
    places = [place for leg in overlay.legs for place in (leg.start, leg.end)]
    if not places:
        return None
    xs, ys = zip(*places, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _shorter(scene: MapScene) -> float:
    west, south, east, north = scene.terrain.frame
    return min(east - west, north - south)
