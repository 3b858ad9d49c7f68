"""Which value of a column is the most over-represented in each cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cartography.columns import Column

__all__ = ["Dominant", "dominant_values"]

_LOOKED_AT = 1 << 18  # items
_CELLS = 1 << 22  # of a table of clusters by values that is held in full
_LEAST = 2  # items with the value


@dataclass(frozen=True, order=True)
class Dominant:
    """A value of `column` that `inside` (a share) of the cluster's items have and `outside` of all others.

    `strength` is the inside share times the logarithm of how much larger it is: what the value tells of the cluster.
    """

    strength: float
    column: str = field(compare=False)
    value: str = field(compare=False)
    inside: float = field(compare=False)
    outside: float = field(compare=False)

    @property
    def words(self) -> str:
        """The value with both shares."""
        return f"{self.column}: {self.value} {self.inside:.0%} (else {self.outside:.0%})"


def dominant_values(labels: NDArray[np.int32], count: int, columns: Sequence[Column]) -> list[tuple[Dominant, ...]]:
    """Return for noise and for each cluster 0..count-1 one value of each column that has an over-represented one.

    Of more than 262,144 items every m-th is counted. Items without a value count as having another.
    """
    step = max(1, -(-len(labels) // _LOOKED_AT))
    own = labels[::step].astype(np.int64) + 1
    found: list[list[Dominant]] = [[] for _ in range(count + 1)]
    for column in columns:
        for cluster, one in _strongest(own, count + 1, column, column.codes[::step]):
            found[cluster].append(one)
    return [tuple(one) for one in found]


def _strongest(
    own: NDArray[np.int64], groups: int, column: Column, codes: NDArray[np.int32]
) -> list[tuple[int, Dominant]]:
    width = len(column.names)
    if not width:
        return []
    group, value, times = _counted(own, codes, groups, width)
    sizes = np.bincount(own, minlength=groups).astype(np.float64)
    total = np.bincount(value, times, width)
    inside = times / sizes[group]
    outside = (total[value] - times) / np.maximum(len(own) - sizes[group], 1)
    floor = 0.5 / np.maximum(len(own) - sizes[group], 1)  # what is nowhere else is not infinitely rarer there
    strength = inside * np.log(inside / np.maximum(outside, floor))
    strength[(times < np.minimum(_LEAST, sizes[group])) | (inside <= outside)] = -np.inf
    order = np.lexsort((value, -strength, group))
    first = order[np.unique(group[order], return_index=True)[1]]
    return [
        (
            int(group[one]),
            Dominant(float(strength[one]), column.name, column.names[value[one]], inside[one], outside[one]),
        )
        for one in first.tolist()
        if np.isfinite(strength[one])
    ]


def _counted(
    own: NDArray[np.int64], codes: NDArray[np.int32], groups: int, width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the groups, the values and how often they meet, for those that do."""
    known = codes >= 0
    keys = own[known] * width + codes[known]
    if groups * width <= _CELLS:
        times = np.bincount(keys, minlength=groups * width)
        cells = np.flatnonzero(times)
        return cells // width, cells % width, times[cells]
    cells, times = np.unique(keys, return_counts=True)
    return cells // width, cells % width, times
