"""The map in a page: `show_map` mounts the component and says what a person did on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from cartography.drawing.browser import World
from cartography.drawing.browser.bundle import CODE_NAME, LOADER, style_sheet
from cartography.drawing.browser.wire import facts
from cartography.drawing.showing import Showing
from dashboard.map_view.lasso import LassoStep
from dashboard.map_view.overlay import NOTHING, Overlay
from dashboard.map_view.routes import LAYOUTS, PREFIX
from dashboard.map_view.state import MapState, Search, Viewport, read_state
from dashboard.map_view.tiles import DEEPEST

__all__ = ["show_map"]

HEIGHT = "clamp(360px, calc(100vh - 11rem), 1200px)"

_mount = st.components.v2.component("cartographer_map", js=LOADER, css=style_sheet(), isolate_styles=True)


def show_map(  # noqa: PLR0913  (a page reads best when it names what it passes)
    world: World,
    token: str,
    *,
    key: str,
    height: int | str = HEIGHT,
    selected: int | None = None,
    lasso: Sequence[LassoStep] = (),
    view: Viewport | None = None,
    hidden: Sequence[int] = (),
    chosen: Mapping[str, object] | None = None,
    found: Search | None = None,
    overlay: Overlay = NOTHING,
    version: int = 0,
    layout: str | None = None,
    forming: bool = False,
    showing: Showing = Showing(),  # noqa: B008
    title: str | None = None,
    on_select: Callable[[], None] | None = None,
    on_lasso: Callable[[], None] | None = None,
    on_view: Callable[[], None] | None = None,
    on_hidden: Callable[[], None] | None = None,
    on_chosen: Callable[[], None] | None = None,
    on_found: Callable[[], None] | None = None,
    on_ask: Callable[[], None] | None = None,
    on_lost: Callable[[], None] | None = None,
) -> MapState:
    """Draw a published world and return what a person did on it.

    `selected` (a row), `lasso`, `view`, `hidden`, `chosen` and `found` are what the map starts with. Later the map
    keeps its own state, so that an answer which took long never undoes a newer click; to give orders to a map on
    screen, pass them with a larger `version`. A changed `selected` is obeyed without one, unless it only repeats
    what the person did.

    Parameters
    ----------
    height : pixels, or a CSS length
    chosen : {"key", "lit", "kept", "chips"}: keys of sets of items that are lit and that are drawn at all, and what
        is said of them as [{"id", "text"}]
    overlay : what is drawn over the map
    layout : token of the frames of the layout that this map stands in for, or was made from
    forming : whether that layout is still under way, so that its items are shown moving
    showing : which layers are left out, and how names are spelled
    title : what the map is called, in place of the scene's own title
    on_select and the like : called, without arguments, before the script runs again
    """
    data = _data(world, token, height)
    data["given"] = {
        "version": version,
        "selected": _place(world, selected),
        "lasso": [step.as_json() for step in lasso],
        "view": view.as_json() if view else None,
        "hidden": list(hidden),
        "found": found.as_json() if found else None,
    }
    if chosen is not None:
        data["given"]["chosen"] = dict(chosen)
    if overlay != NOTHING:
        data["overlay"] = overlay.as_json(world)
    data["showing"] = showing.as_json()
    data["title"] = title or data["title"]
    if layout is not None:
        data["layout"] = {"base": f"{PREFIX}/{LAYOUTS}/{layout}/", "going": forming}
    result = _mount(
        key=key,
        data=data,
        on_selected_change=on_select or _nothing,
        on_lasso_change=on_lasso or _nothing,
        on_view_change=on_view or _nothing,
        on_hidden_change=on_hidden or _nothing,
        on_chosen_change=on_chosen or _nothing,
        on_found_change=on_found or _nothing,
        on_ask_change=on_ask or _nothing,
        on_lost_change=on_lost or _nothing,
    )
    return read_state(world, result)


def _data(world: World, token: str, height: int | str) -> dict[str, Any]:
    """What travels with every change: where to fetch the rest, and the facts."""
    return facts(world) | {
        "code": f"{PREFIX}/{CODE_NAME}",
        "base": f"{PREFIX}/{token}/",
        "deepest": DEEPEST,
        "height": f"{height}px" if isinstance(height, int) else height,
    }


def _place(world: World, row: int | None) -> int | None:
    """The wire index of a row; a row from a longer table selects nothing."""
    return int(world.places[row]) if row is not None and 0 <= row < len(world.places) else None


def _nothing() -> None:
    """Streamlit names a state only where a callback is given."""
