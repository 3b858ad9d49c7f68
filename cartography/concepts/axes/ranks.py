"""Who stands at the ends of an axis, and where one item is among all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.axes.axis import Axis
from cartography.records import EmbeddingSet

__all__ = ["Ends", "ends_along", "ends_of", "percentile_of"]

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Ends:
    """The rows (k,) at the low and at the high end, outermost first, and their places (k,)."""

    low: Rows
    high: Rows
    low_places: Floats
    high_places: Floats


def ends_of(places: Floats, count: int, without: Sequence[int] | Rows = ()) -> Ends:
    """Return the `count` outermost items of (n,) places on either side, the rows in `without` left out.

    Equal places are told apart by their rows. No item is at both ends.
    """
    rows = np.flatnonzero(np.isfinite(places))
    rows = rows[~np.isin(rows, np.asarray(without, np.int64))]
    count = min(count, len(rows) // 2)
    low = _outermost(places[rows], rows, count)
    rows = rows[~np.isin(rows, low)]
    high = _outermost(-places[rows], rows, count)
    return Ends(low, high, places[low], places[high])


def _outermost(values: Floats, rows: Rows, count: int) -> Rows:
    if count == 0:
        return rows[:0]
    bound = np.partition(values, count - 1)[count - 1]
    near = np.flatnonzero(values <= bound)
    return rows[near[np.argsort(values[near], kind="stable")[:count]]]


def ends_along(embeddings: EmbeddingSet, axis: Axis, count: int) -> Ends:
    """Return who stands at the ends of an axis beside the members of its own poles."""
    return ends_of(axis.places(embeddings.vectors), count, np.concatenate([axis.low_rows, axis.high_rows]))


def percentile_of(places: Floats, row: int) -> float:
    """Return the share of the other items, from 0 to 100, that are further to the low end; equals count half."""
    known = places[np.isfinite(places)]
    if len(known) < 2 or not np.isfinite(places[row]):
        return float("nan")
    here = places[row]
    equal = int((known == here).sum()) - 1
    return 100 * (int((known < here).sum()) + equal / 2) / (len(known) - 1)
