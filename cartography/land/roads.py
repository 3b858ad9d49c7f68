"""Roads and ferries: towns that are tied together in the original space more than chance would have it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cartography.land.network import FERRIES, choose_ferries, choose_roads, main_roads
from cartography.land.ties import Ties, find_ties
from cartography.land.ways import BAY, Ground, ferry_line, paths_between, share_at_sea, survey
from cartography.records import Clustering, NeighbourGraph, Road, Terrain, Town

__all__ = ["build_roads"]

_CAPITAL, _CITY, _TOWN = 0, 1, 2  # ranks of towns
_FAR = 3.0  # so many times the straight way


def build_roads(
    terrain: Terrain,
    towns: Sequence[Town],
    clustering: Clustering,
    neighbours: NeighbourGraph | None,
) -> tuple[Road, ...]:
    """Return the roads between towns, strongest first; none where neighbours are not known.

    A road is a tie that is well above chance (`ties.find_ties`). Of the ties on one land as many are drawn as tell
    the whole (`network.choose_roads`); of those across the sea the strongest few, as ferries: there the map tore
    apart what belongs together.
    """
    if neighbours is None or neighbours.n_neighbors == 0 or len(towns) < 2:
        return ()
    ties = find_ties(_labels_of(towns, clustering), len(towns), neighbours)
    if not len(ties):
        return ()
    places = np.array([(town.x, town.y) for town in towns], dtype=np.float64)
    ground = survey(terrain, places)
    lands = ground.piece.ravel()[ground.cells_of(places)]
    overseas = lands[ties.pairs[:, 0]] != lands[ties.pairs[:, 1]]
    roads = [
        *_roads(ground, places, ties.take(~overseas), towns),
        *_ferries(ground, places, ties.take(overseas), lands),
    ]
    return tuple(sorted(_few_ferries(roads), key=lambda road: (-road.strength, road.towns)))


def _labels_of(towns: Sequence[Town], clustering: Clustering) -> NDArray[np.int32]:
    """The index (n,) of the town that each item belongs to, -1 for none."""
    level = clustering.levels[-1]
    town_of = np.full(level.count + 1, -1, dtype=np.int32)  # the last entry is that of noise
    for i in reversed(range(len(towns))):  # of two towns in one cluster, the more important one has its items
        town_of[towns[i].cluster] = i
    return town_of[level.labels]


def _roads(ground: Ground, places: NDArray[np.float64], ties: Ties, towns: Sequence[Town]) -> list[Road]:
    """The roads on land; one that cannot but cross wide water, or lead far around it, is a ferry."""
    chosen, backbone = choose_roads(ties, places)
    ties = ties.take(chosen)
    ranks = _ranks(ties.pairs, backbone, np.array([town.rank for town in towns]))
    a, b = ties.pairs.T
    found = paths_between(ground, places[a], places[b])
    return [
        _ferry(ground, places, ties, i) if water > BAY or _far_around(line) else _road(ties, i, line, int(ranks[i]))
        for i, (line, water) in enumerate(found)
    ]


def _far_around(line: NDArray[np.float64]) -> bool:
    return float(np.hypot(*np.diff(line, axis=0).T).sum()) > _FAR * float(np.hypot(*(line[-1] - line[0])))


def _ranks(pairs: NDArray[np.int32], backbone: int, ranks: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for ways between capitals, by whatever villages, and roads between cities; 1 between towns; 2 for the paths.

    Roads beside the forest of the first `backbone` ones count by the lesser of the towns they join.
    """
    lesser = ranks[pairs].max(axis=1)
    result = np.where(lesser <= _CITY, 0, np.where(lesser <= _TOWN, 1, 2))
    for rank, least in ((1, _TOWN), (0, _CAPITAL)):
        on_the_way = np.flatnonzero(main_roads(pairs[:backbone], ranks <= least))
        result[on_the_way] = np.minimum(result[on_the_way], rank)
    return result


def _road(ties: Ties, i: int, line: NDArray[np.float64], rank: int, ferry: bool = False) -> Road:
    a, b = ties.pairs[i].tolist()
    return Road((a, b), line.astype(np.float32), float(ties.strength[i]), int(ties.links[i]), rank, ferry)


def _ferries(ground: Ground, places: NDArray[np.float64], ties: Ties, lands: NDArray[np.int32]) -> list[Road]:
    at_sea = share_at_sea(ground, *(places[ends] for ends in ties.pairs.T))
    ties = ties.take(choose_ferries(ties, lands, at_sea))
    return [_ferry(ground, places, ties, i) for i in range(len(ties))]


def _ferry(ground: Ground, places: NDArray[np.float64], ties: Ties, i: int) -> Road:
    a, b = ties.pairs[i]
    return _road(ties, i, ferry_line(ground, places[a], places[b]), 1, ferry=True)


def _few_ferries(roads: list[Road]) -> list[Road]:
    """All roads, and no more ferries than a map can bear."""
    ferries = sorted((road for road in roads if road.ferry), key=lambda road: (-road.links, road.towns))
    return [*(road for road in roads if not road.ferry), *ferries[:FERRIES]]
