"""The bars of a column's chart: which bar each item falls into, worked out once, so that counting them is quick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cartography.columns import Column
from cartography.inspection.searching.bin_edges import date_edges, number_edges
from cartography.records import Filter
from cartography.remembering import remembered

__all__ = ["MOST_GROUPS", "Bins", "binned"]

MOST_GROUPS = 12
"""Groups that have a bar of their own; the rest share one."""


@dataclass(frozen=True, eq=False)
class Bins:
    """k bins of a column's values.

    Attributes
    ----------
    column, kind : the column, and "numbers", "dates" or "categories"
    codes : (n,) uint8, the bin of each item, k for no value
    edges : (k + 1,) float64 for numbers and dates: bin i holds `edges[i] <= value < edges[i + 1]`. Outermost edges
        are infinite where the few extreme values share a bin. Empty for categories
    names : (k,) the group of each bin; the last one is None where it holds all rarer groups together
    others : how many groups those are
    whole : whether all values are whole numbers
    low, high : the smallest and the largest value
    log : whether the bins are equal in ratio, not in width
    """

    column: str
    kind: str
    codes: NDArray[np.uint8]
    edges: NDArray[np.float64]
    names: tuple[str | None, ...] = ()
    others: int = 0
    whole: bool = False
    low: float = np.nan
    high: float = np.nan
    log: bool = False

    def __len__(self) -> int:
        return len(self.names) if self.kind == "categories" else max(len(self.edges) - 1, 0)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """(k + 1,) items in each bin, the last entry being those without a value."""
        return np.bincount(self.codes, minlength=len(self) + 1)

    def count(self, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
        """(k + 1,) items of a set in each bin."""
        return self.counts if mask.all() else np.bincount(self.codes[mask], minlength=len(self) + 1)

    @property
    def clipped(self) -> tuple[bool, bool]:
        """Whether the smallest and the largest values share a bin of their own."""
        if self.kind == "categories" or not len(self):
            return False, False
        return bool(np.isinf(self.edges[0])), bool(np.isinf(self.edges[-1]))

    def between(self, first: int, last: int, missing: bool = False) -> Filter | None:
        """Return the condition that keeps the bins from first to last, both inside; None when that is all of them."""
        first, last = max(first, 0), min(last, len(self) - 1)
        if first > last or (first == 0 and last == len(self) - 1):
            return None
        low = None if first == 0 else float(self.edges[first])
        high = None if last == len(self) - 1 else self._before(float(self.edges[last + 1]))
        return Filter(self.column, low=low, high=high, missing=missing)

    def picking(self, codes: Iterable[int]) -> Filter | None:
        """Return the condition that keeps the groups of these bins; None when there is none that can be picked."""
        chosen = sorted(set(codes))
        names = tuple(name for code in chosen if 0 <= code < len(self) and (name := self.names[code]) is not None)
        missing = len(self) in chosen
        return Filter(self.column, values=names, missing=missing) if names or missing else None

    def inside(self, by: Filter | None) -> NDArray[np.bool_]:
        """(k + 1,) whether a condition keeps any value of each bin; all of them for none."""
        if by is None:
            return np.ones(len(self) + 1, dtype=bool)
        if by.values is not None and self.kind == "categories":
            kept = [name in by.values for name in self.names]
        elif by.values is not None:
            kept = [False] * len(self)
        else:
            low = -np.inf if by.low is None else by.low
            high = np.inf if by.high is None else by.high
            ends = self.edges if self.kind != "categories" else np.empty(0)
            kept = list((ends[:-1] <= high) & (ends[1:] > low)) if len(ends) else self._groups_between(low, high)
        return np.array([*kept, by.missing], dtype=bool)

    def _groups_between(self, low: float, high: float) -> list[bool]:
        """Whole numbers that are groups may have bounds as well."""
        return [name is not None and _numeric(name) is not None and low <= float(name) <= high for name in self.names]

    def _before(self, edge: float) -> float:
        """The largest value below an edge."""
        return float(np.ceil(edge) - 1) if self.whole else float(np.nextafter(edge, -np.inf))


@remembered
def binned(column: Column) -> Bins | None:
    """Return the bins of a column; None for texts and pictures, which have no chart."""
    if column.kind == "categories":
        return _groups(column)
    if column.kind not in ("numbers", "dates") or column.numbers is None:
        return None
    numbers = column.numbers
    known = numbers[np.isfinite(numbers)]
    empty = Bins(column.name, column.kind, np.zeros(len(numbers), np.uint8), np.empty(0))
    if not len(known):
        return empty
    whole = column.kind == "numbers" and bool((known == np.round(known)).all())
    edges, log = (date_edges(known), False) if column.kind == "dates" else number_edges(known, whole)
    codes = np.searchsorted(edges[1:-1], numbers, side="right").astype(np.uint8)
    codes[np.isnan(numbers)] = len(edges) - 1
    return replace(
        empty, codes=codes, edges=edges, whole=whole, low=float(known.min()), high=float(known.max()), log=log
    )


def _groups(column: Column) -> Bins:
    """The most frequent groups, the others together; numbers in their order, as long as all of them are shown."""
    places = np.argsort(-column.counts, kind="stable")
    few = len(places) <= MOST_GROUPS
    shown = places if few else places[:MOST_GROUPS]
    if few and column.numbers is not None:
        shown = np.array(sorted(places, key=lambda place: _numeric(column.names[place]) or 0.0), dtype=np.intp)
    names = (*(column.names[place] for place in shown), *(() if few else (None,)))
    lookup = np.full(len(column.names) + 1, len(shown), dtype=np.uint8)
    lookup[shown] = np.arange(len(shown))
    lookup[-1] = len(names)
    others = 0 if few else len(places) - len(shown)
    return Bins(column.name, "categories", lookup[column.codes], np.empty(0), names, others)


def _numeric(name: str) -> float | None:
    try:
        return float(name)
    except ValueError:
        return None
