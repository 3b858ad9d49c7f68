"""Vectors -> NeighbourGraph: computed once in the original space, then used by every other stage."""

from __future__ import annotations

from cartography.errors import unknown_name
from cartography.neighbours.approximate import approximate_neighbours
from cartography.neighbours.exact import exact_neighbours
from cartography.neighbours.metrics import METRICS
from cartography.neighbours.nearest import nearest_to
from cartography.progress import Progress, part_of
from cartography.records import EmbeddingSet, NeighbourGraph

__all__ = ["EXACT_UP_TO", "METRICS", "find_neighbours", "nearest_to"]


EXACT_UP_TO = 20_000
"""Items up to which every neighbour is sure to be right: comparing all with all takes a few seconds at most."""
_FLAT = 8  # dimensions in which a tree is exact and quick for any number of items


def find_neighbours(
    embeddings: EmbeddingSet,
    n_neighbors: int = 15,
    metric: str = "cosine",
    progress: Progress | None = None,
    *,
    exact: bool | None = None,
    seed: int = 0,
) -> NeighbourGraph:
    """Return the `n_neighbors` nearest other items of every item.

    A set of n items has at most n - 1 neighbours each; asking for more returns those. Up to 20,000 items, and in few
    dimensions, they are exact; above, about 97 of 100 are, and the graph holds the recall measured on a sample.
    `exact` decides otherwise. `seed` settles which few are missed.

    Raises `ParameterError` for an unknown metric, `Cancelled` when `progress` does.
    """
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    k = max(0, min(int(n_neighbors), len(embeddings) - 1))
    if exact is None:
        exact = len(embeddings) <= EXACT_UP_TO or embeddings.dimensions <= _FLAT
    if not exact and k > 0:
        from cartography.kernels.compiling import ensure_compiled

        ensure_compiled(part_of(progress, 0.0, 0.1))
        rows, apart, recall = approximate_neighbours(embeddings.vectors, k, metric, part_of(progress, 0.1, 1.0), seed)
        return NeighbourGraph(rows, apart, metric, False, recall, embeddings.vectors_fingerprint)
    indices, distances = exact_neighbours(embeddings.vectors, k, metric, progress)
    return NeighbourGraph(indices, distances, metric, source=embeddings.vectors_fingerprint)
