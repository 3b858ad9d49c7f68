"""Which ties become roads: as few as tell the whole, none across another, and ferries by a budget of their own."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cartography.land.ties import Ties

__all__ = ["choose_ferries", "choose_roads", "main_roads"]

PER_TOWN = 1.3
"""At most so many roads per town."""
FERRIES, PER_STRAIT = 12, 2
"""At most so many ferries, and so many between two lands."""
_DETOUR = 2.2  # another road is worth building where the way round is longer than this
_ON_THE_WAY = 1.15  # a town is on the way if passing by makes the way no longer than this
_NARROWEST = np.cos(np.deg2rad(24))  # roads that leave a town at a smaller angle look like one

Points = NDArray[np.float64]


@dataclass(eq=False)
class _Network:
    """Roads chosen so far, as straight lines between places (t, 2)."""

    places: Points
    ends: NDArray[np.int32]  # room for all
    chosen: list[int] = field(default_factory=list)
    roads: dict[int, dict[int, float]] = field(default_factory=dict)

    def build(self, tie: int, a: int, b: int) -> None:
        length = float(np.hypot(*(self.places[a] - self.places[b])))
        self.ends[len(self.chosen)] = a, b
        self.chosen.append(tie)
        self.roads.setdefault(a, {})[b] = length
        self.roads.setdefault(b, {})[a] = length

    def fits(self, a: int, b: int) -> bool:
        """Whether a road neither crosses another nor leaves a town beside one."""
        return not self._crosses(a, b) and not self._beside(a, b) and not self._beside(b, a)

    def _crosses(self, a: int, b: int) -> bool:
        ends = self.ends[: len(self.chosen)]
        apart = ((ends != a) & (ends != b)).all(axis=1)
        c, d = self.places[ends[:, 0]], self.places[ends[:, 1]]
        p, q = self.places[a], self.places[b]
        across = (_side(p, q, c) != _side(p, q, d)) & (_side(c, d, p) != _side(c, d, q))
        return bool((across & apart).any())

    def _beside(self, a: int, b: int) -> bool:
        away = _unit(self.places[b] - self.places[a])
        return any(_unit(self.places[c] - self.places[a]) @ away > _NARROWEST for c in self.roads.get(a, ()))

    def way_round(self, a: int, b: int, limit: float) -> bool:
        """Whether b is reached from a on roads no longer than `limit`."""
        best, waiting = {a: 0.0}, [(0.0, a)]
        while waiting:
            far, here = heapq.heappop(waiting)
            if here == b:
                return True
            for there, length in self.roads.get(here, {}).items():
                if far + length < min(best.get(there, np.inf), limit):
                    best[there] = far + length
                    heapq.heappush(waiting, (far + length, there))
        return False


def choose_roads(ties: Ties, places: Points) -> tuple[NDArray[np.int64], int]:
    """Return which ties become roads between `places` (t, 2), and how many of these, the first, form a forest.

    Strong ties come first, short ones where strength is about equal: a spanning forest as the backbone, then roads
    that spare a long way round, for towns whose first or second tie they are.
    """
    worth = _worth(ties, places)
    order = [i for i in np.argsort(-worth, kind="stable") if worth[i] > 0]
    network, root = _Network(places, np.empty_like(ties.pairs)), list(range(len(places)))
    for i in order:
        a, b = ties.pairs[i].tolist()
        if _root(root, a) != _root(root, b) and network.fits(a, b):
            network.build(int(i), a, b)
            root[_root(root, a)] = _root(root, b)
    backbone, drawn = len(network.chosen), set(network.chosen)
    budget = int(PER_TOWN * len(places))
    seen: Counter[int] = Counter()
    for i in order:
        a, b = ties.pairs[i].tolist()
        foremost = min(seen[a], seen[b]) < 2
        seen.update((a, b))
        if not foremost or i in drawn or len(network.chosen) >= budget:
            continue
        if not network.way_round(a, b, _DETOUR * _gap(places, a, b)) and network.fits(a, b):
            network.build(int(i), a, b)
    return np.array(network.chosen, dtype=np.int64), backbone


def _worth(ties: Ties, places: Points) -> Points:
    """Strength by length, in the usual distance of a town from the next; 0 for what a chain of two says as well."""
    from scipy.spatial import KDTree

    nearest = KDTree(places).query(places, k=2)[0][:, 1]
    length = np.hypot(*(places[ties.pairs[:, 0]] - places[ties.pairs[:, 1]]).T)
    worth = ties.strength / (1 + length / max(float(np.median(nearest)), 1e-300))
    partners = _partners(ties)
    worth[[_said_by_two(places, (a, b), partners) for a, b in ties.pairs.tolist()]] = 0
    worth[length == 0] = 0
    return np.asarray(worth)


def _partners(ties: Ties) -> dict[int, dict[int, float]]:
    partners: dict[int, dict[int, float]] = {}
    for (a, b), strength in zip(ties.pairs.tolist(), ties.strength.tolist(), strict=True):
        partners.setdefault(a, {})[b] = strength
        partners.setdefault(b, {})[a] = strength
    return partners


def _said_by_two(places: Points, pair: tuple[int, int], partners: dict[int, dict[int, float]]) -> bool:
    """Whether a town on the way from a to b is tied to both about as strongly as these are to each other."""
    a, b = pair
    enough, limit = partners[a][b] / 2, _ON_THE_WAY * _gap(places, a, b)
    return any(
        min(partners[a][c], partners[c][b]) >= enough and _gap(places, a, c) + _gap(places, c, b) <= limit
        for c in partners[a]
        if b in partners[c]
    )


def choose_ferries(ties: Ties, lands: NDArray[np.int32], at_sea: Points) -> NDArray[np.int64]:
    """Return which ties become ferries, the best attested first, and those that lead over land last.

    `lands` (t,) is the land on which each town stands, `at_sea` (p,) the share of each tie's way that is water. No
    more than two join the same lands, and no town has two ferries to one land.
    """
    order = np.argsort(-ties.evidence * at_sea, kind="stable")
    chosen: list[int] = []
    straits: Counter[tuple[int, int]] = Counter()
    harbours: set[tuple[int, int]] = set()
    for i in order.tolist():
        a, b = ties.pairs[i].tolist()
        strait = min(lands[a], lands[b]), max(lands[a], lands[b])
        used = {(a, lands[b]), (b, lands[a])}
        if straits[strait] < PER_STRAIT and not used & harbours:
            chosen.append(i)
            straits[strait] += 1
            harbours |= used
    return np.array(chosen[:FERRIES], dtype=np.int64)


def main_roads(pairs: NDArray[np.int32], importance: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which edges (p, 2) of a forest lie on a way between two towns of importance (t,)."""
    kept = np.ones(len(pairs), dtype=bool)
    while True:
        roads = np.bincount(pairs[kept].ravel(), minlength=len(importance))
        deadend = (roads == 1) & ~importance
        pruned = kept & deadend[pairs].any(axis=1)
        if not pruned.any():
            return kept
        kept &= ~pruned


def _root(root: list[int], town: int) -> int:
    while root[town] != town:
        root[town] = root[root[town]]
        town = root[town]
    return town


def _gap(places: Points, a: int, b: int) -> float:
    return float(np.hypot(*(places[a] - places[b])))


def _unit(step: Points) -> Points:
    return np.asarray(step / max(float(np.hypot(*step)), 1e-300))


def _side(p: Points, q: Points, r: Points) -> NDArray[np.bool_]:
    """On which side of the line from p to q the point r lies; all (..., 2)."""
    step, away = q - p, r - p
    return np.asarray(step[..., 0] * away[..., 1] - step[..., 1] * away[..., 0] > 0)
