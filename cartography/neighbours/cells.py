"""Cells that near items share: k-means on a sample, then every item looks into those whose centres are nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.neighbours.blocks import for_each

__all__ = ["Cells", "cells_of", "reduced"]

Floats = NDArray[np.float32]

_PER_CELL = 40  # sampled items that a centre is made from
_ROUNDS = 6
_ROWS = 4096
_SAMPLE = 20_000


@dataclass(frozen=True)
class Cells:
    """Items sorted by cell: places `starts[c]` to `starts[c + 1]` hold cell c's items, `order` (n,) says which.

    `probes` (n, p) are the cells whose centres are nearest to the item at each place, its own first.
    """

    order: NDArray[np.int32]
    starts: NDArray[np.int64]
    probes: NDArray[np.int32]


def reduced(points: Floats, dimensions: int, seed: int) -> Floats:
    """Return the points on their first principal axes (n, dimensions), found on a sample."""
    n = len(points)
    rng = np.random.default_rng(seed)
    sample = points if n <= _SAMPLE else points[np.sort(rng.choice(n, _SAMPLE, replace=False))]
    mean = sample.mean(axis=0)
    centred = sample - mean
    _, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    basis = np.ascontiguousarray(axes[:, ::-1][:, :dimensions], np.float32)
    out = np.empty((n, dimensions), np.float32)
    shift = mean @ basis

    def project(first: int) -> None:
        np.dot(points[first : first + _ROWS], basis, out=out[first : first + _ROWS])
        out[first : first + _ROWS] -= shift

    for_each(project, range(0, n, _ROWS), lambda _: None)
    return out


def cells_of(points: Floats, count: int, probed: int, seed: int) -> Cells:
    """Sort the points (n, d) into `count` cells; each item knows its `probed` nearest."""
    rng = np.random.default_rng(seed)
    n = len(points)
    sample = points[np.sort(rng.choice(n, min(n, _PER_CELL * count), replace=False))]
    centres = sample[rng.choice(len(sample), count, replace=False)].copy()
    for _ in range(_ROUNDS):
        centres = _middles(sample, _nearest(sample, centres, 1)[:, 0], centres, rng)
    centres = centres[np.argsort((centres - centres.mean(axis=0)) @ _first_axis(centres), kind="stable")]
    probes = _nearest(points, centres, probed)
    order = np.argsort(probes[:, 0], kind="stable").astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(np.bincount(probes[:, 0], minlength=count))]).astype(np.int64)
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
