"""Where on the map things grow: the numeric columns that rise most to the east or west, and to the north or south."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.columns import makes_groups, numbers_in
from cartography.records import Bearing, EmbeddingSet

__all__ = ["build_compass"]

_LEAST = 0.35
"""The correlation from which on a direction is worth a name: it explains an eighth of what varies."""
_FEWEST_VALUES, _FEWEST = 10, 3  # of a scale; and distinct ones
_SEEN = 100_000
_MOST_COLUMNS = 200
_SIDES = (("east", "west"), ("north", "south"))


def build_compass(embeddings: EmbeddingSet, coordinates: NDArray[np.float32]) -> tuple[Bearing, ...]:
    """Return at most two bearings: along each axis of the map the numeric column that grows most, where one does.

    Growth is Spearman's rank correlation with the coordinate, over at most 100,000 items: a scale that is bent, as
    prices and counts are, counts as well as a straight one. One column names one direction only.
    """
    rows = np.arange(0, len(embeddings), max(1, len(embeddings) // _SEEN))
    axes = [_ranks(coordinates[rows, axis].astype(np.float64)) for axis in (0, 1)]
    grown: list[tuple[float, int, str, float]] = []
    for name in embeddings.items.columns[:_MOST_COLUMNS]:
        values = numbers_in(embeddings.items[name].iloc[rows]) if isinstance(name, str) else None
        known = np.isfinite(values) if values is not None else None
        if values is None or known is None or not _is_scale(values[known]):
            continue
        for axis, places in enumerate(axes):
            r = _correlation(_ranks(values[known]), places[known])
            grown.append((abs(r), axis, name, r))
    bearings: list[Bearing] = []
    for strength, axis, name, r in sorted(grown, key=lambda one: (-one[0], one[1], one[2])):
        taken = [one for one in bearings if one.column == name or one.side in _SIDES[axis]]
        if strength >= _LEAST and not taken:
            bearings.append(Bearing(name, _SIDES[axis][0 if r > 0 else 1], float(strength)))
    return tuple(bearings)


def _is_scale(values: NDArray[np.float64]) -> bool:
    """Whether these are quantities, and enough of them to say how they grow."""
    return len(values) >= _FEWEST_VALUES and len(np.unique(values)) >= _FEWEST and not makes_groups(values)


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values))


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / norm) if norm > 0 else 0.0
