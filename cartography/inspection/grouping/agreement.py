"""How far clusters agree with a column: which values meet which clusters, and in one number, with its baseline.

Noise is a group of its own, as in the benchmarks: leaving it out would flatter methods that give up on hard items.
Items without a value are left out, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.columns import Column
from cartography.errors import ParameterError
from cartography.inspection.grouping.cluster_table import NOISE_NAME
from cartography.inspection.grouping.given_names import cluster_names
from cartography.records import Level

__all__ = ["REST", "Agreement", "Grouped", "agreement", "cell_rows", "grouped_column"]

Labels = NDArray[np.int32]

REST = "all other"
"""What the row and the column of all that is not among the largest are called."""

_SHOWN = 12
_OTHER = -2  # the number of the rest
_STEPS = 20_000_000  # that the expectation of mutual information may take
_SAMPLE = 200_000  # items otherwise
_BINS = 8
_SHUFFLES = 10
_CELLS = 1 << 22


@dataclass(frozen=True, eq=False)
class Grouped:
    """A column as groups: `codes` (n,) into `names`, -1 for none. Numbers and dates are cut into equal shares."""

    name: str
    codes: Labels
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Agreement:
    """Clusters against the groups of a column.

    Attributes
    ----------
    table : one row per cell, largest clusters and values first, at most 12 of each and the rest: cluster and value
        (-1 is noise, -2 all other), cluster_name, value_name, items, of_cluster and of_value (shares), expected
        (items, by chance)
    ami, ari : adjusted mutual information and adjusted Rand index; chance gives 0, the same groups 1
    homogeneity, completeness : 1 where clusters hold one value each; where values lie in one cluster each
    purity, purity_by_chance : share of items whose value is the commonest in their cluster; the same, labels shuffled
    items, missing, used : how many have a value, how many have not, on how many the numbers were measured
    """

    table: pd.DataFrame
    ami: float
    ari: float
    homogeneity: float
    completeness: float
    purity: float
    purity_by_chance: float
    items: int
    missing: int
    used: int

    @property
    def words(self) -> str:
        """What came of it, each number beside its baseline."""
        sampled = f" Measured on {self.used:,} of {self.items:,} items." if self.used < self.items else ""
        missing = f" {self.missing:,} items without a value are left out." if self.missing else ""
        return (
            f"Adjusted mutual information {self.ami:.2f} and adjusted Rand index {self.ari:.2f}: chance gives 0, "
            f"equal groups 1. {self.purity:.0%} of the items have the commonest value of their cluster; shuffled, "
            f"{self.purity_by_chance:.0%} would.{sampled}{missing}"
        )


def grouped_column(column: Column) -> Grouped:
    """Return a column as groups. Raises `ParameterError` for texts that mostly differ and for pictures."""
    if column.kind in ("texts", "pictures"):
        raise ParameterError(
            f"The values of {column.name!r} mostly differ, so no group of items shares one.",
            "Compare with a column whose values come back, or with numbers or dates.",
        )
    if column.kind == "categories" or column.numbers is None:
        return Grouped(column.name, column.codes, column.names)
    known = np.isfinite(column.numbers)
    edges = (
        np.unique(np.quantile(column.numbers[known], np.linspace(0, 1, _BINS + 1))) if known.any() else np.zeros(1)
    )
    inner = edges[1:-1]
    codes = np.where(known, np.searchsorted(inner, column.numbers, side="right"), -1).astype(np.int32)
    said = [_said(edge, column.kind) for edge in edges]
    names = tuple(f"{low} – {high}" for low, high in pairwise(said)) or (said[0],)
    return Grouped(column.name, codes, names)


def agreement(level: Level, column: Grouped, *, seed: int = 0) -> Agreement:
    """Compare the clusters of a level with the groups of a column.

    All items count as long as that is quick, else a sample by the seed. Raises `ParameterError` where no item has a
    value.
    """
    known = column.codes >= 0
    own, value = level.labels[known].astype(np.int64) + 1, column.codes[known].astype(np.int64)
    if not len(own):
        raise ParameterError(f"No item has a value in {column.name!r}.", "Choose another column.")
    table = _cells(own, value, level, column)
    rng = np.random.default_rng(seed)
    items = len(own)
    fewer = min(len(np.unique(own)), len(np.unique(value)))
    if items * fewer > _STEPS and items > _SAMPLE:
        rows = np.sort(rng.choice(items, _SAMPLE, replace=False))
        own, value = own[rows], value[rows]
    ami, ari, homogeneity, completeness = _indices(own, value)
    shuffled = float(np.mean([_purity(rng.permutation(own), value) for _ in range(_SHUFFLES)]))
    return Agreement(
        table,
        ami,
        ari,
        homogeneity,
        completeness,
        _purity(own, value),
        shuffled,
        items,
        int((~known).sum()),
        len(own),
    )


def cell_rows(table: pd.DataFrame, cell: int, labels: Labels, codes: Labels) -> NDArray[np.bool_]:
    """Return which items (n,) are in a cell of the table, given by its position."""
    one = table.iloc[cell]
    met = _among(labels, int(one["cluster"]), table["cluster"]) & _among(codes, int(one["value"]), table["value"])
    return met & (codes >= 0)


def _among(own: Labels, wanted: int, shown: pd.Series) -> NDArray[np.bool_]:
    return ~np.isin(own, shown.unique()) if wanted == _OTHER else own == wanted


def _indices(own: NDArray[np.int64], value: NDArray[np.int64]) -> tuple[float, float, float, float]:
    from sklearn.metrics import (
        adjusted_mutual_info_score,
        adjusted_rand_score,
        homogeneity_completeness_v_measure,
    )

    homogeneity, completeness, _ = homogeneity_completeness_v_measure(value, own)
    ami, ari = adjusted_mutual_info_score(value, own), adjusted_rand_score(value, own)
    return float(ami), float(ari), float(homogeneity), float(completeness)


def _met(own: NDArray[np.int64], value: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Return the pairs that occur and how often."""
    width = int(value.max()) + 1
    keys = own * width + value
    if (int(own.max()) + 1) * width <= _CELLS:
        times = np.bincount(keys)
        keys = np.flatnonzero(times)
        return keys // width, keys % width, times[keys]
    keys, times = np.unique(keys, return_counts=True)
    return keys // width, keys % width, times


