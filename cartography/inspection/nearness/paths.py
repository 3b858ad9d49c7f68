"""Two places: how far apart they are, the shortest way along the neighbour graph, and what lies half way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cartography.errors import ParameterError, unknown_name
from cartography.inspection.nearness.query import middle_of
from cartography.inspection.nearness.spread import spread_of
from cartography.neighbours import METRICS
from cartography.neighbours.lookup import Lookup
from cartography.progress import Progress, part_of, report
from cartography.records import EmbeddingSet, NeighbourGraph
from cartography.records.arrays import frozen, require
from cartography.remembering import remembered

__all__ = ["Between", "HalfWay", "Way", "between", "half_way", "shortest_way"]

_LONELY = 95.0
"""Half way is empty land when it is lonelier than this percentage of the items."""


@dataclass(frozen=True, eq=False)
class Way:
    """The shortest way along the neighbour graph, whose ties may be gone both ways.

    Attributes
    ----------
    rows : (m,) int32, the items on it, from one end to the other
    legs : (m - 1,) float64, how long each step is: its distance; under cosine the angle in radians, as angles add up
        and cosine distances do not
    straight : how far the ends are from each other, in the same measure
    """

    rows: NDArray[np.int32]
    legs: NDArray[np.float64]
    straight: float

    def __post_init__(self) -> None:
        require(len(self.rows) == len(self.legs) + 1, "A way has one leg less than items.")
        object.__setattr__(self, "rows", frozen(self.rows, np.int32, "rows", (None,)))
        object.__setattr__(self, "legs", frozen(self.legs, np.float64, "legs", (None,)))

    @property
    def length(self) -> float:
        """All legs together."""
        return float(self.legs.sum())

    @property
    def detour(self) -> float | None:
        """How many times as long as the straight line it is; None when the ends are at one spot."""
        return self.length / self.straight if self.straight > 0 else None


@dataclass(frozen=True, eq=False)
class HalfWay:
    """What lies around the middle of two items.

    Attributes
    ----------
    rows, distances : (m,), the items nearest to the middle, nearest first, without the two ends
    lonelier : what share of the items has its own nearest neighbour nearer than that, 0 to 100; None if not known
    empty : whether there is nothing there to speak of: lonelier than 95 % of the items; None if not known
    """

    rows: NDArray[np.int64]
    distances: NDArray[np.float32]
    lonelier: float | None

    @property
    def empty(self) -> bool | None:
        """See above."""
        return None if self.lonelier is None else self.lonelier > _LONELY


@dataclass(frozen=True, eq=False)
class Between:
    """Two items and what is between them.

    Attributes
    ----------
    ends : their rows
    metric : what `distance` is measured in
    distance : between them, in the original space
    percentile : what share of all pairs are nearer than that, 0 to 100, going by `pairs`
    way : along the neighbour graph; None when there is none, or no graph of this metric
    half_way : what lies in the middle; None when the middle of two directions has none itself
    notes : sentences on what is missing and why
    """

    ends: tuple[int, int]
    metric: str
    distance: float
    percentile: float
    pairs: str
    way: Way | None
    half_way: HalfWay | None
    notes: tuple[str, ...] = ()


def between(
    embeddings: EmbeddingSet,
    ends: tuple[int, int],
    metric: str = "cosine",
    *,
    graph: NeighbourGraph | None = None,
    k: int = 10,
    progress: Progress | None = None,
) -> Between:
    """Return what lies between two items of the original space: distance, way and the k items half way.

    Raises `ParameterError` when the two are one or not there, `Cancelled` when `progress` does.
    """
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    _check(ends, len(embeddings))
    if graph is not None and (graph.metric != metric or graph.source != embeddings.vectors_fingerprint):
        graph = None
    first, second = ends
    distance = float(Lookup(embeddings, embeddings.vectors[first], metric).distances([second])[0])
    spread = spread_of(embeddings, metric)
    report(progress, "Looking for the way", 0.1)
    way = shortest_way(graph, ends, distance, part_of(progress, 0.1, 0.7)) if graph is not None else None
    middle = half_way(embeddings, ends, metric, k, graph)
    report(progress, "Looking for the way", 1.0)
    percentile = float(spread.percentile(distance))
    notes = tuple(_notes(graph, way, middle))
    return Between(ends, metric, distance, percentile, spread.words, way, middle, notes)


def shortest_way(
    graph: NeighbourGraph, ends: tuple[int, int], distance: float, progress: Progress | None = None
) -> Way | None:
    """Return the shortest way between two items that are `distance` apart; None when the graph holds none.

    A million items with 15 neighbours take well under a second, and half of one more the first time.
    """
    from cartography.kernels.compiling import ensure_compiled

    _check(ends, len(graph))
    if graph.n_neighbors == 0:
        return None
    ensure_compiled(progress)
    from cartography.kernels.shortest_path import shortest

    held = _held(graph)
    route = np.empty(len(graph), np.int32)
    angular = graph.metric == "cosine"
    count = shortest(held.indices, held.distances, *_back(graph), *ends, angular, route)
    if count == 0:
        return None
    rows = route[:count].copy()
    legs = [_leg(graph, int(a), int(b)) for a, b in pairwise(rows)]
    return Way(rows, _lengths(np.array(legs), angular), float(_lengths(np.array([distance]), angular)[0]))


def half_way(
    embeddings: EmbeddingSet, ends: tuple[int, int], metric: str, k: int = 10, graph: NeighbourGraph | None = None
) -> HalfWay | None:
    """Return the k items nearest to the middle of two; None where that has no direction, which cosine asks for.

    The middle is the mean of the two vectors, under cosine of their directions. `graph` tells how far items usually
    are from their nearest one; under dot, whose middle is no item's equal, nothing is said of that.
    """
    _check(ends, len(embeddings))
    middle = middle_of(embeddings.vectors, np.array(ends), metric)
    if metric == "cosine" and float(np.linalg.norm(middle)) < 1e-6:
        return None
    rows, distances = Lookup(embeddings, middle, metric).nearest(k, ends)
    lonelier = None
    if graph is not None and graph.n_neighbors and metric == graph.metric != "dot" and len(rows):
        lonelier = float(100 * (graph.distances[:, 0] < distances[0]).mean())
    return HalfWay(rows, distances, lonelier)


def _held(graph: NeighbourGraph) -> NeighbourGraph:
    """The graph; of very many ties only those to the nearest, as these are numbered with 31 bits."""
    return graph.take(min(graph.n_neighbors, (2**31 - 1) // len(graph)))


@remembered
def _back(graph: NeighbourGraph) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The graph's ties sorted by the item that they lead to."""
    from cartography.kernels.shortest_path import asked_by

    indices = _held(graph).indices
    starts, ties = np.empty(len(graph) + 1, np.int64), np.empty(indices.size, np.int32)
    asked_by(indices, starts, ties)
    return starts, ties


