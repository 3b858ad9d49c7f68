"""One vector against all items: a matrix product ranks them, true differences put the nearest in order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.blocks import for_each, in_blocks, mean_of, rows_at_once
from cartography.errors import ParameterError
from cartography.neighbours.metrics import distances_from, ordering
from cartography.neighbours.settling import ROUNDING, SPARE
from cartography.records import EmbeddingSet
from cartography.remembering import remembered

__all__ = ["Lookup", "count_nearer", "distinct", "longest_of", "places_in"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

_ROWS = 8192
_FEW = 200  # more places are found quicker in sorted ranks


class Lookup:
    """How far all n items are from one query (d,), under a metric; they are looked through once, when first needed.

    A million items of 384 dimensions take a second at the first query, when their lengths are found, and a quarter of
    that at others.
    """

    def __init__(self, embeddings: EmbeddingSet, query: Floats, metric: str) -> None:
        self.metric = metric
        self.vectors, self.query = embeddings.vectors, np.asarray(query, np.float32)
        self._lengths = _lengths_of(embeddings)

    def nearest(self, k: int, exclude: ArrayLike = ()) -> tuple[Rows, Floats]:
        """Return rows (k,) and distances (k,) of the nearest items, nearest first and equals by row: exact.

        Rows to `exclude` are left out; when fewer than `k` are left, those. Raises `ParameterError` for vectors too
        long to be squared.
        """
        left_out = distinct(exclude)
        k = max(0, min(k, len(self.vectors) - len(left_out)))
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        ranks = self.ranks
        if len(left_out):
            ranks = ranks.copy()
            ranks[left_out] = np.inf
        count = min(k + SPARE, len(ranks) - len(left_out))
        limit = np.partition(self.measured(np.argpartition(ranks, count - 1)[:count]), k - 1)[k - 1]
        able = np.flatnonzero(ranks <= limit - self.offset + self.slack)  # whatever rounding could have hidden
        if len(able) < k or not np.isfinite(limit + self.slack):
            raise ParameterError(
                "Some vectors are so long that their squares are beyond the largest 32-bit number (3.4e38).",
                "Scale all of them down.",
            )
        true = self.measured(able)
        order = np.lexsort((able, true))[:k]
        return able[order], self._distances(true[order])

    def distances(self, rows: ArrayLike) -> Floats:
        """Return the distances (m,) of some items."""
        return self._distances(self.measured(np.asarray(rows, np.int64)))

    def places(self, rows: ArrayLike, exclude: ArrayLike = ()) -> Rows:
        """Return the places (m,) of some items among all in order of distance: 1 for the nearest.

        Rows to `exclude` do not count. Distances that differ by no more than rounding may trade places.
        """
        return places_in(self.ranks, rows, exclude)

    @cached_property
    def ranks(self) -> Floats:
        """(n,) what orders all items by their distance, but for rounding."""
        if self.metric == "cosine" and not self.query.any():  # near to what has no direction either
            return np.where(self._lengths.inverse == 0, np.float32(-2), np.float32(0))
        found = np.empty(len(self.vectors), np.float32)
        step = rows_at_once(self.vectors.shape[1])
        self.prepare()

        def multiply(first: int) -> None:
            part = slice(first, first + step)
            np.dot(self.vectors[part], self.weights, out=found[part])
            self.finish(found[part], part)

        for_each(multiply, range(0, len(found), step), lambda _: None)
        return found

    @cached_property
    def weights(self) -> Floats:
        """(d,) what the vectors are multiplied with, so that the products rank them after `finish`."""
        if self.metric == "dot":
            return -self.query
        if self.metric == "euclidean":
            return np.asarray(-2 * (self.query - self._lengths.centre), np.float32)
        return np.asarray(-2 * self.query / (np.linalg.norm(self.query) or 1), np.float32)

    def finish(self, products: Floats, part: slice) -> None:
        """Turn products of these items with the weights, (m,) or (any, m), into ranks, in place."""
        if self.metric == "cosine":
            products *= self._lengths.inverse[part]
        elif self.metric == "euclidean":
            products += self._lengths.about_centre[part]

    def prepare(self) -> None:
        """Find the lengths that `finish` needs, on this thread and once."""
        self.finish(np.zeros(1, np.float32), slice(0, 1))

    def measured(self, rows: Rows) -> NDArray[np.float64]:
        """Return what orders some items by their true distance (m,); see `metrics.ordering`."""
        found = np.empty(len(rows))
        for first in range(0, len(rows), _ROWS):
            part = slice(first, first + _ROWS)
            found[part] = ordering(self.vectors[rows[part]], self.query[None], self.metric)
        return found

    def _distances(self, measured: NDArray[np.float64]) -> Floats:
        return distances_from(measured, self.metric, self._lengths.longest if self.metric == "dot" else 0.0)

    @cached_property
    def offset(self) -> float:
        """What a rank falls short of what `measured` says."""
        if self.metric == "dot":
            return 0.0
        if self.metric == "cosine":
            return 2.0
        centre = self._lengths.centre.astype(np.float64)
        return float((self.query.astype(np.float64) ** 2).sum() - (centre**2).sum())

    @cached_property
    def slack(self) -> float:
        """What a rank may be off by rounding."""
        if self.metric == "cosine":
            return 2 * ROUNDING
        if self.metric == "dot":
            return ROUNDING * self._lengths.longest * float(np.linalg.norm(self.query))
        centre = self._lengths.centre
        farthest = float(np.sqrt(self._lengths.about_centre.max()))
        away, middle = float(np.linalg.norm(self.query - centre)), float(np.linalg.norm(centre))
        return ROUNDING * (farthest**2 + away**2 + 2 * (farthest + middle) * away)


def count_nearer(
    lookups: Sequence[Lookup], limits: NDArray[np.float64], exclude: Sequence[Sequence[int]]
) -> tuple[Rows, Rows]:
    """Return for each query how many items are surely nearer than a limit, and how many may be, for rounding.

    `limits` (m,) are in terms of `Lookup.measured`. All m queries, of one set and one metric, share one look through
    the items; each leaves out its own rows to `exclude`.
    """
    first = lookups[0]
    weights = np.stack([one.weights for one in lookups])
    offsets, slack = (np.array([getattr(one, name) for one in lookups]) for name in ("offset", "slack"))
    low, high = (np.asarray(limits - offsets + sign * slack, np.float32)[:, None] for sign in (-1, 1))
    own = np.array([(row, query) for query, rows in enumerate(exclude) for row in rows], np.int64).reshape(-1, 2)
    step = max(1, rows_at_once(max(len(lookups), len(first.query))))
    blocks = range(0, len(first.vectors), step)
    counts = np.zeros((len(blocks), 2, len(lookups)), np.int64)
    first.prepare()

    def count(begin: int) -> None:
        products = weights @ first.vectors[begin : begin + step].T
        first.finish(products, slice(begin, begin + step))
        here = own[(own[:, 0] >= begin) & (own[:, 0] < begin + step)]
        products[here[:, 1], here[:, 0] - begin] = np.inf
        counts[begin // step, 0] = np.count_nonzero(products < low, axis=1)
        counts[begin // step, 1] = np.count_nonzero(products <= high, axis=1)

    for_each(count, blocks, lambda _: None)
    surely, maybe = counts.sum(axis=0)
    if first.metric == "cosine":  # what has no direction is near to what has none, which no product tells
        aimless = ~weights.any(axis=1)
        surely[aimless], maybe[aimless] = 0, len(first.vectors)
    return surely, maybe


def places_in(ranks: NDArray[np.floating], rows: ArrayLike, exclude: ArrayLike = ()) -> Rows:
    """Return the places (m,) of some items in the order of `ranks` (n,): 1 for the first; equals share a place.

    Rows to `exclude` do not count.
    """
    left_out = ranks[distinct(exclude)]
    rows = np.asarray(rows, np.int64)
    if max(len(rows), len(left_out)) > _FEW:
        before_all, before_out = (np.searchsorted(np.sort(some), ranks[rows]) for some in (ranks, left_out))
        return np.asarray(before_all - before_out + 1, np.int64)
    wanted = ranks[rows].tolist()
    before = [np.count_nonzero(ranks < rank) - np.count_nonzero(left_out < rank) for rank in wanted]
    return np.array(before, np.int64) + 1


def distinct(rows: ArrayLike) -> Rows:
    """Return rows (m,) rising and each once: of many, ten times as fast as `np.unique`, which hashes them."""
    found = np.asarray(rows, np.int64).reshape(-1)
    if (found[1:] > found[:-1]).all():
        return found
    found = np.sort(found)
    return found[np.append(True, found[1:] != found[:-1])]


def longest_of(embeddings: EmbeddingSet) -> float:
    """Return the largest length of all items, which distances under dot are measured from."""
    return _lengths_of(embeddings).longest


class _Lengths:
    """How long the vectors (n, d) of one set are, each in the sense that some metric needs."""

    def __init__(self, vectors: Floats) -> None:
        self._vectors = vectors

    @cached_property
    def inverse(self) -> Floats:
        """(n,) 1 / length; 0 for a vector of zeros."""
        squared = self._squared(None)
        with np.errstate(divide="ignore"):
            return np.where(squared > 0, 1 / np.sqrt(squared), np.float32(0)).astype(np.float32)

    @cached_property
    def longest(self) -> float:
        """The largest length, in double precision."""
        squared = (np.einsum("ij,ij->i", block, block, dtype=np.float64) for block in in_blocks(self._vectors))
        return float(np.sqrt(max(float(block.max()) for block in squared)))

    @cached_property
    def centre(self) -> Floats:
        """(d,) the mean of all vectors: what is measured from there loses less to rounding."""
        return np.asarray(mean_of(self._vectors), np.float32)

    @cached_property
    def about_centre(self) -> Floats:
        """(n,) squared distances from the mean."""
        return self._squared(self.centre)

    def _squared(self, middle: Floats | None) -> Floats:
        found = np.empty(len(self._vectors), np.float32)
        step = rows_at_once(self._vectors.shape[1])

        def measure(first: int) -> None:
            block = self._vectors[first : first + step]
            block = block if middle is None else block - middle
            found[first : first + step] = np.einsum("ij,ij->i", block, block)

        for_each(measure, range(0, len(found), step), lambda _: None)
        return found


@remembered
def _lengths_of(embeddings: EmbeddingSet) -> _Lengths:
    return _Lengths(embeddings.vectors)
