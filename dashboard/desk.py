"""What a panel works with: the map, what is chosen on it, and the few things a panel may have happen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.columns import Columns, columns_of
from cartography.drawing.browser import World
from cartography.pipeline import BuiltMap
from cartography.records import Filter
from dashboard.chosen import Chosen
from dashboard.item_sets import SETS, ItemSet
from dashboard.map_view.overlay import Overlay
from dashboard.permalink import Link

if TYPE_CHECKING:
    from dashboard.state import Session

__all__ = ["Desk"]


@dataclass(frozen=True, eq=False)
class Desk:
    """One run of a panel.

    `lit` is (n,) bool, the items that are selected by everything chosen together - lasso, search, filters, a picked
    set - or None when nothing is chosen. `says` puts that into words. The map is drawn after the panel and shows
    what the panel chose or wants drawn; what a callback of a widget changes, the panel shows as well. `token`
    is what the map's routes answer to.
    """

    visit: Session
    built: BuiltMap
    world: World
    lit: NDArray[np.bool_] | None = None
    says: str = ""
    token: str = ""

    @property
    def columns(self) -> Columns:
        """The items' columns."""
        return columns_of(self.built.embeddings)

    @property
    def selected(self) -> int | None:
        """The row of the item last chosen."""
        row = self.visit.selected
        return row if row is not None and 0 <= row < len(self.built.embeddings) else None

    @property
    def chosen(self) -> Chosen:
        """The conditions and the picked set."""
        return self.visit.chosen

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """The rows that are selected; none when nothing is chosen."""
        return np.flatnonzero(self.lit) if self.lit is not None else np.empty(0, np.intp)

    @property
    def link(self) -> Link:
        """What the page's address says of this map, of what is chosen on it and of where one looks."""
        ids, row, visit = self.built.embeddings.ids, self.selected, self.visit
        item = str(ids[row]) if row is not None else None
        return Link(visit.source, visit.recipe, visit.view_of(self.world.points_key), item, self.chosen.filters)

    def key(self, name: str) -> str:
        """Return the key of a widget that starts afresh with every file opened."""
        return f"{name}-{self.visit.visit}"

    def select(self, row: int, turn: bool = True) -> None:
        """Turn to one item, on the map too; with `turn` the panel shows it."""
        self.visit.order(row, turn)

    def pick(self, rows: ArrayLike, says: str) -> None:
        """Light these items (rows, or (n,) bool) and dim all others; `says` names them in a few words.

        They take the place of what was picked before, of lasso and search; conditions stay.
        """
        self.visit.choose_alone(replace(self.chosen, picked=self._set(rows, says)))

    def filter(self, column: str, by: Filter | None) -> None:
        """Set the condition on a column, or take it away."""
        self.visit.choose(self.chosen.filtered(column, by))

    def isolate(self, rows: ArrayLike, says: str) -> None:
        """Draw only these items, until all are shown again; nothing is picked among them."""
        self.visit.choose_alone(replace(self.chosen, kept=self._set(rows, says), picked=None))

    def choose(self, chosen: Chosen) -> None:
        """Choose anything else, such as nothing: `Chosen()`."""
        self.visit.choose(chosen)

    def draw(self, overlay: Overlay) -> None:
        """Draw this over the map for as long as this panel is shown with it."""
        self.visit.overlay = overlay

    def _set(self, rows: ArrayLike, says: str) -> ItemSet:
        given = np.asarray(rows)
        if given.dtype == bool:
            return SETS.keep(given, says)
        return SETS.keep_rows(given, len(self.built.embeddings), says)
