"""The formula bar: one line that completes names while one types, without waiting for Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from cartography.concepts.formulas.tree import FormulaError
from dashboard.desk import Desk
from dashboard.formula_names import Suggestion
from dashboard.map_view.routes import PREFIX
from dashboard.panels.formula.asked import draft, orders, take
from dashboard.state import component_state

__all__ = ["Fault", "bar_code", "fault_of", "show_bar"]

_HERE = Path(__file__).parent
_IMPORT = re.compile(r"^import\b[^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
_MARKUP = """
<form autocomplete="off">
  <div class="field">
    <div class="mirror" aria-hidden="true"></div>
    <input type="text" role="combobox" aria-label="Formula" aria-autocomplete="list" aria-expanded="false"
      aria-controls="options" aria-describedby="said" autocomplete="off" autocapitalize="off" autocorrect="off"
      spellcheck="false" enterkeyhint="go" maxlength="2000">
    <button type="button" class="clear" aria-label="Clear the formula" title="Clear the formula" hidden>×</button>
  </div>
  <button type="submit" class="solve" aria-label="Solve" title="Solve (Enter)">=</button>
</form>
<ul role="listbox" id="options" aria-label="Names that fit" hidden></ul>
<div id="said" role="alert"><p class="said"></p><p class="hint"></p></div>
<p class="count" role="status"></p>
"""


def bar_code() -> str:
    """Return the bar's two files as one module."""
    text, bar = ((_HERE / name).read_text(encoding="utf-8") for name in ("formula_text.js", "bar.js"))
    return _EXPORT.sub("", text) + "\n" + _IMPORT.sub("", bar)


_mount = st.components.v2.component(
    "cartographer_formula_bar", html=_MARKUP, css=(_HERE / "bar.css").read_text(encoding="utf-8"), js=bar_code()
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a formula, and at which of its characters."""

    text: str
    start: int
    end: int
    message: str
    hint: str = ""


def fault_of(text: str, error: FormulaError) -> Fault:
    """Return what the bar says of an error in a formula."""
    return Fault(text, error.start, error.end, error.message, error.hint)


def show_bar(desk: Desk, placeholder: str, own: Sequence[Suggestion], fault: Fault | None) -> None:
    """Draw the bar; what is submitted in it is asked before the page runs again.

    `own` is what only this visit may name; the map's route completes all other names.
    """
    key, now = desk.key("formula-bar"), draft(desk.visit)

    def told(what: str) -> None:
        take(desk, (component_state(key) or {}).get(what), ask=what == "asked")

    data = {
        "base": f"{PREFIX}/{desk.token}/",
        "placeholder": placeholder,
        "groups": [asdict(one) for one in own],
        "draft": now.text,
        "taken": now.taken,
        "orders": [order.as_json() for order in orders(desk.visit)],
        "fault": asdict(fault) if fault is not None else None,
    }
    _mount(
        key=key,
        data=data,
        on_draft_change=lambda: told("draft"),
        on_asked_change=lambda: told("asked"),
    )
