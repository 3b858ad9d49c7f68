"""Axes on the map: what runs from west to east, from south to north, toward you; what gives colour and size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from cartography.concepts.axes.in_recipes import laid_on, off_axes, rest_of
from cartography.errors import CartographyError, ParameterError
from cartography.inspection.wording import cut
from cartography.records import Recipe
from dashboard.desk import Desk
from dashboard.panels.axes.draft import choice, kept, said
from dashboard.panels.refusal import show_refusal

__all__ = ["drawn_by", "offered", "show_on_map", "show_way_back"]

REST = "\0unexplained"
"""Stands for what the axes on the map leave unexplained."""
_SIDES = {"x": "West to east (X)", "y": "South to north (Y)", "z": "Depth (Z)"}
_LOOKS = {"color_by": "Colour", "size_by": "Size"}
_AS_IS, _NONE = "\0as it is", "\0none"


def show_on_map(desk: Desk) -> None:
    """Draw the choice of what goes where, and the buttons that draw this map and go back to the former."""
    recipe = desk.visit.recipe
    columns = offered(desk)
    if not columns:
        st.caption("Make an axis first; these items have no column of numbers to lay the map on.")
        return
    laid = recipe.method_params if recipe.method == "axes" else {}
    follows = {spec.column for spec in recipe.specs if spec.name == columns[0]}
    second = next((name for name in columns[1:] if name not in follows), REST)
    usual = {"x": laid.get("x") or columns[0], "y": laid.get("y") or second, "z": laid.get("z") or _NONE}
    called = _called
    directions = any(spec.kind != "rest" for spec in recipe.specs)
    rest = [REST] if directions else []
    choice(desk, "side-x", _SIDES["x"], columns, usual["x"], format_func=called)
    choice(desk, "side-y", _SIDES["y"], [*columns, *rest], usual["y"], format_func=called)
    with st.expander("Depth, colour, size"):
        choice(desk, "side-z", _SIDES["z"], [_NONE, *columns, *rest], usual["z"], format_func=called)
        for look, words in _LOOKS.items():
            choice(desk, look, words, [_AS_IS, *columns, *rest], _AS_IS, format_func=called)
    alone = sum(spec.kind != "rest" for spec in recipe.specs) == 1
    if alone and said(desk, "side-y") == REST and recipe.metric != "euclidean":
        st.caption("What a single axis leaves unexplained makes an arc. A second axis makes a better map.")
    _offer_to_draw(desk)


def offered(desk: Desk) -> list[str]:
    """Return the columns a map can be laid on: the axes first, the one looked at before all others, then numbers."""
    chosen, specs = kept(desk).get("chosen"), desk.visit.recipe.specs
    axes = sorted((spec.name for spec in specs if spec.kind != "rest"), key=lambda name: name != chosen)
    rests = [spec.name for spec in specs if spec.kind == "rest"]
    numbers = [
        one.name
        for one in desk.columns.values()
        if one.name not in {*axes, *rests} and one.numbers is not None and np.isfinite(one.numbers).any()
    ]
    return [*axes, *numbers]


def _called(name: str) -> str:
    if name == REST:
        return "Unexplained by these axes"
    return {_NONE: "None", _AS_IS: "As it is"}.get(name) or cut(name, 60)


def _offer_to_draw(desk: Desk) -> None:
    recipe = desk.visit.recipe
    try:
        wanted = drawn_by(recipe, _said(desk), map(str, desk.columns))
    except CartographyError as error:
        show_refusal(error)
        return
    st.button(
        "Draw this map",
        key=desk.key("axes-draw"),
        type="primary",
        icon=":material/brush:",
        width="stretch",
        disabled=wanted == recipe,
        on_click=_draw,
        args=(desk,),
    )


def show_way_back(desk: Desk) -> None:
    """Draw the button that leads from a map on axes to the former map."""
    st.button(
        "Back to the map by neighbours",
        key=desk.key("axes-back"),
        icon=":material/undo:",
        help="Items stand now where the axes say, and nothing else.",
        width="stretch",
        on_click=_back,
        args=(desk,),
    )


def _said(desk: Desk) -> dict[str, str | None]:
    """What the fields hold, by side and look; what stays as it is is left out."""
    found = {side: said(desk, f"side-{side}") for side in _SIDES}
    found = {side: None if name == _NONE else name for side, name in found.items()}
    looks = {look: said(desk, look, _AS_IS) for look in _LOOKS}
    return {**found, **{look: name for look, name in looks.items() if name != _AS_IS}}


def drawn_by(recipe: Recipe, wanted: Mapping[str, str | None], taken: Iterable[str] = ()) -> Recipe:
    """Return the recipe of the map that has columns for `x`, `y`, `z`, `color_by`, `size_by`; those missing stay.

    `REST` among them is what the concept axes on the map's sides leave unexplained; it becomes an axis of its own.
    `taken` are the names of the items' columns. Raises `ParameterError` where there is no concept axis among the
    sides then.
    """
    directions = {spec.name for spec in recipe.specs if spec.kind != "rest"}
    chosen: dict[str, Any] = dict(wanted)
    if REST in chosen.values():
        of = [name for side in _SIDES if (name := chosen.get(side)) in directions and name is not None]
        if not of:
            raise ParameterError(
                "None of the map's sides is a concept axis, so nothing can be left unexplained.",
                "Choose an axis for X.",
            )
        recipe, rest = rest_of(recipe, of, taken)
        chosen = {part: rest if name == REST else name for part, name in chosen.items()}
    looks = {look: chosen[look] for look in _LOOKS if look in chosen}
    return laid_on(recipe, {side: chosen.get(side) for side in _SIDES}).replace(**looks)


def _draw(desk: Desk) -> None:
    recipe, here = desk.visit.recipe, kept(desk)
    try:
        wanted = drawn_by(recipe, _said(desk), map(str, desk.columns))
    except CartographyError:
        return
    if recipe.method != "axes":
        here["before"] = (recipe.method, dict(recipe.method_params))
    desk.visit.redraw(wanted)


def _back(desk: Desk) -> None:
    desk.visit.redraw(off_axes(desk.visit.recipe, kept(desk).get("before") or (None, {})))