def _purity(own: NDArray[np.int64], value: NDArray[np.int64]) -> float:
    group, _, times = _met(own, value)
    most = np.zeros(int(group.max()) + 1, np.int64)
    np.maximum.at(most, group, times)
    return float(most.sum() / len(own))


def _cells(own: NDArray[np.int64], value: NDArray[np.int64], level: Level, column: Grouped) -> pd.DataFrame:
    called = NOISE_NAME, *cluster_names(level), REST
    clusters, at = _largest(own)
    values, met = _largest(value)
    counts = np.zeros((len(clusters), len(values)), np.int64)
    np.add.at(counts, (at, met), 1)
    grid = pd.MultiIndex.from_product([range(len(clusters)), range(len(values))]).to_frame(index=False).to_numpy()
    i, j = grid[:, 0], grid[:, 1]
    by_cluster, by_value = counts.sum(axis=1), counts.sum(axis=0)
    return pd.DataFrame(
        {
            "cluster": [clusters[one] - 1 if clusters[one] >= 0 else _OTHER for one in i],
            "value": [values[one] if values[one] >= 0 else _OTHER for one in j],
            "cluster_name": [called[clusters[one]] for one in i],
            "value_name": [(*column.names, REST)[values[one]] for one in j],
            "items": counts[i, j],
            "of_cluster": counts[i, j] / by_cluster[i],
            "of_value": counts[i, j] / by_value[j],
            "expected": by_cluster[i] * by_value[j] / len(own),
        }
    )


def _largest(groups: NDArray[np.int64]) -> tuple[list[int], NDArray[np.int64]]:
    """Return the 12 largest groups, -1 for the rest if there is one, and which of these (n,) every item is in."""
    sizes = np.bincount(groups)
    order = np.argsort(-sizes, kind="stable")
    order = order[sizes[order] > 0]
    shown = order[:_SHOWN] if len(order) > _SHOWN + 1 else order
    place = np.full(len(sizes), len(shown))
    place[shown] = np.arange(len(shown))
    rest = [-1] if len(shown) < len(order) else []
    return [*shown.tolist(), *rest], place[groups]


def _said(edge: float, kind: str) -> str:
    return str(pd.Timestamp(int(edge)).date()) if kind == "dates" else f"{edge:.4g}"
