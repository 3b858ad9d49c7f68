"""Towns: the finest clusters, each standing at a real item in its middle, on land; ranked by what they stand for.

A cluster of a coarser level is stood for by the town of that part of it which holds its medoid (see `medoids.py`).
So one place is a city on the map of the whole and still the same place on a map of its surroundings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray

from cartography.land.realms import CELLS, Groups
from cartography.medoids import by_label, medoids, standing
from cartography.records import Clustering, Level, Realm, Terrain, Town
from cartography.surface import cells_at, elevation_at

__all__ = ["Realms", "build_towns"]

Points = NDArray[np.float32]
Rows = NDArray[np.intp]

_TRIED = 24  # items nearest to a cluster's middle that are tried for dry ground
_DRY = 0.01
_STEEPNESS = 0.22
"""Each rank has so many times the towns of the one above: their number to this power. 30 towns make about 2 cities,
4 towns, 8 villages and 16 hamlets; 3,000 make about 13, 70, 420 and 2,500."""


@dataclass(frozen=True, eq=False)
class Realms:
    """The realms, and the grid that holds the code of the one each cell of the terrain's square belongs to."""

    grid: NDArray[np.int16]
    realms: tuple[Realm, ...]

    def at(self, terrain: Terrain, points: Points) -> NDArray[np.int16]:
        """Return the code (m,) of the land under each of the points (m, 2)."""
        column, row = cells_at(terrain, points, CELLS).T
        return self.grid[row, column]


def build_towns(
    terrain: Terrain, coordinates: Points, clustering: Clustering, groups: Groups, realms: Realms
) -> tuple[Town, ...]:
    """Return the towns by rank, then by population; clusters of which no item stands on land have none.

    Every realm has one capital: its most populous town that stands, or finds an item of its cluster to stand at, on
    the realm's own land; else one is founded at the medoid of the items that stand there. All others
    rank by population alone, each rank being several times as frequent as the one above.
    No two towns share a name.
    """
    ground = _Ground(terrain, coordinates, groups.codes, realms)
    levels = clustering.levels
    middles = [level.medoids if level.medoids is not None else medoids(coordinates, level.labels) for level in levels]
    members = by_label(levels[-1].labels, levels[-1].sizes)
    rulers = [_ruler(groups, rows) for rows in members]
    towns: dict[int, Town] = {}
    names = _unique(levels[-1].names or (f"Town {i + 1}" for i in range(levels[-1].count)))
    for cluster, item in enumerate(ground.dry(members, middles[-1])):
        if item >= 0:
            x, y = (float(value) for value in coordinates[item])
            towns[cluster] = Town(names[cluster], x, y, len(members[cluster]), 4, item, cluster, rulers[cluster])
    _promote(towns, levels, middles)
    capitals = _capitals(towns, members, ground)
    founded = _founded(capitals.values(), levels[-1].labels, names, ground)
    others = [town for cluster, town in towns.items() if cluster not in capitals]
    return _ranked(others, [*capitals.values(), *founded])


def _ruler(groups: Groups, rows: Rows) -> int:
    """The group most frequent among the rows, -1 when none of them has a group."""
    codes = groups.codes[rows]
    codes = codes[codes >= 0]
    return int(np.bincount(codes).argmax()) if len(codes) else -1


@dataclass(frozen=True, eq=False)
class _Ground:
    """Where items may build."""

    terrain: Terrain
    coordinates: Points
    codes: NDArray[np.int32]
    realms: Realms

    def dry(self, members: Sequence[Rows], middles: NDArray[np.int32]) -> list[int]:
        """Return each cluster's medoid if that stands on land, else the nearest of its items that does, or -1."""
        found = middles.astype(int).tolist()
        there = middles >= 0
        wet = np.ones(len(middles), bool)
        wet[there] = elevation_at(self.terrain, self.coordinates[middles[there]]) <= _DRY
        for cluster in np.flatnonzero(wet).tolist():
            near = self._near(members[cluster], found[cluster])
            dry = elevation_at(self.terrain, self.coordinates[near]) > _DRY
            found[cluster] = int(near[dry.argmax()]) if dry.any() else -1
        return found

    def site(self, rows: Rows, item: int, realm: int) -> int:
        """Return the realm's own row nearest to `item` that stands on its land, -1 when there is none."""
        rows = rows[self.codes[rows] == realm]
        rows = rows[self.realms.at(self.terrain, self.coordinates[rows]) == realm]
        near = self._near(rows, item)
        dry = elevation_at(self.terrain, self.coordinates[near]) > _DRY
        return int(near[dry.argmax()]) if dry.any() else -1

    def _near(self, rows: Rows, item: int) -> Rows:
        """Return the few of the rows nearest to an item, the nearest first."""
        if not len(rows):
            return rows
        away = ((self.coordinates[rows] - self.coordinates[item]) ** 2).sum(axis=1)
        tried = np.sort(np.argpartition(away, min(_TRIED, len(rows)) - 1)[:_TRIED])
        return rows[tried[np.argsort(away[tried], kind="stable")]]


