"""Which columns of the items an axis goes with: by ranks for numbers, by the correlation ratio for groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.columns import Column, columns_of
from cartography.concepts.axes.axis import Axis
from cartography.concepts.evidence.bench import Bench
from cartography.concepts.evidence.places import Sample, ranks
from cartography.inspection.borders.scores import auc_of
from cartography.inspection.explain.quantities import only_names_items
from cartography.progress import Progress, report

__all__ = ["column_strengths"]

_ROWS = 10_000  # items whose places are ranked
_FEWEST = 10  # items that have a value
_COLUMNS = ["kind", "strength", "chance", "detail", "tells"]

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Places:
    """Where items (m,) by their rows are: on the axis first, then on R random ones, (m, 1 + R); and their ranks."""

    rows: Rows
    values: Floats
    ranks: Floats


def column_strengths(bench: Bench, left_out: frozenset[str], progress: Progress | None = None) -> pd.DataFrame:
    """Return the table of `AxisEvidence.columns` on at most 10,000 items, without columns `left_out`."""
    columns = columns_of(bench.embeddings)
    names = [name for name in columns if name not in left_out]
    found: dict[str, tuple[object, ...]] = {}
    if names:
        places = _placed(bench.axis, bench.sample, bench.lists.directions)
        for number, name in enumerate(names):
            report(progress, "Asking the columns", number / len(names), name)
            row = _row(columns[name], bench.axis, places)
            if row is not None:
                found[name] = row
    table = pd.DataFrame.from_dict(found, orient="index", columns=_COLUMNS)
    table.index = pd.Index(table.index.astype(str), name="column")
    numbers = dict.fromkeys(("strength", "chance", "tells"), float)
    return table.astype(numbers).sort_values("strength", ascending=False, kind="stable")


def _placed(axis: Axis, sample: Sample, random: Numbers) -> _Places:
    count, s = min(_ROWS, len(sample.rows)), len(sample.rows)
    drawn = np.arange(s) if count == s else np.sort(np.random.default_rng(0).choice(s, count, replace=False))
    points = sample.points[drawn]
    values = points @ np.vstack([axis.direction[None], random]).T.astype(np.float32)
    return _Places(sample.rows[drawn], values, _ranked(values))


def _ranked(values: Floats) -> Floats:
    """Ranks of every column; equal places are of no matter among directions drawn at random."""
    order = np.argsort(np.ascontiguousarray(values.T), axis=1)
    found = np.empty(order.shape, np.float32)
    np.put_along_axis(found, order, np.arange(values.shape[0], dtype=np.float32)[None], axis=1)
    return found.T


def _row(column: Column, axis: Axis, places: _Places) -> tuple[object, ...] | None:
    """Its kind, strength, chance, detail, and how well it tells the poles apart; None where it says nothing."""
    if column.kind in ("numbers", "dates") and not only_names_items(column):
        return _number_row(column, axis, places)
    if column.kind == "categories":
        return _group_row(column, axis, places)
    return None


def _number_row(column: Column, axis: Axis, places: _Places) -> tuple[object, ...] | None:
    numbers = column.numbers
    assert numbers is not None, "of such a kind"  # noqa: S101
    known = np.flatnonzero(np.isfinite(numbers[places.rows]))
    here = numbers[places.rows[known]]
    if len(known) < _FEWEST or here.min() == here.max():
        return None
    own = ranks(here[:, None])[:, 0]
    exact = float(own @ ranks(places.values[known, :1].astype(np.float64))[:, 0])
    others = places.ranks[known, 1:].astype(np.float64)
    others -= others.mean(axis=0)
    chance = np.abs(own @ others) / np.maximum(np.linalg.norm(others, axis=0), 1e-12)
    detail = f"{'rises' if exact > 0 else 'falls'} from {axis.ends[0]!r} to {axis.ends[1]!r}"
    return column.kind, abs(exact), _most(chance), detail, _tells(axis, numbers)


def _group_row(column: Column, axis: Axis, places: _Places) -> tuple[object, ...] | None:
    codes = column.codes[places.rows]
    known = np.flatnonzero(codes >= 0)
    names, inside, counts = np.unique(codes[known], return_inverse=True, return_counts=True)
    if len(known) < _FEWEST or not 1 < len(names) <= len(known) // 2:
        return None
    values = places.values[known].astype(np.float64)
    values -= values.mean(axis=0)
    order = np.argsort(inside, kind="stable")
    sums = np.add.reduceat(values[order], np.concatenate([[0], np.cumsum(counts)[:-1]]), axis=0)
    between = (sums**2 / counts[:, None]).sum(axis=0)
    total = np.maximum(np.einsum("ij,ij->j", values, values), 1e-12)
    ratios = _ratios(between / total, len(known), len(names))
    means = sums[:, 0] / counts
    often = np.flatnonzero(counts >= min(max(2, 0.01 * len(known)), counts.max()))
    low, high = (column.names[names[often[pick(means[often])]]] for pick in (np.argmin, np.argmax))
    of_group = np.full(len(column.names) + 1, np.nan)
    of_group[names] = means
    detail = f"lowest for {low!r}, highest for {high!r}"
    return column.kind, float(ratios[0]), _most(ratios[1:]), detail, _tells(axis, of_group[column.codes])


def _ratios(between: Numbers, items: int, groups: int) -> Numbers:
    """Correlation ratios from the shares of variance between groups, less what so many groups explain by chance.

    Kelley's epsilon: otherwise a column that divides the groups of another one would always be the stronger.
    """
    open_still = (1 - between) * (items - 1) / (items - groups)
    return np.sqrt(np.clip(1 - open_still, 0, 1))


def _most(chance: Numbers) -> float:
    return float(np.quantile(chance, 0.95)) if len(chance) else 0.0


def _tells(axis: Axis, numbers: Numbers) -> float:
    high, low = (_finite(numbers[rows]) for rows in (axis.high_rows, axis.low_rows))
    if not len(high) or not len(low):
        return float("nan")
    auc = auc_of(high, low)
    return max(auc, 1 - auc)


def _finite(numbers: Numbers) -> Numbers:
    return numbers[np.isfinite(numbers)]
