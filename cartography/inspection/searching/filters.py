"""Conditions on columns: which items fulfil them, how they are put into words, and what each leaves of the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.columns import Column, Columns
from cartography.errors import ParameterError
from cartography.inspection.searching.bins import Bins, binned
from cartography.records import Filter

__all__ = ["Crossed", "Histogram", "crossed", "mask_of", "usable", "without", "words", "written"]

_LISTED = 3  # groups that a chip names
_LONGEST = 40  # characters of a name on it
_YEARS = (1500, 2100)
_INTEGERS = 1e15  # whole numbers beyond are written as powers
_DAY = 86_400 * 10**9
_ERAS = 2.0**63  # nanoseconds on both sides of 1970 that dates reach
_MOMENT = 1_000  # nanoseconds: what is nearer to midnight than this is midnight


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many items fall into each bin of a column, the last entry being those without a value.

    `total` (k + 1,) counts all items, `left` (k + 1,) those that fulfil the conditions on all other columns.
    """

    bins: Bins
    total: NDArray[np.int64]
    left: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Crossed:
    """What several conditions keep together, (n,) bool, and a histogram of each column asked for."""

    mask: NDArray[np.bool_]
    histograms: dict[str, Histogram]


def mask_of(filters: Iterable[Filter], columns: Columns) -> NDArray[np.bool_]:
    """Return (n,) which items fulfil all conditions; `ParameterError` for one that the columns cannot have."""
    mask = np.ones(len(columns.ids), dtype=bool)
    for one in filters:
        mask &= _kept(one, columns.named(one.column))
    return mask


def without(filters: Iterable[Filter], column: str) -> tuple[Filter, ...]:
    """Return the conditions on all other columns."""
    return tuple(one for one in filters if one.column != column)


def usable(filters: Iterable[Filter], columns: Columns) -> tuple[Filter, ...]:
    """Return those conditions that these columns can have: the others were meant for other items."""
    return tuple(one for one in filters if one.column in columns and _fits(one, columns[one.column]))


def crossed(filters: Sequence[Filter], columns: Columns, names: Iterable[str]) -> Crossed:
    """Count the items of these columns, each under the conditions on all the others.

    A chart thereby shows what another choice in it would keep. Columns without a chart are left out.
    """
    n = len(columns.ids)
    failed = np.zeros(n, dtype=np.uint16)  # conditions that an item does not fulfil
    own: dict[str, NDArray[np.bool_]] = {}
    for one in filters:
        fails = ~_kept(one, columns.named(one.column))
        own[one.column] = own[one.column] | fails if one.column in own else fails
    for fails in own.values():
        failed += fails
    mask = failed == 0
    histograms = {}
    for name in names:
        bins = binned(columns.named(name))
        if bins is not None:
            others = failed == own[name] if name in own else mask
            histograms[name] = Histogram(bins, bins.counts, bins.count(others))
    return Crossed(mask, histograms)


def words(by: Filter, columns: Columns) -> str:
    """Return a condition in a few words, such as "Origin: Japan, Europe" or "Weight 2,000 to 3,000"."""
    column = columns.get(by.column)
    if by.values is not None:
        named = [_short(value) for value in by.values[:_LISTED]]
        more = len(by.values) - len(named)
        named += [f"{more:,} more"] if more > 0 else []
        named += ["no value"] if by.missing else []
        return f"{by.column}: {', '.join(named) or 'nothing'}"
    low, high = (None if bound is None else written(bound, column) for bound in (by.low, by.high))
    if by.high is not None and low != high:
        high = written(by.high, column, last=True)
    return f"{by.column}{_span(low, high)}{' or no value' if by.missing else ''}"


def written(value: float, column: Column | None, last: bool = False) -> str:
    """Return a number of a column as people write it, or a date; `last` for the end of a span, which is inside."""
    if column is not None and column.kind == "dates":
        return _date(value, last)
    whole = float(value).is_integer() and abs(value) < _INTEGERS
    if not whole:
        return f"{value:,.6g}"
    return f"{int(value)}" if column is not None and _years(column) else f"{int(value):,}"


def _kept(by: Filter, column: Column) -> NDArray[np.bool_]:
    """(n,) whether an item fulfils one condition."""
    if by.values is None:
        return _between(by, column)
    if not by.values:
        return _missing(column) if by.missing else np.zeros(len(column.values), dtype=bool)
    place = {name: code for code, name in enumerate(column.names)}
    keeps = np.zeros(len(column.names) + 1, dtype=bool)
    keeps[[place[value] for value in by.values if value in place]] = True
    keeps[-1] = by.missing
    return keeps[column.codes]


def _between(by: Filter, column: Column) -> NDArray[np.bool_]:
    numbers = column.numbers
    if numbers is None:
        raise ParameterError(
            f"{by.column!r} holds no numbers, so it has nothing from {by.low} to {by.high}.",
            "Choose some of its groups, or search its texts.",
        )
    known = ~np.isnan(numbers)
    mask = known.copy()
    if by.low is not None:
        mask &= numbers >= by.low
    if by.high is not None:
        mask &= numbers <= by.high
    return mask | ~known if by.missing else mask


def _missing(column: Column) -> NDArray[np.bool_]:
    return column.codes < 0 if column.numbers is None else np.isnan(column.numbers)


def _fits(by: Filter, column: Column) -> bool:
    bounds = [bound for bound in (by.low, by.high) if bound is not None]
    if column.pictured or not all(map(isfinite, bounds)):
        return False
    if column.kind == "dates" and any(abs(bound) >= _ERAS for bound in bounds):
        return False
    return by.values is not None or column.numbers is not None


def _span(low: str | None, high: str | None) -> str:
    if low is not None and high is not None:
        return f" {low}" if low == high else f" {low} to {high}"
    if low is not None:
        return f" from {low}"
    if high is not None:
        return f" up to {high}"
    return ": any value"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _years(column: Column) -> bool:
    """Whether numbers are years, which nobody writes with a comma."""
    numbers = column.numbers
    bins = binned(column)
    if numbers is None or bins is None or not np.isfinite(bins.low):
        return False
    return _YEARS[0] <= bins.low and bins.high <= _YEARS[1] and bins.whole


def _date(nanoseconds: float, last: bool) -> str:
    """A moment, or a day alone where it begins at midnight; the last moment of a day is that day."""
    count = round(nanoseconds)
    past = count % _DAY
    if last and _DAY - past <= _MOMENT:
        return str(pd.Timestamp(count - (count % _DAY)).date())
    if past <= _MOMENT and not last:
        return str(pd.Timestamp(count - past).date())
    return str(pd.Timestamp(count).floor("s"))
