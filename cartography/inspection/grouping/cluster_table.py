"""What can be said of every cluster of a level in one line: how large, how dense, how much of one kind, how apart.

Nothing here depends on the scale of the vectors:

* density: how far the typical item of all is from its k-th neighbour, over how far the typical item of the cluster is
  from its own; 2 means neighbours half as far away.
* cohesion: 1 - the mean squared distance between two items of the cluster / the same between any two items. 0 is as
  loose as everything, 1 all alike. Under cosine it compares how far mean similarities are below 1.
* separation: the share of an item's nearest neighbours that are in its cluster, less what chance would put there,
  over what would be left. 0 is chance, 1 no neighbour outside.

Density and separation go by the neighbour graph; without one, by neighbours on the map, and that is said. Where there
are many items, some of each cluster stand for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.columns import Column
from cartography.inspection.grouping.dominant import Dominant, dominant_values
from cartography.inspection.grouping.given_names import cluster_names
from cartography.medoids import members
from cartography.neighbours.metrics import unit_rows
from cartography.records import Level, NeighbourGraph

__all__ = ["NOISE_NAME", "Around", "ClusterTable", "cluster_table", "clusters_sentence"]

NOISE_NAME = "Noise"
"""What the row of items that are in no cluster is called."""

Rows = NDArray[np.intp]
Doubles = NDArray[np.float64]

_MEMBERS = 2_000  # of a cluster that are looked at
_LOOKED_AT = 60_000  # of all clusters together
_NUMBERS = 1 << 23  # read of the vectors
_NEIGHBOURS = 15
_TYPICAL = 4_000  # items that say what is usual
_ROUNDING = 1e-16  # of the mean squared length: what items are apart by less is rounding


@dataclass(frozen=True, eq=False)
class Around:
    """Who is near whom: a graph of the original space, or places (n, 2) on the map to look for neighbours on."""

    graph: NeighbourGraph | None
    places: NDArray[np.float32]

    @property
    def space(self) -> str:
        """Where neighbours are looked for."""
        return "original" if self.graph is not None and self.graph.n_neighbors else "map"

    def of(self, rows: Rows) -> tuple[NDArray[np.integer], Doubles]:
        """Return up to 15 neighbours (m, k) of these items, and how far (m,) the last of them is."""
        if self.graph is not None and self.graph.n_neighbors:
            k = min(_NEIGHBOURS, self.graph.n_neighbors)
            return self.graph.indices[rows, :k], self.graph.distances[rows, k - 1].astype(np.float64)
        from scipy.spatial import cKDTree

        k = min(_NEIGHBOURS, len(self.places) - 1)
        if k < 1:
            return np.empty((len(rows), 0), np.int64), np.zeros(len(rows))
        apart, near = cKDTree(self.places).query(self.places[rows], k + 1, workers=-1)
        own = near == rows[:, None]
        own[~own.any(axis=1), k] = True  # items that lie on many others
        return near[~own].reshape(len(rows), k), apart[:, k]


@dataclass(frozen=True, eq=False)
class ClusterTable:
    """One row per cluster of a level, the row of noise last where there is some.

    `rows` has the columns cluster (-1 is noise), name, size, share, density, cohesion, separation, persistence (NaN
    where unknown) and mostly, which says what is over-represented most; `dominant[i]` lists such values of row i, one
    a column. `notes` say what was sampled and where it was measured.
    """

    rows: pd.DataFrame
    dominant: tuple[tuple[Dominant, ...], ...]
    notes: tuple[str, ...]


def cluster_table(
    level: Level,
    vectors: NDArray[np.float32],
    around: Around,
    columns: Sequence[Column] = (),
    *,
    metric: str = "cosine",
) -> ClusterTable:
    """Describe every cluster of a level; `vectors` (n, d) are the original space, compared by `metric`.

    Under half a second for a million items, given a graph and columns that were read before.
    """
    labels, count, n = level.labels, level.count, len(level.labels)
    sizes = np.bincount(labels + 1, minlength=count + 1)
    rows, starts = members(_short(labels + 1, count), _most(count + 1))
    starts = np.concatenate([starts, np.full(count + 2 - len(starts), starts[-1])])
    density, separation = _near(labels, sizes, rows, starts, around)
    cohesion = _cohesion(vectors, rows, starts, metric)
    dominant = dominant_values(labels, count, columns)
    persistence = np.full(count + 1, np.nan)
    if level.persistence is not None:
        persistence[1:] = level.persistence
    table = pd.DataFrame(
        {
            "cluster": np.arange(-1, count),
            "name": [NOISE_NAME, *cluster_names(level)],
            "size": sizes,
            "share": sizes / max(n, 1),
            "density": density,
            "cohesion": cohesion,
            "separation": separation,
            "persistence": persistence,
            "mostly": [max(found).words if found else "" for found in dominant],
        }
    )
    table.loc[0, ["cohesion", "separation"]] = np.nan
    order = [*(np.argsort(-sizes[1:], kind="stable") + 1), *([0] if sizes[0] else [])]
    table = table.iloc[order].reset_index(drop=True)
    return ClusterTable(table, tuple(dominant[one] for one in order), _notes(len(rows), n, around))


def clusters_sentence(level: Level, title: str, space: str) -> str:
    """Say how many clusters there are, by which method, in which space, and how many items are noise."""
    noise, n = int((level.labels < 0).sum()), len(level.labels)
    where = "on the map" if space == "map" else "in the original space"
    clusters = "1 cluster" if level.count == 1 else f"{level.count:,} clusters"
    left = "every item is in one" if not noise else f"{noise:,} of {n:,} items ({noise / n:.1%}) are noise"
    return f"{clusters} by {title}, computed {where}; {left}."


def _short(groups: NDArray[np.int32], count: int) -> NDArray[np.integer]:
    return groups.astype(np.int16) if count < 2**15 - 1 else groups  # sorted in one pass


def _most(count: int) -> int:
    return int(np.clip(_LOOKED_AT // count, 8, _MEMBERS))


def _notes(looked_at: int, n: int, around: Around) -> tuple[str, ...]:
    notes = []
    if looked_at < n:
        notes.append(f"Density, cohesion and separation are measured on {looked_at:,} of {n:,} items.")
    if around.space == "map":
        notes.append("No neighbours in the original space are known: density and separation are measured on the map.")
    return tuple(notes)


def _near(
    labels: NDArray[np.int32], sizes: NDArray[np.int64], rows: Rows, starts: Rows, around: Around
) -> tuple[Doubles, Doubles]:
    """Return density and separation (count + 1,) of every group, noise first."""
    n = len(labels)
    typical = np.arange(0, n, max(1, n // _TYPICAL))
    near, reach = around.of(np.concatenate([rows, typical]))
    usual = float(np.median(reach[len(rows) :]))
    own = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    density = _ratio(usual, _medians(reach[: len(rows)], own, starts))
    stays = (labels[near[: len(rows)]] == labels[rows, None]).mean(axis=1) if near.shape[1] else np.zeros(len(rows))
    inside = _means(stays, own, len(sizes))
    chance = (sizes - 1) / max(n - 1, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        separation = np.where(chance < 1, (inside - chance) / (1 - chance), np.nan)
    return density, separation


def _ratio(usual: float, reach: Doubles) -> Doubles:
    """Return usual / reach; items without any distance between them are as dense as can be."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((reach == 0) & (usual == 0), 1.0, usual / reach)


