"""The columns of the items, read once: what kind each is, its groups as codes, its numbers as floats, its texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import RLock

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import unknown_name
from cartography.items import picture_columns
from cartography.records import EmbeddingSet
from cartography.remembering import remembered

__all__ = ["FEW", "Column", "Columns", "columns_of", "factorised", "makes_groups", "numbers_in"]

FEW = 10
"""Whole numbers with at most so many distinct values are groups, not a scale."""
_REPEATING = 3  # times that the values of a column of groups come back, on average, where they are many
_SHORT_LIST = 50  # distinct values that are groups as long as half of them come back
_FRESH = 2
_MANY = 50_000  # values from which a sample is asked first whether they differ
_ENOUGH = 200  # pairs to expect, so that half of them cannot be chance
_SIGHTED = 20  # times the root of their number: the size of that sample


@dataclass(frozen=True, eq=False)
class Column:
    """One column of n items.

    `kind` is one of

    - "categories": few values that come back, or truth values, or at most ten whole numbers
    - "numbers", "dates": quantities
    - "texts": strings that mostly differ, such as sentences, names and ids
    - "pictures": what is shown and not read
    """

    name: str
    values: pd.Series = field(repr=False)
    pictured: bool = False

    @cached_property
    def kind(self) -> str:
        """What the values are, as told above."""
        if self.pictured:
            return "pictures"
        if self.numbers is not None:
            dated = pd.api.types.is_datetime64_any_dtype(self.values)
            return "dates" if dated else "categories" if makes_groups(self.numbers) else "numbers"
        if _mostly_differ(self.values):
            return "texts"
        present, distinct = int((self.codes >= 0).sum()), len(self.names)
        often = _FRESH if distinct <= _SHORT_LIST else _REPEATING
        return "categories" if distinct <= max(FEW, present // often) and distinct < max(present, 2) else "texts"

    @cached_property
    def numbers(self) -> NDArray[np.float64] | None:
        """(n,) the values as numbers, dates as nanoseconds since 1970, NaN where there is none; None for strings."""
        return None if self.pictured else numbers_in(self.values)

    @cached_property
    def _groups(self) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        codes, names = factorised(self.values)
        return codes.astype(np.int32), tuple(names)

    @property
    def codes(self) -> NDArray[np.int32]:
        """(n,) which of `names` each item has, -1 for none."""
        return self._groups[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The distinct values as texts, in the order in which they are met first."""
        return self._groups[1]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """(len(names),) how many items have each value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))


class Columns(Mapping[str, Column]):
    """The columns of one set of items by name, each read when first asked for. Safe to use from many threads."""

    def __init__(self, items: pd.DataFrame, pictures: frozenset[str]) -> None:
        self._items, self._pictures = items, pictures
        self._read: dict[str, Column] = {}
        self._lock = RLock()

    def __getitem__(self, name: str) -> Column:
        with self._lock:
            if name not in self._read:
                if name not in self._items.columns:
                    raise KeyError(name)
                self._read[name] = Column(str(name), self._items[name], name in self._pictures)
            return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items.columns)

    def __len__(self) -> int:
        return len(self._items.columns)

    @property
    def ids(self) -> pd.Index:
        """The items' unique string ids, in row order."""
        return self._items.index

    def named(self, name: str) -> Column:
        """Return the column of this name, or raise `ParameterError` with the nearest one."""
        if name not in self:
            raise unknown_name("column", name, map(str, self))
        return self[name]

    def of_kind(self, *kinds: str) -> list[Column]:
        """Return the columns of these kinds, in their order."""
        return [column for column in self.values() if column.kind in kinds]


@remembered
def columns_of(embeddings: EmbeddingSet) -> Columns:
    """Return the columns of these items; the same object whenever it is asked for."""
    image = embeddings.roles.get("image")
    pictures = picture_columns(embeddings) | ({image} if image is not None else set())
    return Columns(embeddings.items, frozenset(pictures))


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


def factorised(values: pd.Series) -> tuple[NDArray[np.int64], list[str]]:
    """(n,) codes with -1 for no value, and the names; equal texts are one group whatever their type was."""
    try:
        first, kinds = pd.factorize(values, use_na_sentinel=True)
    except TypeError:  # lists, dicts and arrays in the cells
        first, kinds = pd.factorize(values.map(repr, na_action="ignore"), use_na_sentinel=True)
    found = kinds.tolist() if isinstance(kinds.dtype, pd.StringDtype) else list(kinds)
    texts = [kind.strip() if type(kind) is str else _text(kind) for kind in found]
    if texts == found and "" not in texts:  # strings that are names as they stand
        return first, found
    second, names = pd.factorize(pd.Series([text or None for text in texts], dtype=object), use_na_sentinel=True)
    lookup = np.append(second, -1)
    return lookup[first], [str(name) for name in names]


def _mostly_differ(values: pd.Series) -> bool:
    """Whether many strings surely come back too seldom to be groups, as far as a sample of them tells.

    Were d of n values distinct and n at least 3 d, then any two would be equal with a probability of 2 / (n - 1) or
    more, and about 400 pairs of the sample. With less than half as many pairs the values mostly differ; with more,
    all must be counted.
    """
    n = int(values.count())
    if n < _MANY:
        return False
    rng = np.random.default_rng(0)
    rows = rng.choice(len(values), min(int(_SIGHTED * len(values) / n**0.5), len(values)), replace=False)
    codes, names = factorised(values.iloc[rows])
    counts = np.bincount(codes[codes >= 0], minlength=len(names)).astype(np.float64)
    drawn, pairs = counts.sum(), (counts * (counts - 1) / 2).sum()
    expected = drawn * (drawn - 1) / 2 * (_REPEATING - 1) / (n - 1)
    return bool(len(names) > _SHORT_LIST and expected > _ENOUGH and pairs < expected / 2)


def _text(kind: object) -> str | None:
    if isinstance(kind, float | np.floating):
        if not np.isfinite(kind):
            return None
        return str(int(kind)) if float(kind).is_integer() else str(kind)
    return str(kind).strip() or None
