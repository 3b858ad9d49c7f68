"""What became of the items when directions were taken out: who moved, and what can still be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cartography.columns import columns_of
from cartography.concepts.axes.axis import Axis
from cartography.concepts.removal.probes import Found, Probe, Sample, by_neighbours, by_planes, sample_of
from cartography.errors import ShapeError
from cartography.neighbours import find_neighbours
from cartography.neighbours.metrics import unit_rows
from cartography.progress import Progress, part_of, report
from cartography.records import EmbeddingSet

__all__ = ["BeforeAfter", "before_and_after"]

SAMPLE = 20_000
"""Items whose neighbours are compared at most."""
_NEIGHBOURS = 15
_MOST_GROUPS, _MOST_COLUMNS = 30, 12
_FEWEST, _FEWEST_OF_POLES = 5, 2
_MOVED = 50

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BeforeAfter:
    """The comparison of the same items before and after a removal.

    Attributes
    ----------
    kept : (m,) float32, the share of each item's 15 nearest neighbours that it has afterwards too
    rows : (m,) which items these are: all, or a sample whose neighbours are looked for among itself
    moved : the items that kept fewest, at most 50: a DataFrame indexed by item id with `row`, `kept` and `turned`,
        how far the vector itself turned as 1 - cosine
    probes : what a straight probe and what neighbours tell before and after
    notes : sentences on what was sampled and left out
    """

    kept: NDArray[np.float32]
    rows: Rows
    moved: pd.DataFrame
    probes: tuple[Probe, ...]
    notes: tuple[str, ...] = ()

    @property
    def share_kept(self) -> float:
        """The mean share of neighbours that are kept."""
        return float(self.kept.mean())

    @property
    def table(self) -> pd.DataFrame:
        """One row for each probe: what it asked for, and for either way its score before, after and by chance."""
        rows = []
        for probe in self.probes:
            row = {"name": probe.name, "kind": probe.kind, "groups": probe.groups, "items": probe.items}
            for way, found in (("linear", probe.linear), ("neighbours", probe.neighbours)):
                row |= {f"{way} before": found.before, f"{way} after": found.after, f"{way} chance": found.chance}
            rows.append({**row, "says": probe.says})
        return pd.DataFrame(rows)


def before_and_after(
    before: EmbeddingSet,
    after: EmbeddingSet,
    axes: Mapping[str, Axis] | Sequence[Axis] = (),
    columns: Sequence[str] | None = None,
    *,
    metric: str = "cosine",
    metric_before: str | None = None,
    groups: Mapping[str, tuple[ArrayLike, ArrayLike]] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> BeforeAfter:
    """Return what a removal did to items: `before` and `after` are the same, with vectors (n, d) and (n, e).

    Parameters
    ----------
    axes : are the items of their two poles still told apart? Along a column, the third of the items with the least
        numbers and the third with the most
    columns : names of columns of `before`; by default those of 2 to 30 groups, 12 at most
    metric, metric_before : under which neighbours are near afterwards and beforehand; the same by default. Under
        "cosine" a straight probe sees the vectors of `before` with length 1
    groups : more to ask for, by name: (low rows, high rows)

    Two probes are asked, for a direction taken out is gone from a straight one by construction while the rest of the
    vectors may still tell the same (Gonen and Goldberg 2019, "Lipstick on a pig"). A score below chance tells nothing
    either: where the poles' own means were made equal, those of a part of them lie on opposite sides.
    Raises `ShapeError` when the items are not as many, `ParameterError` for an unknown column.
    """
    if len(before) != len(after):
        raise ShapeError(f"There are {len(before):,} items before and {len(after):,} after; they should be the same.")
    metrics = metric_before or metric, metric
    kept, rows = _neighbours_kept(before, after, metrics, seed, part_of(progress, 0.0, 0.5))
    asked, notes = _asked(before, axes, columns, groups or {}, seed)
    probes = []
    for number, (name, kind, sample) in enumerate(asked):
        report(progress, "Asking what can still be told", 0.5 + 0.5 * number / len(asked), name)
        probes.append(_probed(name, kind, sample, before, after, metrics=metrics, seed=seed))
    report(progress, "Asking what can still be told", 1.0)
    if len(rows) < len(before):
        drawn = f"{len(rows):,} items drawn at random (seed {seed}), of {len(before):,}"
        notes.insert(0, f"Neighbours were compared among {drawn}.")
    return BeforeAfter(kept, rows, _moved(before, after, kept, rows), tuple(probes), tuple(notes))


def _neighbours_kept(
    before: EmbeddingSet, after: EmbeddingSet, metrics: tuple[str, str], seed: int, progress: Progress | None
) -> tuple[NDArray[np.float32], Rows]:
    n = len(before)
    rows = np.arange(n)
    if n > SAMPLE:
        rows = np.sort(np.random.default_rng(seed).choice(n, SAMPLE, replace=False))
    k = min(_NEIGHBOURS, len(rows) - 1)
    if k < 1:
        return np.ones(len(rows), np.float32), rows
    found = []
    for part, (one, metric) in enumerate(zip((before, after), metrics, strict=True)):
        sample = EmbeddingSet(one.vectors[rows], one.items.iloc[rows, :0])
        found.append(find_neighbours(sample, k, metric, part_of(progress, part / 2, (part + 1) / 2)).indices)
    both = np.sort(np.hstack(found), axis=1)
    return ((both[:, 1:] == both[:, :-1]).sum(axis=1) / k).astype(np.float32), rows


def _moved(before: EmbeddingSet, after: EmbeddingSet, kept: Floats, rows: Rows) -> pd.DataFrame:
    turned = np.zeros(len(rows), np.float32)
    if before.dimensions == after.dimensions:
        both = [unit_rows(one.vectors[rows]) for one in (before, after)]
        turned = (1 - np.einsum("ij,ij->i", *both)).astype(np.float32)
    first = np.lexsort((rows, -turned, kept))[:_MOVED]
    table = {"row": rows[first], "kept": kept[first], "turned": turned[first]}
    return pd.DataFrame(table, index=before.ids[rows[first]])


def _asked(
    before: EmbeddingSet,
    axes: Mapping[str, Axis] | Sequence[Axis],
    columns: Sequence[str] | None,
    groups: Mapping[str, tuple[ArrayLike, ArrayLike]],
    seed: int,
) -> tuple[list[tuple[str, str, Sample]], list[str]]:
    """What is asked for, and what is not and why."""
    listed = list(axes.values()) if isinstance(axes, Mapping) else list(axes)
    poles = [(axis.name, "axis", _ends(before, axis)) for axis in listed]
    given = [(name, "groups", [_rows(one) for one in both]) for name, both in groups.items()]
    found, notes = [], []
    for name, kind, ends in (*poles, *given):
        sample = sample_of(_apart(ends), seed, _FEWEST_OF_POLES)
        if sample is None:
            notes.append(f"{name} is not asked for: it takes two items at each end, one to learn from.")
        else:
            found.append((name, kind, sample))
    known = columns_of(before)
    chosen = [known.named(name) for name in columns] if columns is not None else known.of_kind("categories")
    for column in [one for one in chosen if 2 <= len(one.names) <= _MOST_GROUPS][:_MOST_COLUMNS]:
        rows = [np.flatnonzero(column.codes == code) for code in range(len(column.names))]
        sample = sample_of(rows, seed, _FEWEST)
        if sample is not None:
            found.append((column.name, "column", sample))
    left = len(chosen) - sum(kind == "column" for _, kind, _ in found)
    if left:
        notes.append(f"{left} columns are not asked for: they have too many groups, or too few items in them.")
    return found, notes


def _ends(before: EmbeddingSet, axis: Axis) -> list[Rows]:
    """The items at the two ends of an axis: its poles, or the third with the least numbers and that with the most."""
    if axis.spec.has_poles:
        return [axis.low_rows, axis.high_rows]
    numbers = columns_of(before).named(str(axis.spec.column)).numbers
    assert numbers is not None, "the axis was found along it"  # noqa: S101
    known = numbers[np.isfinite(numbers)]
    low, high = np.quantile(known, (1 / 3, 2 / 3))
    return [np.flatnonzero(numbers <= low), np.flatnonzero(numbers >= high)]


def _apart(ends: list[Rows]) -> list[Rows]:
    """The rows of two ends, each once, without those that are in both."""
    shared = np.intersect1d(ends[0], ends[1])
    return [np.setdiff1d(rows, shared) for rows in ends]


def _rows(given: ArrayLike) -> Rows:
    rows = np.asarray(given)
    return np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64)


def _probed(
    name: str,
    kind: str,
    sample: Sample,
    before: EmbeddingSet,
    after: EmbeddingSet,
    *,
    metrics: tuple[str, str],
    seed: int,
) -> Probe:
    labellings = sample.labellings(seed)
    old, new = before.vectors[sample.rows], after.vectors[sample.rows]
    straight = unit_rows(old) if metrics[0] == "cosine" else old
    return Probe(
        name,
        kind,
        sample.groups,
        len(sample.rows),
        _found(by_planes(straight, sample, labellings), by_planes(new, sample, labellings)),
        _found(*(by_neighbours(one, sample, labellings, m) for one, m in zip((old, new), metrics, strict=True))),
    )


def _found(before: NDArray[np.float64], after: NDArray[np.float64]) -> Found:
    """The first of each is of the true labels, the others of shuffled ones."""
    tops = [float(np.percentile(one[1:], 95)) for one in (before, after)]
    return Found(float(before[0]), float(after[0]), float(after[1:].mean()), tops[1], tops[0])
