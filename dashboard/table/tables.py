"""The tables being served."""

from __future__ import annotations

from dashboard.published import Published
from dashboard.table.view import TableView

__all__ = ["TABLES", "Tables"]


class Tables(Published[TableView]):
    """Published tables. A table's key names the items, their roles, the rows."""

    def __init__(self, most: int = 64, most_bytes: int = 256 << 20) -> None:
        super().__init__(most, most_bytes)


TABLES = Tables()
"""The tables of this process."""
