"""What the panel about axes remembers of a visit: the step one is at, what is being made, the axis one looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from cartography.records.arrays import digest
from dashboard.desk import Desk
from dashboard.state import begin_widget, component_state

__all__ = ["begin_anew", "choice", "field", "kept", "said", "switch", "turn_to"]

_PLACE = "axes"


def kept(desk: Desk) -> dict[str, Any]:
    """Return what is remembered, plain values only.

    `fields` are what fields held last, by their names, and `keys` where they are; `poles` the groups taken from the
    map, by side; `chosen` the axis looked at; `before` the method before the map was laid on axes; `turn` counts the
    axes made.
    """
    found: dict[str, Any] = desk.visit.kept.setdefault(_PLACE, {})
    for name in ("fields", "keys", "poles"):
        found.setdefault(name, {})
    found.setdefault("turn", 0)
    return found


def said(desk: Desk, name: str, usual: Any = None) -> Any:
    """Return what a field holds now, in callbacks too; what it held last where it is not on screen."""
    here = kept(desk)
    key = here["keys"].get(name)
    now = component_state(key) if key is not None else None
    return here["fields"].get(name, usual) if now is None else now


def field(desk: Desk, name: str, draw: Callable[..., Any], label: str, usual: Any = "", **more: Any) -> Any:
    """Draw a field that shows what it held last, and return what it holds."""
    here = kept(desk)
    key = here["keys"][name] = desk.key(f"axes-{name}-{here['turn']}")
    begin_widget(key, here["fields"].get(name, usual))
    value = here["fields"][name] = draw(label, key=key, **more)
    return value


def choice(desk: Desk, name: str, label: str, options: Sequence[Any], usual: Any = None, **more: Any) -> Any:
    """Draw a selectbox that shows what it held last, where that is still offered, and return what it holds."""
    here = kept(desk)
    key = here["keys"][name] = desk.key(f"axes-{name}-{here['turn']}-{digest(*map(str, options))}")
    before = here["fields"].get(name, usual)
    fallback = usual if usual in options else next(iter(options), None)
    begin_widget(key, before if before in options else fallback)
    value = here["fields"][name] = st.selectbox(label, options, key=key, **more)
    return value


def switch(desk: Desk, name: str, label: str, options: Sequence[str]) -> str:
    """Draw a row of buttons of which one is down, and return which."""
    here = kept(desk)
    key = desk.key(f"axes-{name}-{here.get(f'{name}-turns', 0)}")
    now = here.get(name)
    begin_widget(key, now if now in options else options[0])
    with st.container(key=f"ec-axes-{name}"):
        value = st.segmented_control(label, options, key=key, required=True, label_visibility="collapsed")
    here[name] = value or options[0]
    return str(here[name])


def turn_to(desk: Desk, name: str, option: str) -> None:
    """Put another button of a row down; what a browser says of the former row means nothing any more."""
    here = kept(desk)
    here[name] = option
    here[f"{name}-turns"] = here.get(f"{name}-turns", 0) + 1


def begin_anew(desk: Desk) -> None:
    """Empty the fields, for another axis."""
    here = kept(desk)
    here["turn"] += 1
    here["fields"], here["keys"], here["poles"] = {}, {}, {}