def _leg(graph: NeighbourGraph, first: int, second: int) -> float:
    """The distance of two items of which at least one is the other's neighbour."""
    there = graph.distances[first][graph.indices[first] == second]
    back = graph.distances[second][graph.indices[second] == first]
    return float(min([*there, *back]))


def _lengths(distances: NDArray[np.float64], angular: bool) -> NDArray[np.float64]:
    positive = np.maximum(distances, 0)
    return 2 * np.arcsin(np.minimum(1, np.sqrt(positive / 2))) if angular else positive


def _check(ends: tuple[int, int], n: int) -> None:
    for row in ends:
        if not 0 <= row < n:
            raise ParameterError(f"There is no item in row {row}; rows run from 0 to {n - 1}.")
    if ends[0] == ends[1]:
        raise ParameterError("Both ends are the same item.", "Choose another one to measure to.")


def _notes(graph: NeighbourGraph | None, way: Way | None, middle: HalfWay | None) -> list[str]:
    notes = []
    if graph is None:
        notes.append("There is no neighbour graph of this metric to look for a way on.")
    elif way is None:
        notes.append(f"No way leads there: the graph of {graph.n_neighbors} neighbours falls into parts.")
    if graph is not None and not graph.exact:
        notes.append(f"The graph is approximate: it holds {graph.recall:.1%} of the true neighbours.")
    if middle is None:
        notes.append("The two point in opposite directions, or in none: nothing lies half way.")
    return notes
