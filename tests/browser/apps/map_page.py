"""A page with one map and, in words, what Python knows about it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cartography.drawing.showing import Showing
from dashboard.item_sets import SETS
from dashboard.map_view import WORLDS, read_asked
from dashboard.map_view.overlay import NOTHING, Overlay, Pin
from dashboard.map_view.view import show_map
from tests.browser.apps.map_world import COLOURS, publish

st.set_page_config(layout="wide", page_title="map")


memory = st.session_state
orders = memory.setdefault("orders", {"version": 0, "selected": None, "chosen": None, "overlay": NOTHING})
if not memory.get("gone"):
    colours = "numbers" if memory.get("numbers") else COLOURS
    memory.token = publish(colours)
    memory.world = WORLDS.get(memory.token)
showing = Showing.without(memory.get("hide", "").split(), bool(memory.get("fantasy")))


def hear() -> None:
    asked = read_asked(memory.world, memory.get("map"))
    memory.asked = f"{asked.what} {asked.id}".strip() if asked else "nothing"


state = show_map(memory.world, memory.token, key="map", showing=showing, on_ask=hear, **orders)

told = st.columns(6)
told[0].text(f"selected {state.selected_row}")
told[1].text(f"lassoed {int(state.lassoed(memory.world.scene).sum())}")
told[2].text(f"steps {' '.join(step.op for step in state.lasso) or 'none'}")
told[3].text(f"hidden {list(state.hidden)}")
told[4].text(f"zoom {np.round(state.view.zoom, 2) if state.view else None}")
told[5].text(f"lost {state.lost}")
told[0].text(f"found {state.found.text if state.found else None}")
told[1].text(f"chosen {state.chosen_key}")
told[2].text(f"asked {memory.get('asked')}")


def select(row: int | None) -> None:
    orders.update(version=orders["version"] + 1, selected=row)


def choose(kept: bool = False, last: int = 0) -> None:
    """Light every third item, or the last in the order of drawing; or draw only those."""
    mask = np.zeros(len(memory.world.scene), dtype=bool)
    mask[memory.world.scene.order[-last:] if last else slice(None, None, 3)] = True
    key = SETS.keep(mask, "thirds").key
    chip = {"id": "picked", "text": "only <b>thirds</b>" if kept else "<b>thirds</b>"}
    chosen = {"key": f"{key}-{kept}", "lit": "" if kept else key, "kept": key if kept else "", "chips": [chip]}
    orders.update(version=orders["version"] + 1, chosen=chosen, selected=state.selected_row)


def draw_over() -> None:
    rows = memory.world.scene.order[:40].tolist()
    orders["overlay"] = Overlay(
        centre=rows[0], spokes=rows[1:5], lost=rows[5:8], false=rows[8:10], route=rows[10:14], ringed=rows[14:16],
        pins=(Pin(0.0, 0.0, "<i>here</i>"), Pin(1.0, 1.0, "note", "note")),
    )  # fmt: skip


def put_away() -> None:
    WORLDS.put_away(memory.token)
    memory.gone = True


panel = st.columns(12)
panel[0].button("Select row 7", on_click=select, args=(7,))
panel[1].button("Select nothing", on_click=select, args=(None,))
panel[2].button("Put away", on_click=put_away)
panel[3].button("Bring back", on_click=memory.pop, args=("gone", None))
panel[4].toggle("Numbers", key="numbers")
panel[5].button("Run again")
panel[6].text_input("Hide", key="hide")
panel[7].toggle("Fantasy", key="fantasy")
panel[8].button("Light thirds", on_click=choose)
panel[9].button("Only thirds", on_click=choose, args=(True,))
panel[10].button("Light last", on_click=choose, args=(False, 50))
panel[11].button("Draw over", on_click=draw_over)
