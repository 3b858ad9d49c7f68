"""The condition on a column as one widget knows it: a widget must begin afresh when somebody else has changed it."""

from __future__ import annotations

from dataclasses import replace

from cartography.inspection.searching.bins import Bins
from cartography.records import Filter
from dashboard.desk import Desk

__all__ = ["OwnFilter"]


class OwnFilter:
    """A column's condition, and whether a widget itself set it.

    `epoch` belongs into the widget's key: it changes when the condition was changed elsewhere - a chip taken away, a
    choice undone, an address opened - and stays when it came from the widget, which then keeps what it shows.
    `start` is the condition that the widget began with in this epoch.
    """

    def __init__(self, desk: Desk, column: str, widget: str) -> None:
        self._desk, self._column = desk, column
        self._place = f"filter-{widget}-{column}"
        self.now = next((one for one in desk.chosen.filters if one.column == column), None)
        epoch, start, known = desk.visit.kept.get(self._place, (0, None, None))
        if known != self.now:
            epoch, start, known = epoch + 1, self.now, self.now
            desk.visit.kept[self._place] = epoch, start, known
        self.epoch: int = epoch
        self.start: Filter | None = start

    def forget(self) -> None:
        """The widget is put away: when it comes back, it begins with the condition that there is then."""
        epoch = self.epoch if self.start == self.now else self.epoch + 1
        self._desk.visit.kept[self._place] = epoch, self.now, self.now

    def set(self, by: Filter | None, bins: Bins | None = None) -> None:
        """Set the condition from this widget, or take it away.

        A chart gives its `bins`. It shows whole bars, so that nothing is set as long as they are still those of the
        condition as it stands, which may be finer; what it cannot show of that stays.
        """
        now = next((one for one in self._desk.chosen.filters if one.column == self._column), None)
        if bins is not None and now is not None and by is not None:
            bars = len(bins) + (1 if bins.kind == "categories" else 0)
            if (bins.inside(by)[:bars] == bins.inside(now)[:bars]).all():
                return
            by = _with_unseen(by, now, bins)
        self._desk.visit.kept[self._place] = self.epoch, self.start, by
        self._desk.filter(self._column, by)


def _with_unseen(by: Filter, now: Filter, bins: Bins) -> Filter:
    """The condition that a chart says, with what it does not show of the one before: rare groups, missing values."""
    if bins.kind != "categories":
        return replace(by, missing=now.missing)
    rare = tuple(value for value in now.values or () if value not in bins.names)
    return replace(by, values=(*(by.values or ()), *rare))
