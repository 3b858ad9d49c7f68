"""The nearest found so far, made better by true distances until enough of them are right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cartography.neighbours.blocks import for_each
from cartography.progress import Progress, part_of, report

__all__ = ["Pair", "Search"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

_REACH = 8  # neighbours whose neighbours are tried, at first
_ENOUGH = 0.965  # recall, on the sample, at which looking further stops
_WORTH = 0.003  # recall that a turn must bring for another one
_ROUNDING = 4e-6  # of the largest squared length: what a matrix product may be off
_BLOCK = 4096
_CHECKED = 160  # items whose true neighbours are found, to measure the recall
_AT_ONCE = 16
_STAGE = "Finding neighbours"


@dataclass(frozen=True)
class Pair:
    """Points (n, d) that can be found, and the same items as they ask, where a metric tells these apart."""

    found: Floats
    asking: Floats

    def lengths(self) -> tuple[Floats, Floats]:
        """Squared lengths (n,) of those that ask and of those found."""
        found = np.einsum("ij,ij->i", self.found, self.found)
        same = self.asking is self.found
        return (found if same else np.einsum("ij,ij->i", self.asking, self.asking)), found


class Search:
    """The nearest `rows` (n, k) of each item, their `squared` distances, and the `recall` measured on a sample.

    `fewer` are the points in fewer dimensions, where no distance is larger; may be the points themselves.
    An item is never its own neighbour.
    """

    def __init__(self, points: Pair, fewer: Pair, k: int, progress: Progress | None) -> None:
        n = len(points.found)
        self.points, self.fewer = points, fewer
        self.rows, self.squared = np.full((n, k), -1, np.int32), np.full((n, k), np.inf, np.float32)
        self.recall = 0.0
        self._progress = progress

    def begin(self, known: Rows) -> None:
        """Start from rows (n, fewer) that are known to be near."""
        self.measure(np.ascontiguousarray(known), np.zeros(known.shape, np.float32))

    def measure(self, candidates: Rows, ranks: Floats) -> None:
        """Keep the nearest of `candidates` (n, c), which lie at the squared distances `ranks` in fewer dimensions."""
        from cartography.kernels.neighbour_search import rerank

        n = len(self.rows)
        near = self.fewer.lengths()
        asking, beyond = (np.sqrt(np.maximum(a - b, 0)) for a, b in zip(self.points.lengths(), near, strict=True))
        bounds = (candidates, ranks, asking, beyond, np.float32(_ROUNDING * near[1].max()))

        def measure(first: int) -> None:
            last = min(n, first + _BLOCK)
            rerank(self.points.asking, self.points.found, *bounds, self.rows, self.squared, first, last)

        told = part_of(self._progress, 0.0, 0.4)
        for_each(measure, range(0, n, _BLOCK), lambda done: report(told, _STAGE, done, "measuring"))

    def widen(self, seed: int, turns: int) -> None:
        """Try neighbours' neighbours, for some `turns`, until enough are true or little gets nearer.

        A turn that brings little is followed by one that reaches as far as the graph does.
        """
        n, k = self.rows.shape
        true, sample = self._truth(seed)
        self.recall = _share(true, self.rows[sample])
        fresh, reach = np.ones((n, k), np.uint8), min(_REACH, k)
        for turn in range(turns):
            missing = (self.rows[:, -1] < 0).any()
            if self.recall >= _ENOUGH and not missing:
                break
            before = self.recall
            fresh = self._try_neighbours(
                fresh, reach, part_of(self._progress, 0.45 + 0.13 * turn, 0.58 + 0.13 * turn)
            )
            self.recall = _share(true, self.rows[sample])
            if self.recall < before + _WORTH:
                if reach == k:
                    break
                fresh, reach = np.ones_like(fresh), k
        self._complete()
        report(self._progress, _STAGE, 1.0)

    def _try_neighbours(self, fresh: NDArray[np.uint8], reach: int, progress: Progress | None) -> NDArray[np.uint8]:
        """Take one turn and return which neighbours are new."""
        from cartography.kernels.neighbour_search import join, mark_new

        n = len(self.rows)
        known = self.rows.copy()
        spaces = (self.points.asking, self.points.found, self.fewer.asking, self.fewer.found)

        def better(first: int) -> None:
            last = min(n, first + _BLOCK)
            join(*spaces, known, fresh, self.rows, self.squared, reach, first, last)

        for_each(better, range(0, n, _BLOCK), lambda done: report(progress, _STAGE, done, "refining"))
        new = np.empty_like(fresh)
        mark_new(known, self.rows, new, 0, n)
        return new

    def _complete(self) -> None:
        """Look through everything for items that still have too few neighbours: rare, such as heaps of duplicates."""
        k = self.rows.shape[1]
        short = np.flatnonzero(self.rows[:, -1] < 0)
        for first in range(0, len(short), _AT_ONCE):
            rows = short[first : first + _AT_ONCE]
            near = self._nearest(rows)
            apart = self.points.found[near] - self.points.asking[rows][:, None]
            squared = np.einsum("ijk,ijk->ij", apart, apart)
            order = np.argsort(squared, axis=1, kind="stable")
            self.rows[rows] = np.take_along_axis(near, order, axis=1)[:, :k]
            self.squared[rows] = np.take_along_axis(squared, order, axis=1)[:, :k]

    def _truth(self, seed: int) -> tuple[Rows, NDArray[np.int64]]:
        """The true neighbours (m, k) of a sample, and the sample (m,)."""
        n, k = self.rows.shape
        sample = np.sort(np.random.default_rng(seed).choice(n, min(n, _CHECKED), replace=False))
        true = np.empty((len(sample), k), np.int32)

        def find(first: int) -> None:
            true[first : first + _AT_ONCE] = self._nearest(sample[first : first + _AT_ONCE])

        told = part_of(self._progress, 0.4, 0.45)
        for_each(find, range(0, len(sample), _AT_ONCE), lambda done: report(told, _STAGE, done, "checking"))
        return true, sample

    def _nearest(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The k nearest of some items, in no particular order, by comparing with all."""
        rank = self.points.asking[rows] @ self.points.found.T
        rank *= -2
        rank += self._lengths
        rank[np.arange(len(rows)), rows] = np.inf
        return np.argpartition(rank, self.rows.shape[1] - 1, axis=1)[:, : self.rows.shape[1]]

    @cached_property
    def _lengths(self) -> Floats:
        return self.points.lengths()[1]


def _share(true: Rows, found: Rows) -> float:
    """The share of the true neighbours (m, k) that are among those found."""
    return sum(len(np.intersect1d(a, b)) for a, b in zip(true, found, strict=True)) / max(1, true.size)
