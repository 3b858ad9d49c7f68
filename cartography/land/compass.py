"""Where on the map things grow: the numeric columns that rise most to the east or west, and to the north or south."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.land.colouring import FEW
from cartography.records import Bearing, EmbeddingSet

__all__ = ["build_compass"]

_LEAST = 0.35
"""The correlation from which on a direction is worth a name: it explains an eighth of what varies."""
_FEWEST = 3  # distinct values of a scale
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
    for name in _numeric(embeddings.items):
        values = _numbers(embeddings.items[name].iloc[rows])
        known = np.isfinite(values)
        if known.sum() < 10 or not _is_scale(values[known]):
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


def _numeric(items: pd.DataFrame) -> list[str]:
    kinds = pd.api.types
    return [
        str(name)
        for name in items.columns[:_MOST_COLUMNS]
        if isinstance(name, str)
        and (kinds.is_numeric_dtype(items[name]) or kinds.is_datetime64_any_dtype(items[name]))
        and not kinds.is_bool_dtype(items[name])
        and not kinds.is_complex_dtype(items[name])
    ]


def _numbers(values: pd.Series) -> NDArray[np.float64]:
    if pd.api.types.is_datetime64_any_dtype(values):
        stamps = values.astype("int64").to_numpy(dtype=np.float64)
        return np.where(values.isna().to_numpy(), np.nan, stamps)
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def _is_scale(values: NDArray[np.float64]) -> bool:
    """Whether these are quantities: a few whole numbers are the names of groups, as for colours."""
    distinct = np.unique(values)
    whole = bool((distinct == np.round(distinct)).all())
    return len(distinct) >= _FEWEST and not (whole and len(distinct) <= FEW)


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values))


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / norm) if norm > 0 else 0.0
