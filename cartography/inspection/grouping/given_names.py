"""What clusters are called; names given by hand are kept by what a cluster holds, and come back with the same."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cartography.errors import ParameterError
from cartography.records import Annotations, Level
from cartography.records.arrays import digest

__all__ = ["cluster_names", "given_names", "level_name", "middle_item", "renamed_cluster"]


def cluster_names(level: Level) -> tuple[str, ...]:
    """Return the names that were found for a level's clusters; they are numbered from 1 where they have none."""
    return level.names or tuple(f"Cluster {number + 1}" for number in range(level.count))


def level_name(level: Level) -> str:
    """Return what a level is called by all that is kept about it: which item is in which cluster, in 16 digits."""
    return digest(level.labels)


def middle_item(level: Level, cluster: int, ids: pd.Index) -> str:
    """Return the id of the item that stands for a cluster: its medoid where that is known, else its first.

    Raises `ParameterError` when there is no such cluster.
    """
    if not 0 <= cluster < level.count:
        raise ParameterError(f"There is no cluster {cluster}; there are {level.count}.")
    row = -1 if level.medoids is None else int(level.medoids[cluster])
    return str(ids[row if row >= 0 else int(np.argmax(level.labels == cluster))])


def renamed_cluster(annotations: Annotations, level: Level, cluster: int, ids: pd.Index, name: str) -> Annotations:
    """Return annotations with a cluster's name given by hand; an empty one takes it back."""
    return annotations.renamed(level_name(level), middle_item(level, cluster, ids), name)


def given_names(annotations: Annotations, level: Level, ids: pd.Index) -> tuple[str, ...]:
    """Return the names of a level's clusters, those given by hand in place of the found ones.

    Names given to what is no item here are passed over.
    """
    names = list(cluster_names(level))
    given = annotations.names.get(level_name(level), {})
    rows = ids.get_indexer(list(given))
    for row, name in zip(rows.tolist(), given.values(), strict=True):
        if row >= 0 and level.labels[row] >= 0:
            names[level.labels[row]] = name
    return tuple(names)
