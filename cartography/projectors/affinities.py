"""t-SNE's affinities: how likely an item is to choose another as its neighbour (van der Maaten and Hinton 2008)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cartography.neighbours.blocks import for_each
from cartography.records import NeighbourGraph

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["affinities"]

_STEPS = 50
_ROWS = 8192
_STEEPEST = 1e200  # reached only where all neighbours are equally far
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
        chances[part] = _chances(graph.distances[part].astype(np.float64), target)

    for_each(measure, range(0, n, _ROWS), lambda _: None)
    one_way = csr_array((chances.ravel(), graph.indices.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    both = csr_array(one_way + one_way.T)
    both.data /= 2 * n
    both.sort_indices()
    return both


def _chances(distances: NDArray[np.float64], target: float) -> NDArray[np.float64]:
    """Rows (m, k) that sum to 1 and whose entropy is `target`, by bisection on the precision."""
    squared = distances**2
    squared -= squared[:, :1]
    typical = np.maximum(squared.mean(axis=1), 1e-300)
    precision, low, high = 1 / typical, np.zeros(len(squared)), np.full(len(squared), np.inf)
    for _ in range(_STEPS):
        weights = np.exp(-squared * precision[:, None])
        sums = weights.sum(axis=1)
        entropy = np.log(sums) + precision * (squared * weights).sum(axis=1) / sums
        off = entropy - target
        if (np.abs(off) < _CLOSE).all():
            break
        low, high = np.where(off > 0, precision, low), np.where(off > 0, high, precision)
        precision = np.where(np.isinf(high), np.minimum(precision * 2, _STEEPEST), (low + high) / 2)
    return weights / sums[:, None]
