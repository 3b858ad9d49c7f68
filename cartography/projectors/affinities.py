"""t-SNE's affinities: how likely an item is to choose another as its neighbour (van der Maaten and Hinton 2008)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each
from cartography.records import NeighbourGraph

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["affinities"]

Floats = NDArray[np.float32]

_STEPS = 50
_ROWS = 8192
_STEEPEST = np.float32(1e12)  # times the mean squared distance; reached only where all neighbours are equally far
_MARGIN = np.float32(1.02)  # a step to the very edge might be undone by the next
_CLOSE = 1e-4  # of the entropy's logarithm


def affinities(graph: NeighbourGraph, perplexity: float) -> csr_array:
    """Return the symmetric (n, n) matrix p_ij, float32, which sums to 1.

    Each item's Gaussian is as wide as makes its perplexity the one asked for, or, where the graph holds too few
    neighbours for that, as wide as makes them all count.
    """
    from scipy.sparse import csr_array

    n, k = graph.indices.shape
    target = np.log(min(perplexity, 0.98 * k))
    chances = np.empty((n, k), np.float32)

    def measure(first: int) -> None:
        part = slice(first, first + _ROWS)
        chances[part] = _chances(graph.distances[part], target)

    for_each(measure, range(0, n, _ROWS), lambda _: None)
    one_way = csr_array((chances.ravel(), graph.indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    both = csr_array(one_way + one_way.T)
    both.data /= 2 * n
    both.sort_indices()
    return both


def _chances(distances: Floats, target: float) -> Floats:
    """Rows (m, k) that sum to 1 and whose entropy is `target`: Newton's steps on the logarithm of the precision.

    A step that leaves the interval known to hold the answer is replaced by halving it.
    """
    squared = distances**2
    squared -= squared[:, :1]
    squared /= np.maximum(squared.mean(axis=1, keepdims=True), np.float32(1e-30))
    precision = np.ones(len(squared), np.float32)
    low, high = np.zeros(len(squared), np.float32), np.full(len(squared), _STEEPEST, np.float32)
    for _ in range(_STEPS):
        weights = np.exp(-squared * precision[:, None])
        weights /= weights.sum(axis=1, keepdims=True)
        mean = np.einsum("ij,ij->i", squared, weights)
        off = np.log1p(1 / weights[:, 0] - 1) + precision * mean - target  # the first weight is 1 / sum
        if (np.abs(off) < _CLOSE).all():
            break
        low, high = np.where(off > 0, precision, low), np.where(off > 0, high, precision)
        spread = np.einsum("ij,ij,ij->i", squared, squared, weights) - mean**2
        slope = np.maximum(precision**2 * spread, 1e-12)
        wanted = precision * np.exp(np.clip(off / slope, -1, 1))
        inside = (wanted > low * _MARGIN) & (wanted < high / _MARGIN)
        precision = np.where(inside, wanted, np.where(high < _STEEPEST, (low + high) / 2, precision * 4))
        precision = np.minimum(precision, _STEEPEST).astype(np.float32)
    return weights
