"""Vectors -> NeighbourGraph: computed once in the original space, then used by every other stage."""

from __future__ import annotations

from cartography.errors import unknown_name
from cartography.neighbours.exact import exact_neighbours
from cartography.neighbours.metrics import METRICS
from cartography.neighbours.nearest import nearest_to
from cartography.progress import Progress
from cartography.records import EmbeddingSet, NeighbourGraph

__all__ = ["METRICS", "find_neighbours", "nearest_to"]


def find_neighbours(
    embeddings: EmbeddingSet,
    n_neighbors: int = 15,
    metric: str = "cosine",
    progress: Progress | None = None,
) -> NeighbourGraph:
    """Return the `n_neighbors` nearest other items of every item, exactly.

    A set of n items has at most n - 1 neighbours each; asking for more returns those.
    Costs n² d multiplications (low dimensions use a tree), in bounded memory.

    Raises `ParameterError` for an unknown metric, `Cancelled` when `progress` does.
    """
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    k = max(0, min(int(n_neighbors), len(embeddings) - 1))
    indices, distances = exact_neighbours(embeddings.vectors, k, metric, progress)
    return NeighbourGraph(indices, distances, metric, source=embeddings.vectors_fingerprint)
