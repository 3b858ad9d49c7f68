"""A page with one map and, in words, what Python knows about it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cartography.drawing.showing import Showing
from dashboard.map_view import WORLDS
from dashboard.map_view.view import show_map
from tests.browser.apps.map_world import COLOURS, publish

st.set_page_config(layout="wide", page_title="map")


memory = st.session_state
orders = memory.setdefault("orders", {"version": 0, "selected": None})
if not memory.get("gone"):
    colours = "numbers" if memory.get("numbers") else COLOURS
    memory.token = publish(colours)
    memory.world = WORLDS.get(memory.token)
showing = Showing.without(memory.get("hide", "").split(), bool(memory.get("fantasy")))
state = show_map(memory.world, memory.token, key="map", showing=showing, **orders)

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


panel = st.columns(8)
panel[0].button("Select row 7", on_click=select, args=(7,))
panel[1].button("Select nothing", on_click=select, args=(None,))
panel[2].button("Put away", on_click=put_away)
panel[3].button("Bring back", on_click=memory.pop, args=("gone", None))
panel[4].toggle("Numbers", key="numbers")
panel[5].button("Run again")
panel[6].text_input("Hide", key="hide")
panel[7].toggle("Fantasy", key="fantasy")
