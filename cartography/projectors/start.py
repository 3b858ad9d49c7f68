"""Where a layout begins: small and centred, the same for every run of a seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cartography.principal_axes import principal_axes
from cartography.projectors.base import Task

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["STARTS", "first_coordinates", "spread_from"]

Floats = NDArray[np.float32]

STARTS = ("pca", "landmarks", "random")
_SAMPLE = 10_000  # rows that the axes are computed from
_ROUNDS = 12
_ROWS = 16_384


def first_coordinates(task: Task, spread: float, start: str = "pca", dimensions: int = 2) -> Floats:
    """Return (n, dimensions) float32 whose largest standard deviation is `spread`.

    `task.start` wins when it is given. "pca" takes the principal components, which keeps the large-scale order of the
    space (Kobak and Linderman 2021); "random" takes nothing at all. A trace of noise drawn from the seed parts items
    that would lie on one spot.
    """
    rng = np.random.default_rng(task.seed)
    n = len(task.embeddings)
    if task.start is not None:
        begin = task.start - task.start.mean(axis=0)
    elif start == "random":
        begin = rng.normal(size=(n, dimensions))
    else:
        mean, axes, _ = principal_axes(task.embeddings.vectors, dimensions, task.seed, most=_SAMPLE)
        vectors = task.embeddings.vectors
        begin = np.vstack([vectors[at : at + _ROWS] @ axes.T for at in range(0, n, _ROWS)]) - mean @ axes.T
    missing = dimensions - begin.shape[1]
    if missing > 0:
        begin = np.column_stack([begin, np.zeros((n, missing))])
    return scaled(begin, spread, rng)


def scaled(points: NDArray[np.floating], spread: float, rng: np.random.Generator) -> Floats:
    """Return the points with `spread` as their largest standard deviation, parted by a trace of noise."""
    widest = float(points.std(axis=0).max()) or 1.0
    noise = rng.normal(0, spread * 1e-3, size=points.shape)
    return np.asarray(points * (spread / widest) + noise, dtype=np.float32)


def spread_from(strengths: csr_array, landmarks: NDArray[np.int64], placed: Floats, otherwise: Floats) -> Floats:
    """Return coordinates (n, c) of all items, from those `placed` (m, c) of some `landmarks`.

    In every round an item moves to the middle of its neighbours, weighted by `strengths`, and landmarks stay where
    they are: the harmonic extension (Zhu, Ghahramani and Lafferty 2003). What no landmark reaches keeps `otherwise`.
    """
    n = len(otherwise)
    points = np.zeros_like(otherwise)
    known = np.zeros(n, np.float32)
    points[landmarks], known[landmarks] = placed, 1
    for _ in range(_ROUNDS):
        weight = strengths @ known
        reached = weight > 0
        moved = strengths @ (points * known[:, None])
        points[reached] = moved[reached] / weight[reached, None]
        known[reached] = 1
        points[landmarks] = placed
    points[known == 0] = otherwise[known == 0]
    return points
