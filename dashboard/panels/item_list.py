"""A list of items one can click, for neighbours and whatever else ranks items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from dashboard.state import component_state

__all__ = ["Entry", "show_items"]

_HERE = Path(__file__).parent

_mount = st.components.v2.component(
    "cartographer_item_list",
    html="<ol></ol>",
    css=(_HERE / "item_list.css").read_text(encoding="utf-8"),
    js=(_HERE / "item_list.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Entry:
    """One line: an item's row and name, the number shown, its share (0..1) of the bar, and the item's colour."""

    row: int
    name: str
    value: str
    share: float
    colour: str = ""


def show_items(entries: Sequence[Entry], label: str, key: str, on_choose: Callable[[int], None]) -> None:
    """Draw the list; `on_choose` is called with the row of the item that was clicked, before the page runs again."""

    def chosen() -> None:
        row = (component_state(key) or {}).get("chosen")
        if isinstance(row, int):
            on_choose(row)

    data = {"label": label, "items": [{**asdict(entry), "name": entry.name[:200]} for entry in entries]}
    _mount(key=key, data=data, on_chosen_change=chosen)
