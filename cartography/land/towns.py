"""Towns: the finest clusters, each standing at a real item in its middle, on land."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cartography.land.realms import Groups
from cartography.records import Clustering, Realm, Terrain, Town
from cartography.surface import elevation_at

__all__ = ["build_towns"]

_TRIED = 24  # items nearest to a cluster's middle that are tried for dry ground
_RANK_SHARES = (0.18, 0.45, 0.75)  # of the towns that are no capitals: cities, towns, villages; the rest hamlets


def build_towns(
    terrain: Terrain,
    coordinates: NDArray[np.float32],
    clustering: Clustering,
    groups: Groups,
    realms: Iterable[Realm],
) -> tuple[Town, ...]:
    """Return the towns, largest first; clusters of which no item stands on land have none.

    A town stands at the item nearest to its cluster's median. The largest town of each realm is its capital,
    the others rank by population. No two towns share a name.
    """
    level = clustering.levels[-1]
    names = _unique(level.names or tuple(f"Town {i + 1}" for i in range(level.count)))
    towns = []
    for cluster, rows in _rows_by_size(level.labels, level.count):
        item = _middle(terrain, coordinates, rows)
        if item is not None:
            x, y = (float(value) for value in coordinates[item])
            towns.append(Town(names[cluster], x, y, len(rows), 4, item, cluster, _ruler(groups, rows)))
    return _ranked(towns, {realm.code for realm in realms})


def _rows_by_size(labels: NDArray[np.int32], count: int) -> list[tuple[int, NDArray[np.int64]]]:
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(count + 1))
    parts = [(i, order[starts[i] : starts[i + 1]]) for i in range(count)]
    return sorted((part for part in parts if len(part[1])), key=lambda part: -len(part[1]))


def _middle(terrain: Terrain, coordinates: NDArray[np.float32], rows: NDArray[np.int64]) -> int | None:
    """The row nearest to the cluster's median that stands on land."""
    points = coordinates[rows]
    away = ((points - np.median(points, axis=0)) ** 2).sum(axis=1)
    tried = np.argpartition(away, min(_TRIED, len(rows)) - 1)[:_TRIED]
    nearest = rows[tried[np.argsort(away[tried], kind="stable")]]
    dry = elevation_at(terrain, coordinates[nearest]) > 0.01
    return int(nearest[dry.argmax()]) if dry.any() else None


def _ruler(groups: Groups, rows: NDArray[np.int64]) -> int:
    """The group most frequent among the rows, -1 when none of them has a group."""
    codes = groups.codes[rows]
    codes = codes[codes >= 0]
    return int(np.bincount(codes).argmax()) if len(codes) else -1


def _ranked(towns: list[Town], realms: set[int]) -> tuple[Town, ...]:
    """Give every town its rank; `towns` come largest first."""
    capitals: dict[int, Town] = {}
    for town in towns:
        if town.realm in realms:
            capitals.setdefault(town.realm, town)
    first = set(map(id, capitals.values()))
    others = [town for town in towns if id(town) not in first]
    ranks = {id(town): _rank(place / max(1, len(others))) for place, town in enumerate(others)}
    return tuple(_with_rank(town, ranks.get(id(town), 0)) for town in towns)


def _rank(share: float) -> int:
    return 1 + sum(share >= limit for limit in _RANK_SHARES)


def _with_rank(town: Town, rank: int) -> Town:
    from dataclasses import replace

    return replace(town, rank=rank)


def _unique(names: Iterable[str]) -> list[str]:
    """Names with a number added to all but the first of equal ones."""
    seen: Counter[str] = Counter()
    result = []
    for name in names:
        seen[name] += 1
        result.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return result
