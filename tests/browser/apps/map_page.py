"""A page with one map and, in words, what Python knows about it. The environment says which map."""

from __future__ import annotations

import os

import numpy as np
import streamlit as st

from cartography.drawing.relief import Relief
from dashboard.map_view import WORLDS, World
from dashboard.map_view.view import show_map
from tests.map_view import scenes

N = int(os.environ.get("MAP_ITEMS", "5000"))
THEME = os.environ.get("MAP_THEME", "fantasy")
NAMES = os.environ.get("MAP_NAMES", "plain")
PLAIN = os.environ.get("MAP_TILES") == "plain"

st.set_page_config(layout="wide", page_title="map")


def make() -> World:
    names = None
    coordinates, label = scenes.random_walks(N)
    if NAMES == "hostile":
        names = tuple(f"<img src=x onerror=window.hurt=1> & {i}" for i in range(int(label.max()) + 1))
    terrain = scenes.flat_terrain(coordinates) if PLAIN else None
    scene = scenes.scene_of(coordinates, label, names, terrain)
    return scenes.world_of(scene, THEME, None if PLAIN else Relief(scene, THEME))


orders = st.session_state.setdefault("orders", {"version": 0, "selected": None})
token = WORLDS.publish(f"{N} {THEME} {NAMES} {PLAIN}", make)
world = WORLDS.get(token)
state = show_map(world, token, key="map", **orders)

told = st.columns(5)
told[0].text(f"selected {state.selected_row}")
told[1].text(f"lassoed {int(state.lassoed(world.scene).sum())}")
told[2].text(f"steps {' '.join(step.op for step in state.lasso) or 'none'}")
told[3].text(f"hidden {list(state.hidden)}")
told[4].text(f"zoom {np.round(state.view.zoom, 2) if state.view else None}")


def select(row: int | None) -> None:
    orders.update(version=orders["version"] + 1, selected=row)


panel = st.columns(5)
panel[0].button("Select row 7", on_click=select, args=(7,))
panel[1].button("Select nothing", on_click=select, args=(None,))
panel[2].button("Put away", on_click=WORLDS.put_away, args=(token,))
