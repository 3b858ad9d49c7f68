"""Concept axes: made, judged, put on the map, taken out; one step at a time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.desk import Desk
from dashboard.panels.axes.draft import kept, switch
from dashboard.panels.axes.making import show_making
from dashboard.panels.axes.on_map import show_on_map, show_way_back
from dashboard.panels.axes.removal import show_removal
from dashboard.panels.axes.saved import show_saved

__all__ = ["show_axes"]

_WHAT = "An axis runs between two poles that you name, such as man → woman or cheap → dear."
_NONE = "There is no axis yet. Make one first."


def show_axes(desk: Desk) -> None:
    """Draw the step that is open: make an axis, look at those there are, lay the map on them, take them out."""
    here = kept(desk)
    if "step" not in here:
        here["step"] = "Look" if desk.visit.recipe.axes else "Make"
    step = switch(desk, "step", "Step", list(_STEPS))
    if not desk.visit.recipe.axes:
        st.caption(_NONE if step in ("Look", "Take out") else _WHAT)
        if step in ("Look", "Take out"):
            return
    if desk.visit.recipe.method == "axes":
        show_way_back(desk)
    _STEPS[step](desk)


_STEPS: dict[str, Callable[[Desk], None]] = {
    "Make": show_making,
    "Look": show_saved,
    "Draw": show_on_map,
    "Take out": show_removal,
}
