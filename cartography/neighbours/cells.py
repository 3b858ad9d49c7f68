"""Cells that near items share: k-means on a sample, then every item looks into those whose centres are nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each
from cartography.principal_axes import principal_axes

__all__ = ["SAMPLE", "WIDE", "Cells", "Shadow", "cells_of", "sampled"]

Floats = NDArray[np.float32]

_PER_CELL = 40  # sampled items that a centre is made from
_ROUNDS = 4
_ROWS = 4096
SAMPLE = 10_000
"""Items that principal axes are found from."""
_FEW = (96, 128, 160)  # dimensions in which candidates are looked for
_HELD = 0.85  # of the variance, which those should hold
WIDE = 124
"""Dimensions above which fewer are worth the trouble."""


@dataclass(frozen=True)
class Cells:
    """Items sorted by cell: places `starts[c]` to `starts[c + 1]` hold cell c's items, `order` (n,) says which.

    `probes` (n, p) are the cells whose centres are nearest to the item at each place, its own first.
    """

    order: NDArray[np.int32]
    starts: NDArray[np.int64]
    probes: NDArray[np.int32]


@dataclass(frozen=True)
class Shadow:
    """Fewer dimensions: the first principal axes (d, few).

    Nothing is taken away, so that a point's length and that of its shadow tell how long the rest is.
    """

    basis: Floats

    @classmethod
    def of(cls, sample: Floats) -> Shadow:
        """Choose as many axes as hold enough of the sample's variance."""
        _, axes, shares = principal_axes(sample, _FEW[-1])
        enough = int(np.searchsorted(np.cumsum(shares), _HELD)) + 1
        few = next((count for count in _FEW if count >= enough), _FEW[-1])
        return cls(np.ascontiguousarray(axes[:few].T))

    def __call__(self, points: Floats) -> Floats:
        """Return the points (m, d) in fewer dimensions (m, few)."""
        return points @ self.basis


def sampled(n: int, most: int, seed: int) -> NDArray[np.int64]:
    """Return at most `most` of n rows, in order."""
    return np.sort(np.random.default_rng(seed).choice(n, min(n, most), replace=False))


def cells_of(points: Floats, queries: Floats, count: int, probed: int, seed: int) -> Cells:
    """Sort the points (n, d) into `count` cells; each item, by its query, knows its `probed` nearest."""
    rng = np.random.default_rng(seed)
    n = len(points)
    sample = points[sampled(n, _PER_CELL * count, seed)]
    centres = sample[rng.choice(len(sample), count, replace=False)].copy()
    for _ in range(_ROUNDS):
        centres = _middles(sample, _nearest(sample, centres, 1)[:, 0], centres, rng)
    centres = centres[np.argsort((centres - centres.mean(axis=0)) @ _first_axis(centres), kind="stable")]
    probes = _nearest(queries, centres, probed)
    homes = probes[:, 0] if queries is points else _nearest(points, centres, 1)[:, 0]
    order = np.argsort(homes, kind="stable").astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(homes, minlength=count))]).astype(np.int64)
    return Cells(order, starts, probes[order])


def _nearest(points: Floats, centres: Floats, count: int) -> NDArray[np.int32]:
    """Return the `count` nearest centres of every point, nearest first."""
    from cartography.kernels.neighbour_search import push

    n = len(points)
    found, rank = np.zeros((n, count), np.int32), np.full((n, count), np.inf, np.float32)
    lengths = np.einsum("ij,ij->i", centres, centres)

    def assign(first: int) -> None:
        part = points[first : first + _ROWS]
        best, measure = found[first : first + _ROWS], rank[first : first + _ROWS]
        offered = np.arange(len(part), dtype=np.int32)
        nearest = np.zeros((len(part), count), np.int32)
        push(part @ centres.T, lengths, offered, n, nearest, measure)  # from n on: no centre is taken for the item
        best[:] = nearest - n

    for_each(assign, range(0, n, _ROWS), lambda _: None)
    return found


def _middles(sample: Floats, homes: NDArray[np.int32], centres: Floats, rng: np.random.Generator) -> Floats:
    """The mean of each cell; an empty cell starts again at a random item."""
    counts = np.bincount(homes, minlength=len(centres))
    order = np.argsort(homes, kind="stable")
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]])
    full = counts > 0
    middles = centres.copy()
    middles[full] = np.add.reduceat(sample[order], begins[full], axis=0) / counts[full, None]
    empty = np.flatnonzero(~full)
    if len(empty):
        middles[empty] = sample[rng.choice(len(sample), len(empty))]
    return middles.astype(np.float32)


def _first_axis(centres: Floats) -> Floats:
    """The direction in which the centres differ most, by power iteration."""
    centred = centres - centres.mean(axis=0)
    axis = np.ones(centres.shape[1], np.float32)
    for _ in range(30):
        axis = centred.T @ (centred @ axis)
        axis /= np.linalg.norm(axis) or 1.0
    return axis
