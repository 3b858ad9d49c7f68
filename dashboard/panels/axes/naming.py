"""What the names in a pole mean: items, towns and realms, bookmarks, what is selected; as in formulas."""

from __future__ import annotations

from dashboard.desk import Desk
from dashboard.formula_names import names_for
from dashboard.panels.axes.specs import Resolve

__all__ = ["resolver"]


def resolver(desk: Desk) -> Resolve:
    """Return what finds the rows of a name."""
    return names_for(desk).rows