def _medians(values: Doubles, own: Rows, starts: Rows) -> Doubles:
    """Return the median of each group of values, NaN where it is empty."""
    ordered = values[np.lexsort((values, own))]
    sizes = np.diff(starts)
    middle = np.minimum(starts[:-1] + sizes // 2, max(len(values) - 1, 0))
    lower = np.minimum(starts[:-1] + np.maximum(sizes - 1, 0) // 2, max(len(values) - 1, 0))
    return np.where(sizes > 0, (ordered[middle] + ordered[lower]) / 2, np.nan)


def _means(values: Doubles, own: Rows, count: int) -> Doubles:
    sizes = np.bincount(own, minlength=count)
    with np.errstate(invalid="ignore"):
        return np.bincount(own, values, count) / np.where(sizes > 0, sizes, np.nan)


def _cohesion(vectors: NDArray[np.float32], rows: Rows, starts: Rows, metric: str) -> Doubles:
    """Return the cohesion (count + 1,) of every group; NaN for those of one item."""
    most = max(4, _NUMBERS // ((len(starts) - 1) * vectors.shape[1]))
    place = np.arange(len(rows)) - np.repeat(starts[:-1], np.diff(starts))
    sizes = np.diff(starts)
    step = np.repeat(-(-sizes // most), sizes)
    some = place % np.maximum(step, 1) == 0
    kept = np.concatenate([[0], np.cumsum(some)])[starts]
    typical = np.arange(0, len(vectors), max(1, len(vectors) // _TYPICAL))
    typical = typical[: max(2, _NUMBERS // vectors.shape[1])]
    whole = _spreads(vectors[typical], np.array([0, len(typical)]), metric)[0]
    inside = _spreads(vectors[rows[some]], kept, metric)
    if not whole > 0:
        return np.where(np.isfinite(inside), 1.0, np.nan)
    return 1 - inside / whole


def _spreads(points: NDArray[np.float32], starts: Rows, metric: str) -> Doubles:
    """Return the mean squared distance between two points of every stretch; NaN where there are not two."""
    points = unit_rows(points) if metric == "cosine" else points
    lengths = float(np.einsum("ij,ij->", points, points, dtype=np.float64)) / max(len(points), 1)
    points = points - points.mean(axis=0, dtype=np.float64).astype(np.float32)
    sizes = np.diff(starts)
    filled = np.flatnonzero(sizes > 0)
    sums = np.zeros((len(sizes), points.shape[1]))
    squares = np.zeros(len(sizes))
    if len(filled):
        sums[filled] = np.add.reduceat(points, starts[filled], axis=0, dtype=np.float64)
        squares[filled] = np.add.reduceat(np.einsum("ij,ij->i", points, points, dtype=np.float64), starts[filled])
    with np.errstate(invalid="ignore", divide="ignore"):
        within = squares - np.einsum("ij,ij->i", sums, sums) / sizes
        found = np.where(sizes > 1, 2 * np.maximum(within, 0) / (sizes - 1), np.nan)
    found[found <= _ROUNDING * lengths] = 0
    return found
