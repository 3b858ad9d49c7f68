"""The picked items as one chart knows them: it must begin afresh when something else was picked since, or nothing."""

from __future__ import annotations

from dashboard.desk import Desk

__all__ = ["OwnPick"]


class OwnPick:
    """Whether what is picked is what was clicked in one chart.

    `epoch` belongs into the chart's key: it changes when its choice was taken back or replaced elsewhere - undone, a
    chip taken away, other items picked - so that the chart no longer marks what is not lit.
    """

    def __init__(self, desk: Desk, chart: str) -> None:
        self._desk, self._place = desk, f"pick-{chart}"
        epoch, known = desk.visit.kept.get(self._place, (0, ""))
        if known and known != self._now():
            epoch, known = epoch + 1, ""
            desk.visit.kept[self._place] = epoch, known
        self.epoch: int = epoch

    @property
    def current(self) -> bool:
        """Whether this chart is still the one on screen: a browser goes on telling what an earlier one held."""
        return bool(self._desk.visit.kept.get(self._place, (0, ""))[0] == self.epoch)

    def remember(self) -> None:
        """What is picked now was clicked in this chart."""
        self._desk.visit.kept[self._place] = self.epoch, self._now()

    def _now(self) -> str:
        picked = self._desk.chosen.picked
        return picked.key if picked is not None else ""
