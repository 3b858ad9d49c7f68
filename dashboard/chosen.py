"""What a person has chosen beside what the map itself tells: conditions, a picked set, what is left off the map."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cartography.records import Filter
from cartography.records.arrays import digest
from dashboard.item_sets import ItemSet

__all__ = ["ALL", "Chosen"]


@dataclass(frozen=True)
class Chosen:
    """Items fulfil every one of `filters` and are in `picked`, or are dimmed; those not in `kept` are not drawn."""

    filters: tuple[Filter, ...] = ()
    picked: ItemSet | None = None
    kept: ItemSet | None = None

    @property
    def key(self) -> str:
        """Names the choice; empty when nothing is chosen."""
        return digest(self) if self else ""

    def __bool__(self) -> bool:
        return bool(self.filters or self.picked or self.kept)

    def filtered(self, column: str, by: Filter | None) -> Chosen:
        """Return this choice with another condition on a column, or with none."""
        rest = [one for one in self.filters if one.column != column]
        return replace(self, filters=(*rest, by) if by is not None else tuple(rest))


ALL = Chosen()
"""Nothing is chosen: all items are shown alike."""
