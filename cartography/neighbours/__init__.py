"""Vectors -> NeighbourGraph: computed once in the original space, then used by every other stage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.errors import unknown_name
from cartography.neighbours.approximate import approximate_neighbours, more_neighbours
from cartography.neighbours.exact import exact_neighbours
from cartography.neighbours.metrics import METRICS
from cartography.neighbours.nearest import nearest_to
from cartography.progress import Progress, part_of
from cartography.records import EmbeddingSet, NeighbourGraph

__all__ = ["EXACT_UP_TO", "METRICS", "find_neighbours", "nearest_to"]


EXACT_UP_TO = 20_000
"""Items up to which every neighbour is sure to be right: comparing all with all takes a few seconds at most."""
_A_START = 8  # neighbours known from which more are found sooner than anew
_FAR = 3  # times as many, at most
_FLAT = 8  # dimensions in which a tree is exact and quick for any number of items


def find_neighbours(
    embeddings: EmbeddingSet,
    n_neighbors: int = 15,
    metric: str = "cosine",
    progress: Progress | None = None,
    *,
    exact: bool | None = None,
    seed: int = 0,
    known: NeighbourGraph | None = None,
) -> NeighbourGraph:
    """Return the `n_neighbors` nearest other items of every item.

    A set of n items has at most n - 1 neighbours each; asking for more returns those. Up to 20,000 items, and in few
    dimensions, they are exact; above, about 97 of 100 are, and the graph holds the recall measured on a sample.
    `exact` decides otherwise. `seed` settles which few are missed. A graph `known` of these items under this metric
    is used when it holds enough, and else is where an approximate search begins.

    Under "dot", the distance is the largest squared length of all items minus the inner product.
    Raises `ParameterError` for an unknown metric, `Cancelled` when `progress` does.
    """
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    k = max(0, min(int(n_neighbors), len(embeddings) - 1))
    if known is not None and (known.metric != metric or known.source != embeddings.vectors_fingerprint):
        known = None
    if known is not None and known.n_neighbors >= k > 0 and (known.exact or exact is not True):
        return known.take(k)
    if exact is None:
        exact = len(embeddings) <= EXACT_UP_TO or (embeddings.dimensions <= _FLAT and metric != "dot")
    found: tuple[NDArray[np.int32], NDArray[np.float32], float | None]
    if exact or k == 0:
        found = (*exact_neighbours(embeddings.vectors, k, metric, progress), None)
    else:
        found = _approximate(embeddings, k, metric, progress, seed=seed, known=known)
    indices, distances, recall = found
    return NeighbourGraph(indices, distances, metric, recall is None, recall, embeddings.vectors_fingerprint)


def _approximate(
    embeddings: EmbeddingSet,
    k: int,
    metric: str,
    progress: Progress | None,
    *,
    seed: int,
    known: NeighbourGraph | None,
) -> tuple[NDArray[np.int32], NDArray[np.float32], float | None]:
    from cartography.kernels.compiling import ensure_compiled

    ensure_compiled(part_of(progress, 0.0, 0.1))
    rest = part_of(progress, 0.1, 1.0)
    if known is not None and not known.exact and known.n_neighbors >= _A_START and k <= _FAR * known.n_neighbors:
        return more_neighbours(embeddings.vectors, known.indices, k, metric, rest)
    return approximate_neighbours(embeddings.vectors, k, metric, rest, seed)
