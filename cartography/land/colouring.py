"""From a column of the items to a `Colouring`: groups, a scale, or nothing; and which column to show first."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import unknown_name
from cartography.records import Clustering, Colouring, EmbeddingSet
from cartography.records.map_scene import NUMBER_STEPS

__all__ = ["choose_column", "clusters_as_colouring", "colouring_of", "makes_groups", "no_colouring", "numbers_in"]

FEW = 10
"""Whole numbers with at most so many distinct values are groups, not a scale."""
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


def numbers_in(values: pd.Series) -> NDArray[np.float64] | None:
    """Return a column as numbers, dates as nanoseconds since 1970, NaN where empty; None for other columns."""
    kinds = pd.api.types
    if kinds.is_datetime64_any_dtype(values):
        zoned = values.dt.tz_convert("UTC").dt.tz_localize(None) if values.dt.tz is not None else values
        stamps = zoned.to_numpy(dtype="datetime64[ns]")
        return np.where(np.isnat(stamps), np.nan, stamps.astype(np.int64).astype(np.float64))
    if not kinds.is_numeric_dtype(values) or kinds.is_bool_dtype(values) or kinds.is_complex_dtype(values):
        return None
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def makes_groups(numbers: NDArray[np.float64]) -> bool:
    """Return whether numbers are the names of groups rather than quantities: few of them, and whole."""
    finite = numbers[np.isfinite(numbers)]
    return bool((finite == np.round(finite)).all()) and len(np.unique(finite)) <= FEW


def _scale(column: str, kind: str, numbers: NDArray[np.float64]) -> Colouring:
    known = np.isfinite(numbers)
    low, high = _ends(numbers[known])
    share = (np.where(known, numbers, low) - low) / (high - low)
    steps = np.clip(np.floor(share * NUMBER_STEPS), 0, NUMBER_STEPS - 1)
    codes = np.where(known, steps, NUMBER_STEPS).astype(np.uint16)
    return Colouring(column, kind, codes, low=low, high=high)


def _ends(numbers: NDArray[np.float64]) -> tuple[float, float]:
    """The values at both ends of the scale; a few far-out values do not squeeze all others into one colour."""
    if not len(numbers):
        return 0.0, 1.0
    low, high = float(numbers.min()), float(numbers.max())
    inner = np.percentile(numbers, (1, 99))
    if high - low > 4 * (inner[1] - inner[0]) > 0:
        low, high = float(inner[0]), float(inner[1])
    return (low, high) if high > low else (low, low + 1.0)


def _groups(values: pd.Series) -> Colouring:
    codes, names = _factorised(values)
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


def _factorised(values: pd.Series) -> tuple[NDArray[np.int64], list[str]]:
    """(n,) codes with -1 for no value, and the names; equal texts are one group whatever their type was."""
    try:
        first, kinds = pd.factorize(values, use_na_sentinel=True)
    except TypeError:  # lists, dicts and arrays in the cells
        first, kinds = pd.factorize(values.map(repr), use_na_sentinel=True)
    texts = pd.Series([_text(kind) for kind in kinds], dtype=object)
    second, names = pd.factorize(texts, use_na_sentinel=True)
    lookup = np.append(second, -1)
    return lookup[first], [str(name) for name in names]


def _text(kind: object) -> str | None:
    if isinstance(kind, float | np.floating):
        if not np.isfinite(kind):
            return None
        return str(int(kind)) if float(kind).is_integer() else str(kind)
    return str(kind).strip() or None


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
