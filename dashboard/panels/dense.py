"""The look of charts in the side panel: no empty space around them, small type, no lines that say nothing."""

from __future__ import annotations

from typing import Any

__all__ = ["BY_ROWS", "CONFIG", "PADDING", "dense"]

PADDING = {"left": 2, "right": 1, "top": 2, "bottom": 0}
"""Pixels around a chart: Streamlit would leave twenty below it."""

CONFIG: dict[str, dict[str, Any]] = {
    "axis": {
        "labelFontSize": 10.5,
        "labelPadding": 4,
        "titleFontSize": 10.5,
        "titlePadding": 4,
        "labelColor": "#6d5a3c",
        "titleColor": "#6d5a3c",
        "gridColor": "#e6d8b9",
        "tickColor": "#d9c8a0",
        "domainColor": "#d9c8a0",
    },
    "legend": {"labelFontSize": 10.5, "padding": 0, "offset": 4, "columnPadding": 8, "labelColor": "#6d5a3c"},
    "view": {"stroke": None},
}


BY_ROWS = {"type": "fit-x", "contains": "padding"}
"""How a chart fits that is as high as its rows are many: into the width alone."""


def dense(chart: Any) -> Any:
    """Return an Altair chart in this look."""
    return chart.properties(padding=PADDING).configure(**CONFIG)
