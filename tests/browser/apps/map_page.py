"""A page with one map and, in words, what Python knows about it. The environment says which map."""

from __future__ import annotations

import os

import numpy as np
import streamlit as st

from cartography.drawing.relief import Relief
from cartography.records import Colouring
from dashboard.map_view import WORLDS, World
from dashboard.map_view.view import show_map
from tests.map_view import scenes

N = int(os.environ.get("MAP_ITEMS", "5000"))
THEME = os.environ.get("MAP_THEME", "fantasy")
NAMES = os.environ.get("MAP_NAMES", "plain")
COLOURS = os.environ.get("MAP_COLOURS", "groups")
PLAIN = os.environ.get("MAP_TILES") == "plain"

st.set_page_config(layout="wide", page_title="map")


def make(colours: str = COLOURS) -> World:
    coordinates, label = scenes.random_walks(N, walks=400 if colours == "many" else 12)
    names = None
    if NAMES == "hostile":
        names = tuple(f"<img src=x onerror=window.hurt=1> & {i}" for i in range(int(label.max()) + 1))
    terrain = scenes.flat_terrain(coordinates) if PLAIN else None
    scene = scenes.scene_of(coordinates, label, names, terrain)
    if colours == "numbers":
        codes = np.clip(np.abs(coordinates[:, 0]) * 12, 0, 255).astype(np.uint16)
        scene = scenes.recoloured(scene, Colouring("price", "numbers", codes, low=0.0, high=21.25))
    return scenes.world_of(scene, THEME, None if PLAIN else Relief(scene, THEME))


memory = st.session_state
orders = memory.setdefault("orders", {"version": 0, "selected": None})
if not memory.get("gone"):
    colours = "numbers" if memory.get("numbers") else COLOURS
    memory.token = WORLDS.publish(f"{N} {THEME} {NAMES} {colours} {PLAIN}", lambda: make(colours))
    memory.world = WORLDS.get(memory.token)
state = show_map(memory.world, memory.token, key="map", **orders)

told = st.columns(6)
told[0].text(f"selected {state.selected_row}")
told[1].text(f"lassoed {int(state.lassoed(memory.world.scene).sum())}")
told[2].text(f"steps {' '.join(step.op for step in state.lasso) or 'none'}")
told[3].text(f"hidden {list(state.hidden)}")
told[4].text(f"zoom {np.round(state.view.zoom, 2) if state.view else None}")
told[5].text(f"lost {state.lost}")


def select(row: int | None) -> None:
    orders.update(version=orders["version"] + 1, selected=row)


def put_away() -> None:
    WORLDS.put_away(memory.token)
    memory.gone = True


panel = st.columns(6)
panel[0].button("Select row 7", on_click=select, args=(7,))
panel[1].button("Select nothing", on_click=select, args=(None,))
panel[2].button("Put away", on_click=put_away)
panel[3].button("Bring back", on_click=memory.pop, args=("gone", None))
panel[4].toggle("Numbers", key="numbers")
panel[5].button("Run again")
