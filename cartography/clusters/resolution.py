"""From coarse to fine without running a method again: any number of clusters between those of its levels.

Between two levels the clusters of the finer one join inside those of the coarser, by Ward's tree over their middles,
so that whatever number is asked for nests in every smaller one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import one_thread
from cartography.clusters.agglomeration import agglomerate, joined
from cartography.clusters.names import name_clusters
from cartography.medoids import medoids, members
from cartography.orient import oriented
from cartography.progress import Progress, part_of, report
from cartography.records import Clustering, EmbeddingSet, Level, Projection

__all__ = ["Resolution", "level_at"]

Labels = NDArray[np.int32]

_STAGE = "Finding clusters"
_NUMBERS = 1 << 24  # read of the points to see where clusters lie
_MEMBERS = 64  # of a cluster, at most
_STEPS = 40  # of a slider


@dataclass(frozen=True, eq=False)
class Resolution:
    """What joins between the levels of a clustering.

    `levels` are distinct labels (n,), coarse to fine, `joins` for each but the first the pairs (m, 2) of its clusters
    that join, the first to join first.
    """

    levels: tuple[Labels, ...]
    joins: tuple[NDArray[np.int32], ...]

    @classmethod
    def of(cls, clustering: Clustering, points: NDArray[np.float32], progress: Progress | None = None) -> Resolution:
        """Return the resolutions of a clustering; `points` (n, d) are the space it was made in."""
        levels = [clustering.levels[0].labels]
        for level in clustering.levels[1:]:
            if level.count > int(levels[-1].max(initial=-1)) + 1:
                levels.append(level.labels)
        steps = list(pairwise(levels))
        joins = []
        for place, (above, below) in enumerate(steps):
            part = part_of(progress, place / len(steps), (place + 1) / len(steps))
            with one_thread():  # many small trees
                joins.append(_joins(points, above, below, part))
        return cls(tuple(levels), tuple(joins))

    @property
    def fewest(self) -> int:
        """How many clusters there are at the coarsest."""
        return _count(self.levels[0])

    @property
    def most(self) -> int:
        """How many clusters there are at the finest."""
        return _count(self.levels[-1])

    @property
    def steps(self) -> tuple[int, ...]:
        """Numbers of clusters for a slider: those of the levels, and about forty between, each as much finer."""
        if self.fewest < 1 or self.fewest == self.most:
            return (self.most,)
        between = np.geomspace(self.fewest, self.most, _STEPS).round().astype(int).tolist()
        return tuple(sorted({*between, *(_count(level) for level in self.levels)}))

    def labels(self, count: int) -> Labels:
        """Return labels (n,) of `count` clusters, or of the nearest number that there is; noise stays noise."""
        count = min(max(count, self.fewest), self.most)
        at = next(place for place, level in enumerate(self.levels) if _count(level) >= count)
        own = self.levels[at]
        found = _count(own)
        if found == count:
            return own
        group = joined(self.joins[at - 1][: found - count], found)
        return np.where(own >= 0, group[own], -1).astype(np.int32)


def level_at(
    resolution: Resolution,
    count: int,
    clustering: Clustering,
    embeddings: EmbeddingSet,
    *,
    projection: Projection | None = None,
    label_by: str | None = None,
) -> Level:
    """Return the level of `count` clusters with its names: the clustering's own where it has one of that number."""
    labels = resolution.labels(count)
    own = [level for level in clustering.levels if np.array_equal(level.labels, labels)]
    if own:
        main = clustering.levels[clustering.main]
        return main if main in own else own[0]
    places = oriented(projection.coordinates, projection.method)[0] if projection is not None else None
    points = embeddings.vectors if places is None else places
    rows = medoids(points, labels)
    (names,) = name_clusters(embeddings, [labels], points, label_by, middles=[rows], places=places)
    return Level(labels, names, None, rows)


def _count(labels: Labels) -> int:
    return int(labels.max(initial=-1)) + 1


def _joins(points: NDArray[np.float32], above: Labels, below: Labels, progress: Progress | None) -> NDArray[np.int32]:
    """Return the pairs of clusters of `below` that join inside those of `above`, by rising height."""
    report(progress, _STAGE, 0.0, "coarse to fine")
    sizes = np.bincount(below[below >= 0])
    _, first = np.unique(below, return_index=True)
    parent = above[first[len(first) - len(sizes) :]]
    middles = _middles(points, below, len(sizes))
    pairs, heights = [np.empty((0, 2), np.int32)], [np.empty(0)]
    for one in range(_count(above)):
        children = np.flatnonzero(parent == one)
        if len(children) < 2:
            continue
        done = one / _count(above)
        tree = agglomerate(middles[children], "ward", sizes[children], lambda _: report(progress, _STAGE, done))  # noqa: B023
        pairs.append(children[tree.pairs].astype(np.int32))
        heights.append(tree.heights)
    order = np.argsort(np.concatenate(heights), kind="stable")
    return np.concatenate(pairs)[order]


def _middles(points: NDArray[np.float32], labels: Labels, count: int) -> NDArray[np.float64]:
    """Return where each cluster lies (count, d), from a few of its items."""
    most = int(np.clip(_NUMBERS // (count * points.shape[1]), 4, _MEMBERS))
    rows, starts = members(labels + 1, most)
    starts = starts[-count - 1 :]  # the first part is noise
    rows = rows[starts[0] :]
    return (
        np.add.reduceat(points[rows].astype(np.float64), starts[:-1] - starts[0], axis=0) / np.diff(starts)[:, None]
    )
