"""UMAP's fuzzy graph: how strongly two items belong together (McInnes, Healy and Melville 2018, section 3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cartography.blocks import for_each
from cartography.records import NeighbourGraph

__all__ = ["curve", "memberships", "united"]

Floats = NDArray[np.float32]

_ROWS = 8192
_STEPS = 40  # at most; about ten do
_CLOSE = 1e-4


def memberships(graph: NeighbourGraph) -> csr_array:
    """Return the symmetric (n, n) matrix of membership strengths in 0..1, float32, sorted rows.

    Each item is tied with strength 1 to its nearest neighbour; strengths fall off exponentially, at a rate at
    which they sum to log2(k + 1). Two one-way ties p and q become p + q - pq.
    """
    n, k = graph.indices.shape
    strengths = np.empty((n, k), np.float32)

    def measure(first: int) -> None:
        part = slice(first, first + _ROWS)
        strengths[part] = _strengths(graph.distances[part])

    for_each(measure, range(0, n, _ROWS), lambda _: None)
    one_way = csr_array((strengths.ravel(), graph.indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    return united(one_way)


def united(one_way: csr_array) -> csr_array:
    """Join two one-way ties p and q into p + q - pq, in a symmetric matrix with sorted rows."""
    both = one_way.T.tocsr()
    joined = csr_array(one_way + both - one_way.multiply(both))
    joined.sort_indices()
    joined.eliminate_zeros()
    return joined


def _strengths(distances: Floats) -> Floats:
    """Rows (m, k) of exp(-excess / scale), each scale such that they sum to log2(k + 1).

    The sum is convex in 1 / scale, so that Newton's steps from 0 come near from one side and never leap beyond.
    """
    k = distances.shape[1]
    excess = np.maximum(distances - distances[:, :1], 0)
    target = np.float32(np.log2(k + 1))
    most = (1 / np.maximum(1e-3 * distances.mean(axis=1), 1e-12)).astype(np.float32)
    inverse = np.zeros(len(distances), np.float32)
    strengths = np.ones_like(excess)
    for _ in range(_STEPS):
        above = strengths.sum(axis=1) - target
        if (np.abs(above[inverse < most]) < _CLOSE).all():
            break
        slope = np.einsum("ij,ij->i", excess, strengths)
        step = above / np.maximum(slope, 1e-30)
        inverse = np.minimum(np.maximum(inverse + step, 0), most)
        strengths = np.exp(-excess * inverse[:, None])
    return strengths


def curve(min_dist: float, spread: float) -> tuple[float, float]:
    """Return a and b of 1 / (1 + a d^2b), fitted to stay 1 up to `min_dist` and to fall off over `spread`.

    Least squares on 300 distances, by damped Gauss-Newton steps on log a and b.
    """
    d = np.linspace(0, spread * 3, 300)[1:]
    wanted = np.where(d < min_dist, 1.0, np.exp(-(d - min_dist) / spread))
    log_d = np.log(d)
    at = np.array([0.0, 1.0])
    damping, error = 1e-3, np.inf
    for _ in range(100):
        power = np.exp(at[0] + 2 * at[1] * log_d)
        off = 1 / (1 + power) - wanted
        if off @ off < error:
            best, error, damping = at, float(off @ off), damping / 4
            slope = -power / (1 + power) ** 2
            jacobian = np.stack([slope, 2 * log_d * slope], axis=1)
            normal, pull = jacobian.T @ jacobian, jacobian.T @ off
        else:
            damping *= 8
        at = best - np.linalg.solve(normal + damping * np.diag(np.diag(normal)), pull)
    return float(np.exp(best[0])), float(best[1])
