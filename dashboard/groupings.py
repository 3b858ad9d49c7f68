"""Clusters that a person tries beside those of the map, and what may be asked about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.clusters import find_clusters
from cartography.clusters.again import grouped_again
from cartography.clusters.resolution import Resolution, level_at
from cartography.columns import Column, columns_of
from cartography.inspection.grouping.agreement import Agreement, Grouped, agreement, grouped_column
from cartography.inspection.grouping.cluster_table import Around, ClusterTable, cluster_table
from cartography.inspection.grouping.stability import Stability, stability
from cartography.pipeline import BuiltMap
from cartography.progress import Progress, ProgressEvent, part_of
from cartography.records import Clustering, Level
from cartography.records.arrays import digest
from dashboard.inquiries import Question

__all__ = [
    "Choice",
    "Described",
    "Found",
    "compared",
    "described",
    "drawn_again",
    "found",
    "telling_columns",
]

_COLUMNS = 6  # of which dominant values are looked for
_VALUES = 5_000  # in a column, at most


@dataclass(frozen=True)
class Choice:
    """A method, the space it works in and its parameters, where they are not the usual ones."""

    method: str
    space: str
    params: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, built: BuiltMap) -> Choice:
        """Return the choice that the map itself was made by."""
        recipe = built.recipe
        return cls(built.clustering.method, recipe.cluster_space, tuple(sorted(recipe.cluster_params.items())))


@dataclass(frozen=True, eq=False)
class Found:
    """A clustering of the map's items and all that lies between its levels."""

    choice: Choice
    clustering: Clustering
    resolution: Resolution


@dataclass(frozen=True, eq=False)
class Described:
    """One level of a clustering, its table, and `key`, which names the level by its content."""

    level: Level
    table: ClusterTable
    key: str
    main: bool


def found(built: BuiltMap, choice: Choice) -> Question[Found]:
    """Return the question how the items are grouped by a choice; the map's own clusters are not looked for again."""

    def find(progress: Progress) -> Found:
        if choice == Choice.of(built):
            return Found(choice, built.clustering, Resolution.of(built.clustering, _points(built, choice), progress))
        clustering = find_clusters(
            built.prepared,
            built.projection,
            built.neighbours,
            choice.method,
            space=choice.space,
            label_by=built.recipe.label_by,
            seed=built.recipe.seed,
            progress=part_of(progress, 0.0, 0.9),
            **dict(choice.params),
        )
        return Found(
            choice, clustering, Resolution.of(clustering, _points(built, choice), part_of(progress, 0.9, 1.0))
        )

    return Question("clusters", digest(_names(built), choice), find)


def described(built: BuiltMap, grouping: Found, count: int) -> Question[Described]:
    """Return the question what the level of so many clusters is like, and what they are called."""

    def find(_: Progress) -> Described:
        level = level_at(
            grouping.resolution,
            count,
            grouping.clustering,
            built.prepared,
            projection=built.projection,
            label_by=built.recipe.label_by,
        )
        around = Around(built.neighbours, built.projection.coordinates)
        columns = telling_columns(built)
        table = cluster_table(level, built.prepared.vectors, around, columns, metric=str(built.recipe.metric))
        main = np.array_equal(level.labels, grouping.clustering.labels)
        return Described(level, table, digest(level.labels), main)

    return Question("cluster table", digest(_names(built), grouping.choice, count), find)


def compared(built: BuiltMap, shown: Described, column: str) -> Question[tuple[Grouped, Agreement]]:
    """Return the question how a level agrees with a column; its groups come with the answer."""

    def find(_: Progress) -> tuple[Grouped, Agreement]:
        grouped = grouped_column(columns_of(built.embeddings).named(column))
        return grouped, agreement(shown.level, grouped, seed=built.recipe.seed)

    return Question("comparison", digest(_names(built), shown.key, column), find)


def drawn_again(built: BuiltMap, choice: Choice, shown: Described) -> Question[Stability]:
    """Return the question whether the clusters come back when items are drawn again."""
    told = _Told()

    def find(progress: Progress) -> Stability:
        told.to = progress
        grouped = grouped_again(
            choice.method,
            choice.space,
            dict(choice.params),
            n=len(built.embeddings),
            metric=str(built.recipe.metric),
            main=shown.main,
            progress=told.again,
        )
        return stability(
            _points(built, choice), shown.level.labels, grouped, seed=built.recipe.seed, progress=told.hear
        )

    return Question("clusters drawn again", digest(_names(built), choice, shown.key), find)


@dataclass
class _Told:
    """Tells how far the draws are, and repeats it while one of them is made, so that it can be stopped there."""

    to: Progress | None = None
    last: ProgressEvent = field(default_factory=lambda: ProgressEvent("Drawing again", 0.0))

    def hear(self, event: ProgressEvent) -> None:
        self.last = event
        self.again(event)

    def again(self, _: ProgressEvent) -> None:
        if self.to is not None:
            self.to(self.last)


def telling_columns(built: BuiltMap) -> list[Column]:
    """Return the columns whose groups may tell clusters apart, the label first."""
    columns = columns_of(built.embeddings)
    label = built.embeddings.roles.get("label")
    known = [one for one in columns.of_kind("categories") if len(one.names) <= _VALUES]
    return sorted(known, key=lambda one: one.name != label)[:_COLUMNS]


def _points(built: BuiltMap, choice: Choice) -> NDArray[np.float32]:
    return built.projection.coordinates if choice.space == "map" else built.prepared.vectors


def _names(built: BuiltMap) -> str:
    recipe = built.recipe
    chosen = recipe.seed, recipe.label_by, recipe.metric, recipe.preparation
    return digest(built.embeddings.fingerprint, built.projection.fingerprint, *chosen)
