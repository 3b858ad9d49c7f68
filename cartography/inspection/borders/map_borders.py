"""What the map's own border between two groups says, beside what classifiers find in the original space."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cartography.records import Border

__all__ = ["MapBorder", "border_between"]


@dataclass(frozen=True)
class MapBorder:
    """All stretches of the border between two realms taken together.

    `stretches` there are, of which `measured` have a support, and `firm` are drawn solid. `support` and `chance` are
    their means, weighted by the neighbour `pairs` counted; NaN where nothing was measured.
    """

    stretches: int
    measured: int
    firm: int
    support: float
    chance: float
    pairs: int

    @property
    def words(self) -> str:
        """What is to be seen there and why, in one sentence."""
        if not self.measured:
            return "They meet on the map, but near their border too few neighbours were counted to judge it."
        drawn = {0: "dashed", self.measured: "solid"}.get(
            self.firm, f"solid along {self.firm} of {self.measured} stretches"
        )
        return (
            f"The map draws their border {drawn}: {self.support:.0%} of the neighbour pairs near it stay on one "
            f"side, against {self.chance:.0%} by chance."
        )


def border_between(borders: Iterable[Border], first: int, second: int) -> MapBorder | None:
    """Return what a map's borders say of two realms, by their codes; None where they do not meet."""
    pair = (min(first, second), max(first, second))
    found = [border for border in borders if border.codes == pair]
    if not found:
        return None
    measured = [border for border in found if border.firm is not None]
    pairs = sum(border.pairs for border in measured)
    support, chance = (
        sum(getattr(border, name) * border.pairs for border in measured) / pairs if pairs else float("nan")
        for name in ("support", "chance")
    )
    firm = sum(border.firm is True for border in measured)
    return MapBorder(len(found), len(measured), firm, support, chance, pairs)
