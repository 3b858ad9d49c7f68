"""Where a new point stands on a map, from its nearest items alone; and how much each of them has to say about it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["PLACED_BY", "between", "closeness"]

PLACED_BY = 5
"""How many nearest items place a new point: with more of them it is drawn away from its own kind."""
_REACH = 3.0  # times the distance from the middle neighbour to the one next to it: further off, none has a say
_TINY = 1e-30
_ROWS = 16_384


def closeness(distances: ArrayLike) -> NDArray[np.float64]:
    """Return weights (m, k) that sum to 1 for neighbours at `distances` (m, k), nearest first.

    They fall off as exp(-(distance - nearest) / s), where s is the mean excess of the k distances over the nearest,
    but at most twice the nearest: so the nearer a point comes to being a copy of an item, the more that item alone
    counts, and copies alone in the end.
    """
    given = np.asarray(distances, np.float64)
    nearest = given[:, :1]
    excess = given - nearest
    scale = np.minimum(excess.mean(axis=1, keepdims=True), 2 * np.abs(nearest))
    weights = np.exp(-excess / np.maximum(scale, _TINY))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float64)


def between(
    coordinates: NDArray[np.float32], rows: NDArray[np.integer], distances: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Return places (m, c) float32 for points whose nearest items are `rows` (m, k) at `distances`, nearest first.

    Where the map has torn the neighbours apart, their mean would lie in between, near none of them. So of the first
    five the one in the middle is taken, the weighted medoid, and the mean of those that stand by it. An exact copy of
    an item stands on it.
    """
    k = min(PLACED_BY, rows.shape[1])
    placed = np.empty((len(rows), coordinates.shape[1]), np.float32)
    for first in range(0, len(rows), _ROWS):
        part = slice(first, first + _ROWS)
        weights = closeness(distances[part, :k])
        placed[part] = _middle(coordinates[rows[part, :k]].astype(np.float64), weights)
    return placed


def _middle(places: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean (m, c) of those of the `places` (m, k, c) that stand by their weighted medoid."""
    apart = np.sqrt(np.square(places[:, :, None] - places[:, None]).sum(axis=3))
    medoid = np.einsum("ij,ikj->ik", weights, apart).argmin(axis=1)
    away = apart[np.arange(len(places)), medoid]
    next_to_it = np.sort(away, axis=1)[:, min(1, away.shape[1] - 1), None]
    kept = np.where(away <= _REACH * next_to_it, weights, 0.0)
    kept[np.arange(len(places)), medoid] += _TINY  # so that something is left whatever the weights
    return np.asarray(np.einsum("ij,ijk->ik", kept / kept.sum(axis=1, keepdims=True), places), np.float64)