def _promote(towns: dict[int, Town], levels: Sequence[Level], middles: Sequence[NDArray[np.int32]]) -> None:
    """Give every town the population of the largest cluster that it stands for."""
    sizes = [level.sizes.tolist() for level in levels]
    for cluster, stands in enumerate(standing([level.labels for level in levels], middles)):
        if cluster in towns:
            people = max(sizes[level][one] for level, one in stands)
            towns[cluster] = replace(towns[cluster], population=people)


def _capitals(towns: dict[int, Town], members: Sequence[Rows], ground: _Ground) -> dict[int, Town]:
    """Return the most populous town of every realm that finds a site on the realm's land, by its cluster."""
    capitals: dict[int, Town] = {}
    ruled: set[int] = set()
    realms = {realm.code for realm in ground.realms.realms}
    for town in sorted(towns.values(), key=lambda town: (-town.population, town.cluster)):
        if town.realm in realms - ruled:
            item = ground.site(members[town.cluster], town.item, town.realm)
            if item >= 0:
                x, y = (float(value) for value in ground.coordinates[item])
                capitals[town.cluster] = replace(town, x=x, y=y, item=item, rank=0)
                ruled.add(town.realm)
    return capitals


def _founded(
    capitals: Iterable[Town], labels: NDArray[np.int32], names: Sequence[str], ground: _Ground
) -> list[Town]:
    """Return capitals for the realms that have none: one may be the majority of no cluster and still have land."""
    ruled = {town.realm for town in capitals}
    taken = list(names)
    founded = []
    for realm in ground.realms.realms:
        if realm.code in ruled:
            continue
        rows = np.flatnonzero(ground.codes == realm.code)
        rows = rows[(ground.realms.at(ground.terrain, ground.coordinates[rows]) == realm.code) & (labels[rows] >= 0)]
        if len(rows):
            item = int(rows[medoids(ground.coordinates[rows], np.zeros(len(rows), np.int32))[0]])
            x, y = ground.coordinates[item].astype(float).tolist()
            people, cluster = int((labels[rows] == labels[item]).sum()), int(labels[item])
            taken = _unique([*taken, realm.name])
            founded.append(Town(taken[-1], x, y, people, 0, item, cluster, realm.code))
    return founded


def _ranked(towns: list[Town], capitals: list[Town]) -> tuple[Town, ...]:
    """Return all towns, those that are no capitals with their ranks: the most populous are cities, and so on."""
    towns = sorted(towns, key=lambda town: (-town.population, town.cluster))
    shares = np.cumsum(max(len(towns), 1) ** (_STEEPNESS * np.arange(4)))
    limits = np.rint(shares[:3] / shares[3] * len(towns))
    ranked = (replace(town, rank=1 + int((place >= limits).sum())) for place, town in enumerate(towns))
    return (*sorted(capitals, key=lambda town: (-town.population, town.cluster)), *ranked)


def _unique(names: Iterable[str]) -> list[str]:
    """Names with a number added to all but the first of those that are alike, whatever the case of their letters."""
    taken: set[str] = set()
    result = []
    for name in names:
        offers = (name if number == 1 else f"{name} {number}" for number in count(1))
        result.append(next(one for one in offers if one.casefold() not in taken))
        taken.add(result[-1].casefold())
    return result
