"""What is shared where items are annotated: which they are, lines with small buttons, and steps taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from cartography.inspection.wording import counted
from cartography.items import title
from dashboard.desk import Desk
from dashboard.notebook import Notebook
from dashboard.panels.markup import safe
from dashboard.state import component_state

__all__ = ["Action", "Target", "choose_target", "fresh", "renew", "show_line", "show_steps", "typed"]

_TURN = "notes-turn"
_SELECTION, _ITEM = "The selection", "The item"


@dataclass(frozen=True)
class Target:
    """The items that something is put on, by id, and what they are in a few words."""

    ids: tuple[str, ...] = ()
    says: str = ""

    def __bool__(self) -> bool:
        return bool(self.ids)


@dataclass(frozen=True)
class Action:
    """A small button: its icon, what it does in words, and what is called with `args` when it is clicked."""

    icon: str
    words: str
    call: Callable[..., Any]
    args: tuple[Any, ...] = ()


def choose_target(desk: Desk) -> Target:
    """Return the selection, or the chosen item; where there are both, draw the choice between them.

    It is one choice for tags and corrections.
    """
    rows, row = desk.rows, desk.selected
    ids = desk.built.embeddings.ids
    ways = [*([_SELECTION] if len(rows) else []), *([_ITEM] if row is not None else [])]
    if not ways:
        st.caption("Click an item on the map, or select some: by lasso, search or filters.")
        return Target()
    way = ways[0]
    if len(ways) > 1:
        way = st.segmented_control("On", ways, default=ways[0], required=True, key=desk.key("notes-on")) or ways[0]
    if way == _ITEM and row is not None:
        target = Target((str(ids[row]),), title(desk.built.embeddings, row))
    else:
        target = Target(tuple(map(str, ids[rows])), counted(len(rows), "item"))
    st.html(f"<p class='ec-item' data-testid='notes-target'>{safe(target.says, 160)}</p>")
    return target


def show_line(words: str, key: str, *actions: Action) -> None:
    """Draw a line of plain words, escaped here, with small buttons behind it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f"<p class='ec-swatch'>{safe(words, 400)}</p>", width="stretch")
        for action in actions:
            st.button(
                "",
                icon=f":material/{action.icon}:",
                help=action.words,
                key=f"{key}-{action.icon}",
                on_click=action.call,
                args=action.args,
                type="tertiary",
            )


def show_steps(desk: Desk, notebook: Notebook) -> None:
    """Draw the buttons that take a step back and again, and what the last step was."""
    with st.container(horizontal=True, gap="small"):
        for word, says, move in (
            ("Undo", notebook.done, notebook.undo),
            ("Redo", notebook.undone, notebook.redo),
        ):
            st.button(
                word,
                icon=f":material/{word.lower()}:",
                disabled=not says,
                key=desk.key(f"notes-{word.lower()}"),
                on_click=move,
                type="tertiary",
            )
    if notebook.done:
        st.html(f"<p class='ec-sub'>The last step: {safe(notebook.done, 120)}.</p>")


def typed(key: str) -> str:
    """Return what stands in a field right now: callbacks run before the fields are drawn again."""
    return str(component_state(key) or "").strip()


def fresh(desk: Desk, name: str) -> str:
    """Return the key of a field that is emptied by `renew`."""
    return desk.key(f"{name}-{desk.visit.kept.get(_TURN, 0)}")


def renew(desk: Desk) -> None:
    """Empty the fields when the panel is drawn next."""
    desk.visit.kept[_TURN] = desk.visit.kept.get(_TURN, 0) + 1
