"""What is near an item in the original space, and what the map makes of it: kept, lost, and falsely near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.errors import ParameterError, ShapeError, unknown_name
from cartography.inspection.nearness.mutual import UNKNOWN, mutual
from cartography.inspection.nearness.query import Query, query_of
from cartography.inspection.nearness.spread import Spread, spread_of
from cartography.neighbours import METRICS
from cartography.neighbours.lookup import Lookup, places_in
from cartography.neighbours.reach import reach_of
from cartography.records import EmbeddingSet, NeighbourGraph

__all__ = ["MOST", "Near", "Neighbourhood", "neighbourhood"]

MOST = 500
"""Neighbours that may be asked for."""

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Near:
    """Some items, nearest first in the space they were found in.

    Attributes
    ----------
    rows : (m,) int64
    distances : (m,) float32, in the original space
    percentiles : (m,) float32, what share of all pairs of items are nearer than that, 0 to 100
    places : (m,) int64, place in the original space by distance, 1 for the nearest
    on_map : (m,) int64, place on the map by distance, 1 for the nearest; 0 when that has no meaning
    """

    rows: Rows
    distances: NDArray[np.float32]
    percentiles: NDArray[np.float32]
    places: Rows
    on_map: Rows

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, wanted: NDArray[np.bool_]) -> Near:
        """Return those for which `wanted` (m,) holds."""
        found = self.rows[wanted], self.distances[wanted], self.percentiles[wanted]
        return Near(*found, self.places[wanted], self.on_map[wanted])


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """What is near a query.

    Attributes
    ----------
    metric : what distances are measured in
    asked : rows that were asked about; they are in none of the lists
    near : the k nearest in the original space
    mutual : (k,) int8, whether the query is among the k nearest of each: 1 yes, 0 no, -1 not known
    lost : (k,) bool, which of them are far on the map: not among its `reach` nearest
    false : those of the k nearest on the map that are not among the `reach` nearest in the original space
    reach : how many nearest count as the same part, on either side; as `Fidelity.reach` for k neighbours
    pairs : what the percentiles go by, in words
    notes : sentences on what was left out, approximated or not looked up
    """

    metric: str
    asked: tuple[int, ...]
    near: Near
    mutual: NDArray[np.int8]
    lost: NDArray[np.bool_]
    false: Near
    reach: int
    pairs: str
    notes: tuple[str, ...] = ()


def neighbourhood(
    embeddings: EmbeddingSet,
    query: Query | int | Sequence[int] | ArrayLike,
    k: int = 10,
    metric: str = "cosine",
    *,
    graph: NeighbourGraph | None = None,
    coordinates: NDArray[np.float32] | None = None,
) -> Neighbourhood:
    """Return the k nearest of a query in the original space, and how the map `coordinates` (n, 2) shows them.

    `query` is a row, several rows (their mean asks; they themselves are left out), a vector (d,), or a `Query`.
    `graph` is used where it is of these items, of this metric and holds enough; else all items are looked through,
    which is exact. Several items are near on the map to what is near any one of them, and have no false neighbours:
    their mean stands nowhere on it. Nothing is lost or false without coordinates, or for a vector without a place.
    Raises `ParameterError` for a metric, a k or rows that are not there, `ShapeError` for a vector of other length.
    """
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    if not 1 <= k <= MOST:
        raise ParameterError(f"{k} neighbours were asked for; it should be from 1 to {MOST}.")
    if coordinates is not None and len(coordinates) != len(embeddings):
        raise ShapeError(f"The map places {len(coordinates)} items, but there are {len(embeddings)}.")
    asked = query_of(query)
    lookup = Lookup(embeddings, asked.asking(embeddings, metric), metric)
    if graph is not None and (graph.metric != metric or graph.source != embeddings.vectors_fingerprint):
        graph = None
    rows, distances = _nearest(lookup, asked, k, graph)
    reach = reach_of(len(embeddings), max(1, len(rows)))
    away = None if coordinates is None else _away(coordinates, asked)
    on_map = places_in(away, rows, asked.rows) if away is not None else np.zeros(len(rows), np.int64)
    spread = spread_of(embeddings, metric)
    percentiles = spread.percentile(lookup.distances(rows))  # a graph's distances are rounded otherwise
    near = Near(rows, distances, percentiles, np.arange(1, len(rows) + 1), on_map)
    both_ways = mutual(embeddings, lookup, rows, k, item=asked.item, graph=graph)
    strangers = _near_on_map(away, asked, len(rows)) if away is not None and len(asked.rows) <= 1 else rows[:0]
    found = _shown(lookup, strangers, asked, spread)
    false = found.take((found.places > reach) & ~np.isin(strangers, rows))
    notes = _notes(asked, k, rows, both_ways, graph)
    return Neighbourhood(
        metric, asked.rows, near, both_ways, on_map > reach, false, reach, spread.words, tuple(notes)
    )


def _nearest(lookup: Lookup, asked: Query, k: int, graph: NeighbourGraph | None) -> tuple[Rows, NDArray[np.float32]]:
    item = asked.item
    if item is not None and graph is not None and graph.n_neighbors >= min(k, len(graph) - 1):
        return graph.indices[item, :k].astype(np.int64), graph.distances[item, :k]
    return lookup.nearest(k, asked.rows)


def _away(coordinates: NDArray[np.float32], asked: Query) -> NDArray[np.float64] | None:
    """How far all items stand from the query on the map (n,), or from the nearest of its items; None: nowhere."""
    if asked.place is None and (asked.vector is not None or len(asked.rows) > 1):
        return _away_from_all(coordinates, asked.rows) if asked.vector is None else None
    here = coordinates[asked.rows[0]] if asked.place is None else np.asarray(asked.place)
    apart = coordinates - here.astype(np.float64)
    return np.einsum("ij,ij->i", apart, apart)


def _away_from_all(coordinates: NDArray[np.float32], rows: tuple[int, ...]) -> NDArray[np.float64]:
    from scipy.spatial import cKDTree

    away, _ = cKDTree(coordinates[list(rows)]).query(coordinates, workers=-1)
    return np.asarray(away)


def _near_on_map(away: NDArray[np.float64], asked: Query, k: int) -> Rows:
    """The k nearest on the map, nearest first and equals by row; not those asked about."""
    own = away.copy()
    own[list(asked.rows)] = np.inf
    if k == 0:
        return np.empty(0, np.int64)
    able = np.flatnonzero(own <= np.partition(own, k - 1)[k - 1])
    return able[np.lexsort((able, own[able]))[:k]]


def _shown(lookup: Lookup, strangers: Rows, asked: Query, spread: Spread) -> Near:
    """The nearest on the map, with where they are in the original space."""
    places = lookup.places(strangers, asked.rows) if len(strangers) else strangers
    distances = lookup.distances(strangers)
    return Near(strangers, distances, spread.percentile(distances), places, np.arange(1, len(strangers) + 1))


def _notes(asked: Query, k: int, rows: Rows, both_ways: NDArray[np.int8], graph: NeighbourGraph | None) -> list[str]:
    notes = []
    if len(asked.rows) > 1:
        notes.append(f"The mean of {len(asked.rows):,} items asks; they themselves are left out.")
    if len(rows) < k:
        notes.append(f"There are only {len(rows):,} other items.")
    from_graph = asked.item is not None and graph is not None and graph.n_neighbors >= len(rows)
    if from_graph and graph is not None and not graph.exact:
        notes.append(f"Neighbours come from the map's graph, which holds {graph.recall:.1%} of the true ones.")
    unknown = int((both_ways == UNKNOWN).sum())
    if unknown:
        notes.append(f"For {unknown:,} of the {len(rows):,} it was not looked up whether nearness is mutual.")
    return notes
