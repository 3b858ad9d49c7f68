"""Which items belong together, coarse to fine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.records.arrays import frozen, require

__all__ = ["NOISE", "Clustering", "Level"]

NOISE = -1
"""The label of an item that belongs to no cluster."""


@dataclass(frozen=True, eq=False)
class Level:
    """One granularity: (n,) int32 labels 0..count-1 with -1 = noise, and one name per cluster.

    `persistence` (count,) float32 says how firmly each cluster stands out, in the method's own measure, where it has
    one: HDBSCAN's stability, a peak's height above its saddle in standard errors. `medoids` (count,) int32 are the
    rows of the items that stand in the middle of each cluster, where that was looked for.
    """

    labels: NDArray[np.int32]
    names: tuple[str, ...] = ()
    persistence: NDArray[np.float32] | None = None
    medoids: NDArray[np.int32] | None = None

    def __post_init__(self) -> None:
        labels = frozen(self.labels, np.int32, "labels", (None,))
        require(labels.size == 0 or int(labels.min()) >= NOISE, "labels holds values below -1.")
        object.__setattr__(self, "labels", labels)
        require(
            not self.names or len(self.names) == self.count,
            f"There are {self.count} clusters but {len(self.names)} names.",
        )
        if self.persistence is not None:
            known = frozen(self.persistence, np.float32, "persistence", (self.count,))
            object.__setattr__(self, "persistence", known)
        if self.medoids is not None:
            object.__setattr__(self, "medoids", frozen(self.medoids, np.int32, "medoids", (self.count,)))

    @property
    def count(self) -> int:
        """The number of clusters, noise not counted."""
        return int(self.labels.max()) + 1 if self.labels.size else 0

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(count,) items in each cluster."""
        return np.bincount(self.labels[self.labels >= 0], minlength=self.count)


@dataclass(frozen=True, eq=False)
class Clustering:
    """Clusters of n items on nested levels.

    Attributes
    ----------
    levels : coarse to fine; regions are the clusters of the first, and on each of the last, which are made for the
        map where there is one, stands a town
    main : which level is the answer to "the clusters", an index into `levels`
    strengths : (n,) float32 in 0..1, how firmly an item belongs to its cluster on the main level
    space : "map" (computed on the coordinates) or "original" (on the vectors)
    method, params : what made them
    notes : sentences on what was approximated or chosen for the user
    """

    levels: tuple[Level, ...]
    main: int
    strengths: NDArray[np.float32]
    space: str
    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "levels", tuple(self.levels))
        require(len(self.levels) > 0, "A clustering has at least one level.")
        require(0 <= self.main < len(self.levels), f"There is no level {self.main}.")
        n = len(self.levels[0].labels)
        require(all(len(level.labels) == n for level in self.levels), "The levels differ in length.")
        require(self.space in ("map", "original"), f"space is {self.space!r}; expected 'map' or 'original'.")
        object.__setattr__(self, "strengths", frozen(self.strengths, np.float32, "strengths", (n,)))
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def labels(self) -> NDArray[np.int32]:
        """(n,) int32 labels of the main level, -1 = noise."""
        return self.levels[self.main].labels

    @property
    def names(self) -> tuple[str, ...]:
        """One name per cluster of the main level."""
        return self.levels[self.main].names
