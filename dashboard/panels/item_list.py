"""A list of items one can click, for neighbours and whatever else ranks items."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from dashboard.state import component_state

__all__ = ["Entry", "Mark", "show_items"]

_HERE = Path(__file__).parent

_mount = st.components.v2.component(
    "cartographer_item_list",
    html="<ol></ol>",
    css=(_HERE / "item_list.css").read_text(encoding="utf-8"),
    js=(_HERE / "item_list.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Mark:
    """A small badge on a line: a sign, what it means, and its `kind`, which is its colour: "good", "bad" or plain."""

    sign: str
    tip: str
    kind: str = ""


@dataclass(frozen=True)
class Entry:
    """One line: an item's row and name, the number shown, its share (0..1) of the bar, and the item's colour.

    `aside` is a second, smaller number; `tip` tells more about both when pointed at.
    """

    row: int
    name: str
    value: str
    share: float
    colour: str = ""
    aside: str = ""
    tip: str = ""
    marks: tuple[Mark, ...] = ()


def show_items(
    entries: Sequence[Entry],
    label: str,
    key: str,
    on_choose: Callable[[int], None],
    on_remove: Callable[[int], None] | None = None,
) -> None:
    """Draw the list; `on_choose` is called with the row of the item that was clicked, before the page runs again.

    With `on_remove` each line has a button that calls it instead. Long lists scroll inside.
    """

    def told(what: str, then: Callable[[int], None] | None) -> None:
        row = (component_state(key) or {}).get(what)
        if isinstance(row, int) and then is not None:
            then(row)

    data = {
        "label": label,
        "removable": on_remove is not None,
        "items": [{**asdict(entry), "name": entry.name[:200]} for entry in entries],
    }
    _mount(
        key=key,
        data=data,
        on_chosen_change=lambda: told("chosen", on_choose),
        on_removed_change=lambda: told("removed", on_remove),
    )
