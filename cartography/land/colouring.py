"""From a column of the items to a `Colouring`: groups, a scale, or nothing; and which column to show first."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.columns import factorised, makes_groups, numbers_in
from cartography.errors import unknown_name
from cartography.records import Clustering, Colouring, EmbeddingSet
from cartography.records.map_scene import NUMBER_STEPS

__all__ = ["choose_column", "clusters_as_colouring", "colouring_of", "ends_of", "no_colouring"]

MOST_GROUPS = 4095
"""Groups beyond these are drawn as one."""
_DEFAULT_GROUPS = (2, 30)
_SAMPLE, _AMONG, _NEIGHBOURS = 1_000, 20_000, 10
_LEAST_LIFT = 0.15


def no_colouring(n: int) -> Colouring:
    """Return the colouring of n items that shows no column."""
    return Colouring(None, "none", np.zeros(n, dtype=np.uint16))


def clusters_as_colouring(clustering: Clustering) -> Colouring:
    """Return the coarsest clusters as groups, for items that no column divides; noise has no value.

    `column` stays None: these groups are found, not given.
    """
    level = clustering.levels[0]
    names = level.names or tuple(f"Region {i + 1}" for i in range(level.count))
    codes = np.where(level.labels < 0, level.count, level.labels).astype(np.uint16)
    return Colouring(None, "categories" if level.count else "none", codes, names)


def colouring_of(items: pd.DataFrame, column: str | None) -> Colouring:
    """Return the colouring of `items` by one of their columns, or by none.

    Strings, truth values and few whole numbers make groups, most frequent first; other numbers and dates make a
    scale. Empty cells, blank strings and infinities have no value. Raises `ParameterError` for an unknown column.
    """
    if column is None:
        return no_colouring(len(items))
    if column not in items.columns:
        raise unknown_name("column", column, map(str, items.columns))
    values = items[column]
    numbers = numbers_in(values)
    if pd.api.types.is_datetime64_any_dtype(values) and numbers is not None:
        return _scale(str(values.name), "dates", numbers)
    return _groups(values) if numbers is None or makes_groups(numbers) else _scale(str(column), "numbers", numbers)


def _scale(column: str, kind: str, numbers: NDArray[np.float64]) -> Colouring:
    known = np.isfinite(numbers)
    low, high = ends_of(numbers[known])
    share = (np.where(known, numbers, low) - low) / (high - low)
    steps = np.clip(np.floor(share * NUMBER_STEPS), 0, NUMBER_STEPS - 1)
    codes = np.where(known, steps, NUMBER_STEPS).astype(np.uint16)
    return Colouring(column, kind, codes, low=low, high=high)


def ends_of(numbers: NDArray[np.float64]) -> tuple[float, float]:
    """Return the values at both ends of the scale; a few far-out values do not squeeze all others into one colour."""
    if not len(numbers):
        return 0.0, 1.0
    low, high = float(numbers.min()), float(numbers.max())
    inner = np.percentile(numbers, (1, 99))
    if high - low > 4 * (inner[1] - inner[0]) > 0:
        low, high = float(inner[0]), float(inner[1])
    return (low, high) if high > low else (low, low + 1.0)


def _groups(values: pd.Series) -> Colouring:
    codes, names = factorised(values)
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    order = sorted(range(len(names)), key=lambda i: (-counts[i], names[i]))
    kept = order[:MOST_GROUPS]
    new_code = np.full(len(names) + 1, len(kept), dtype=np.int64)  # the last entry is for code -1
    new_code[kept] = np.arange(len(kept))
    shown = [names[i] for i in kept]
    if len(order) > len(kept):
        new_code[order[MOST_GROUPS:]] = len(kept)
        new_code[-1] = len(kept) + 1
        shown.append(f"{len(order) - len(kept):,} smaller groups")
    return Colouring(str(values.name), "categories", new_code[codes].astype(np.uint16), tuple(shown))


def choose_column(embeddings: EmbeddingSet, coordinates: NDArray[np.float32]) -> str | None:
    """Return the column worth showing first, or None.

    The items' label if it forms groups; else of the columns with 2 to 30 groups the one whose groups hang
    together best on the map: how much oftener than by chance map neighbours share a group, on a sample.
    """
    label = embeddings.roles.get("label")
    n = len(embeddings)
    if label is not None and 2 <= _distinct(embeddings.items[label]) <= max(_DEFAULT_GROUPS[1], n // 5):
        return label
    low, high = _DEFAULT_GROUPS
    lifts = {}
    near = _near(coordinates)
    for name in embeddings.items.columns:
        if low <= _distinct(embeddings.items[name]) <= high:
            colouring = colouring_of(embeddings.items, name)
            if colouring.kind == "categories":
                lifts[name] = _lift(colouring, *near)
    best = max(lifts, key=lambda name: lifts[name], default=None)
    return best if best is not None and lifts[best] >= _LEAST_LIFT else None


def _distinct(values: pd.Series) -> int:
    try:
        return int(values.nunique())
    except TypeError:
        return 0


def _near(coordinates: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows (m,) of a sample, and the rows (m, k) of their neighbours on the map among a larger sample."""
    from scipy.spatial import cKDTree

    among = np.arange(0, len(coordinates), max(1, len(coordinates) // _AMONG))
    asked = among[:: max(1, len(among) // _SAMPLE)]
    k = min(_NEIGHBOURS + 1, len(among))
    found = cKDTree(coordinates[among]).query(coordinates[asked], k=k)[1].reshape(len(asked), -1)
    return asked, among[found[:, 1:]]


def _lift(colouring: Colouring, rows: NDArray[np.int64], near: NDArray[np.int64]) -> float:
    """Agreement with the neighbours above chance, as a share of what is possible above chance."""
    codes = colouring.codes.astype(np.int64)
    valued = codes[rows] != colouring.missing
    if not valued.any() or near.shape[1] == 0:
        return 0.0
    agreement = float((codes[near[valued]] == codes[rows[valued], None]).mean())
    shares = colouring.counts[:-1] / max(1, colouring.counts[:-1].sum())
    chance = float((shares**2).sum())
    return (agreement - chance) / max(1 - chance, 1e-9)
