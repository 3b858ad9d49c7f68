"""The table in a page: `show_grid` mounts the component, which fetches the rows in sight by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard.state import component_state
from dashboard.table.routes import PREFIX
from dashboard.table.view import TableView

__all__ = ["show_grid"]

_HERE = Path(__file__).parent
_MARKUP = """
<div class="grid" role="grid" tabindex="0" data-testid="table"><div class="space"><div class="sight">
<div class="head" role="row" aria-rowindex="1"></div><div class="body" role="rowgroup"></div>
</div></div></div>
<p class="said" role="status"></p>
"""

_mount = st.components.v2.component(
    "cartographer_table",
    html=_MARKUP,
    css=(_HERE / "table.css").read_text(encoding="utf-8"),
    js=(_HERE / "table.js").read_text(encoding="utf-8"),
)


def show_grid(
    view: TableView,
    token: str,
    *,
    key: str,
    label: str,
    selected: int | None = None,
    height: int = 320,
    on_choose: Callable[[int], None],
) -> None:
    """Draw a published table; `on_choose` is called with the row of an item before the page runs again.

    The item of row `selected` is marked, and brought into sight when it is another than before.
    """

    def chosen() -> None:
        row = (component_state(key) or {}).get("chosen")
        if isinstance(row, int):
            on_choose(row)

    columns = [
        {"heading": one.heading, "numeric": one.numeric, "sortable": one.sortable, "width": one.width}
        for one in view.columns
    ]
    data = {
        "label": label,
        "base": f"{PREFIX}/{token}/",
        "total": len(view),
        "columns": columns,
        "height": height,
        "selected": selected,
    }
    _mount(key=key, data=data, on_chosen_change=chosen, on_lost_change=_run_again)


def _run_again() -> None:
    """A table that was put away meanwhile is published anew by the run that this begins."""
