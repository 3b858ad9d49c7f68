"""Vectors that a map was made without: where they stand on it, what they are near, and whether that means much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cartography.errors import ShapeError
from cartography.inspection.placing.landing import realm_names, realms_under, town_names, towns_of
from cartography.inspection.placing.outside import FAR, usual_distances
from cartography.inspection.placing.votes import Vote
from cartography.neighbours import nearest_to
from cartography.neighbours.between import PLACED_BY, between
from cartography.orient import turned
from cartography.progress import Progress, part_of, report
from cartography.records import Clustering, EmbeddingSet, MapScene, NeighbourGraph, Projection

__all__ = ["NEAREST", "Known", "Newcomers", "checked", "newcomers_table", "place", "where_from"]

NEAREST = 10
"""How many nearest items are found for each newcomer."""
_LARGEST = 1e18  # squares of larger numbers are beyond float32

Prepare = Callable[[NDArray[np.float32]], NDArray[np.float32]]


@dataclass(frozen=True, eq=False)
class Known:
    """What newcomers are held against: a map, and all that it was made from.

    `prepared` holds the vectors that nearness goes by, `prepare` turns new ones into such (None: they are taken as
    they are). `neighbours` is the items' own graph, where there is one.
    """

    embeddings: EmbeddingSet
    prepared: EmbeddingSet
    projection: Projection
    scene: MapScene
    clustering: Clustering
    metric: str
    neighbours: NeighbourGraph | None = None
    prepare: Prepare | None = None


@dataclass(frozen=True, eq=False)
class Newcomers:
    """m vectors on a map that was made without them.

    Attributes
    ----------
    coordinates : (m, 2) float32, map units
    rows, distances : (m, k), the nearest items and how far they are under `metric`, nearest first
    realms : (m,) int16, the code of the realm under each; `SEA` or `NO_REALM` where there is none
    towns : (m,) int32, indices into the scene's towns; -1 where there are none
    beyond : (m,) float32, the share of the map's items that are nearer to their nearest ones than this is to its own,
        see `outside.py`; NaN where that cannot be said
    aimless : (m,) bool, vectors of zeros under a metric that goes by directions: where they stand means nothing
    notes : sentences on how they were placed and judged
    """

    coordinates: NDArray[np.float32]
    rows: NDArray[np.int64]
    distances: NDArray[np.float32]
    metric: str
    realms: NDArray[np.int16]
    towns: NDArray[np.int32]
    beyond: NDArray[np.float32]
    aimless: NDArray[np.bool_]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.coordinates)

    @property
    def outside(self) -> NDArray[np.bool_]:
        """(m,) whether each lies outside everything known: farther off than 99 of 100 items are from theirs."""
        return np.asarray(self.beyond >= FAR)

    def first(self, count: int) -> Newcomers:
        """Return the first so many of them."""
        arrays = ("coordinates", "rows", "distances", "realms", "towns", "beyond", "aimless")
        return replace(self, **{name: getattr(self, name)[:count] for name in arrays})

    def said(self, place: int) -> str:
        """Return in one sentence how far a newcomer is from what is known."""
        if self.aimless[place]:
            return "It is a vector of zeros: it has no direction, is as far from every item, and stands nowhere."
        share = float(self.beyond[place])
        if np.isnan(share):
            return "Whether it lies outside everything known cannot be said here."
        if share >= 1:
            return "It lies outside everything known: no item is as far from its nearest ones as this is."
        if share <= 0:
            return "It is as near to its nearest items as any item is to its own."
        far = f"farther from its nearest items than {share:.1%} of the items are from theirs"
        return f"It lies outside everything known: {far}." if share >= FAR else f"It is {far}."


def place(
    vectors: ArrayLike, known: Known, k: int = NEAREST, *, seed: int = 0, progress: Progress | None = None
) -> Newcomers:
    """Place vectors (m, d), or one (d,), on a map without moving it; they are of the space that was read, unprepared.

    Raises `ShapeError` when d is another or a number is not finite, `Cancelled` when `progress` does.
    """
    raw = checked(vectors, known.embeddings.dimensions)
    ready = known.prepare(raw) if known.prepare is not None else raw
    usual = usual_distances(known.prepared, known.metric, known.neighbours, seed, part_of(progress, 0.0, 0.1))
    rows, distances = nearest_to(
        known.prepared, ready, max(k, PLACED_BY), known.metric, progress=part_of(progress, 0.1, 0.95)
    )
    coordinates, said = _coordinates(known, raw, rows, distances)
    points = turned(coordinates, known.scene.turn)
    aimless = np.logical_and(known.metric != "euclidean", ~ready.any(axis=1))
    report(progress, "Finding their towns", 0.95)
    found = Newcomers(
        coordinates=points,
        rows=rows[:, :k],
        distances=distances[:, :k],
        metric=known.metric,
        realms=realms_under(known.scene, points),
        towns=towns_of(known.scene, known.clustering, points, rows[:, 0]),
        beyond=usual.beyond(distances),
        aimless=aimless,
        notes=(said, *_judged(known.metric, len(usual.distances), usual.sampled), *_zeros(int(aimless.sum()))),
    )
    report(progress, "Finding their towns", 1.0)
    return found


def checked(vectors: ArrayLike, dimensions: int) -> NDArray[np.float32]:
    """Return vectors as (m, dimensions) float32. Raises `ShapeError` for whatever does not fit, or is not finite."""
    try:
        with np.errstate(over="ignore"):
            given = np.atleast_2d(np.asarray(vectors, dtype=np.float32))
    except (TypeError, ValueError) as error:
        raise ShapeError("These are not vectors of numbers, all of one length.", str(error)[:200]) from error
    if given.ndim != 2 or not len(given):
        raise ShapeError(f"The new vectors have shape {given.shape}; expected (number, {dimensions}).")
    if given.shape[1] != dimensions:
        raise ShapeError(
            f"The new vectors have {given.shape[1]:,} dimensions; the map was made from {dimensions:,}.",
            "Only vectors from the same model, made in the same way, can be placed on this map.",
        )
    bad = ~(np.abs(given) <= _LARGEST).all(axis=1)
    if bad.any():
        first = f"the first is number {int(bad.argmax()) + 1:,}"
        raise ShapeError(
            f"{int(bad.sum()):,} of {len(given):,} new vectors hold NaN, infinity or numbers beyond 1e18; {first}.",
            "Repair them or leave them out.",
        )
    return given


def newcomers_table(found: Newcomers, ids: ArrayLike, known: Known, votes: Vote | None = None) -> pd.DataFrame:
    """Return one row per newcomer: id, x, y, realm, town, nearest, distance, the vote's columns, outside, beyond.

    `nearest` is the id of the nearest item. `ids` (m,) are the newcomers' own.
    """
    table = pd.DataFrame(
        {
            "id": np.asarray(ids, dtype=object),
            "x": found.coordinates[:, 0],
            "y": found.coordinates[:, 1],
            "realm": realm_names(known.scene, found.realms),
            "town": town_names(known.scene, found.towns),
            "nearest": known.embeddings.ids.to_numpy()[found.rows[:, 0]],
            "distance": found.distances[:, 0],
        }
    )
    if votes is not None:
        table = pd.concat([table, votes.table()], axis=1)
    return table.assign(outside=found.outside, beyond=found.beyond)


def _coordinates(
    known: Known, raw: NDArray[np.float32], rows: NDArray[np.int64], distances: NDArray[np.float32]
) -> tuple[NDArray[np.float32], str]:
    """Where new vectors stand in the projection's own units, and a sentence on how that was found."""
    projection = known.projection
    few = min(PLACED_BY, rows.shape[1])
    among = f"Each is placed among its {few} nearest items" if few > 1 else "Each is placed at the only item"
    if projection.placer is None:
        if np.array_equal(projection.coordinates, known.embeddings.vectors):
            return raw, "Each stands at its own coordinates, as the items of this map do."
        placed = between(projection.coordinates, rows, distances)
        return placed, f"{among}, because {where_from(projection)}."
    if projection.placing_metric is None:
        return projection.transform(raw), "Each is read off the map's own axes; the map does not move."
    if projection.placing_metric == known.metric:
        return between(projection.coordinates, rows, distances), f"{among}; the map does not move."
    return projection.transform(raw), f"{among} by {projection.placing_metric} distance; the map does not move."


def where_from(projection: Projection) -> str:
    """Return half a sentence on why a map without a placer has none."""
    return (
        "this map's sides are columns" if projection.method == "axes" else "this map's coordinates came with the file"
    )


def _judged(metric: str, compared: int, sampled: bool) -> tuple[str, ...]:
    if metric == "dot":
        return ("The inner product does not tell far from near, so nothing is said to lie outside.",)
    if compared < 2:
        return ("There are too few items to say what lies outside everything known.",)
    whom = f"{compared:,} items drawn at random" if sampled else f"all {compared:,} items"
    return (
        "Outside everything known is what is farther from its nearest items, by each of the first five, than 99 of "
        f"100 items are from theirs; it was compared with {whom}.",
    )


def _zeros(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    who = "1 vector is" if count == 1 else f"{count:,} vectors are"
    return (f"{who} all zeros: without a direction each is as far from every item, and its place means nothing.",)
