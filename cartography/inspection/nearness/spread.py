"""How distances are spread among all pairs of items: what makes one distance small and another large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.blocks import for_each, rows_at_once
from cartography.errors import unknown_name
from cartography.neighbours import METRICS
from cartography.neighbours.lookup import longest_of
from cartography.neighbours.metrics import distances_between
from cartography.records import EmbeddingSet
from cartography.records.arrays import frozen
from cartography.remembering import remembered

__all__ = ["Spread", "spread_of"]

_ALL = 250_000  # pairs up to which every one is measured
_SAMPLE = 200_000
_SEED = 0
_ROUNDING = np.float32(1e-6)  # of a distance


@dataclass(frozen=True, eq=False)
class Spread:
    """The distances between pairs of items.

    Attributes
    ----------
    distances : (p,) float32, ascending, of all pairs or of a sample
    metric : what they are measured in
    pairs : how many pairs there are in all
    """

    distances: NDArray[np.float32]
    metric: str
    pairs: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "distances", frozen(np.sort(self.distances), np.float32, "distances", (None,)))

    @property
    def exact(self) -> bool:
        """Whether every pair was measured."""
        return len(self.distances) == self.pairs

    @property
    def words(self) -> str:
        """What the percentiles go by, in a few words."""
        if self.exact:
            return f"all {self.pairs:,} pairs"
        return f"{len(self.distances):,} pairs drawn at random"

    def percentile(self, distances: ArrayLike) -> NDArray[np.float32]:
        """Return what share of all pairs are nearer than each of these distances, 0 to 100; NaN without any pair.

        Pairs that are as far but for rounding, less than a millionth of the distance, are not nearer.
        """
        wanted = np.asarray(distances, np.float32)
        if not len(self.distances):
            return np.full(wanted.shape, np.nan, np.float32)
        nearer = np.searchsorted(self.distances, wanted - _ROUNDING * np.abs(wanted), side="left")
        return np.asarray(100 * nearer / len(self.distances), np.float32)


def spread_of(embeddings: EmbeddingSet, metric: str = "cosine") -> Spread:
    """Return how the distances of all pairs are spread: every pair's up to 250,000 of them, else those of a sample.

    The sample of 200,000 pairs is the same every time. What was found once is remembered with the embeddings.
    Raises `ParameterError` for an unknown metric.
    """
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    known = _known(embeddings)
    if metric not in known:
        known[metric] = _measured(embeddings, metric)
    return known[metric]


@remembered
def _known(_: EmbeddingSet) -> dict[str, Spread]:
    return {}


def _measured(embeddings: EmbeddingSet, metric: str) -> Spread:
    n, vectors = len(embeddings), embeddings.vectors
    pairs = n * (n - 1) // 2
    first, second = np.triu_indices(n, 1) if pairs <= _ALL else _drawn(n)
    longest = longest_of(embeddings) if metric == "dot" else 0.0
    distances = np.empty(len(first), np.float32)
    step = rows_at_once(embeddings.dimensions)

    def measure(begin: int) -> None:
        part = slice(begin, begin + step)
        distances[part] = distances_between(vectors[first[part]], vectors[second[part]], metric, longest)

    for_each(measure, range(0, len(first), step), lambda _: None)
    return Spread(np.maximum(distances, 0), metric, pairs)


def _drawn(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw pairs of two different items; in order, so that memory is read in order."""
    rng = np.random.default_rng(_SEED)
    first = np.sort(rng.integers(0, n, _SAMPLE))
    return first, (first + rng.integers(1, n, _SAMPLE)) % n
