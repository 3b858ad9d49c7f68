"""The nearest found so far, made better by true distances until enough of them are right."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each
from cartography.neighbours.settling import ROUNDING, SPARE, settle, smallest
from cartography.progress import Progress, part_of, report

__all__ = ["ENOUGH", "Pair", "Search"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

_FARTHEST = 24
_REACH = 8  # neighbours whose neighbours are tried, at first
ENOUGH = 0.965
"""Recall, on the sample, at which looking further stops."""
_WORTH = 0.003  # recall that a turn must bring for another one
_BLOCK = 4096
_CHECKED = 160  # items whose true neighbours are found, to measure the recall
_AT_ONCE = 16
_STAGE = "Finding neighbours"


@dataclass(frozen=True)
class Pair:
    """Points (n, d) that can be found, and the same items as they ask, where a metric tells these apart."""

    found: Floats
    asking: Floats

    @cached_property
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
        near = self.fewer.lengths
        asking, beyond = (np.sqrt(np.maximum(a - b, 0)) for a, b in zip(self.points.lengths, near, strict=True))
        slack = np.float32(ROUNDING * max(float(lengths.max()) for lengths in self.points.lengths))
        bounds = (candidates, ranks, asking, beyond, slack)

        def measure(first: int) -> None:
            last = min(n, first + _BLOCK)
            rerank(self.points.asking, self.points.found, *bounds, self.rows, self.squared, first, last)

        told = part_of(self._progress, 0.0, 0.4)
        for_each(measure, range(0, n, _BLOCK), lambda done: report(told, _STAGE, done, "measuring"))

    def widen(self, seed: int, turns: int) -> None:
        """Try neighbours' neighbours, for some `turns`, until enough are true or little gets nearer.

        A turn that brings little is followed by one that reaches farther.
        """
        n, k = self.rows.shape
        reaches, sample = self._truth(seed)
        self.recall = _share(reaches, self.squared[sample])
        fresh, reach = np.ones((n, k), np.uint8), min(_REACH, k)
        for turn in range(turns):
            missing = (self.rows[:, -1] < 0).any()
            if self.recall >= ENOUGH and not missing:
                break
            before = self.recall
            told = part_of(self._progress, 0.45 + 0.5 * turn / turns, 0.45 + 0.5 * (turn + 1) / turns)
            fresh = self._try_neighbours(fresh, reach, told)
            self.recall = _share(reaches, self.squared[sample])
            if self.recall < before + _WORTH:
                if reach == min(k, _FARTHEST):
                    break
                fresh, reach = np.ones_like(fresh), min(k, _FARTHEST)
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
        short = np.flatnonzero(self.rows[:, -1] < 0)

        def complete(first: int) -> None:
            rows = short[first : first + _AT_ONCE]
            self.rows[rows], self.squared[rows] = self._nearest(rows)

        told = part_of(self._progress, 0.97, 1.0)
        for_each(complete, range(0, len(short), _AT_ONCE), lambda done: report(told, _STAGE, done, "completing"))

    def _truth(self, seed: int) -> tuple[Floats, NDArray[np.int64]]:
        """How far the true neighbours of a sample reach: their largest squared distance (m,); and the sample (m,)."""
        n = len(self.rows)
        sample = np.sort(np.random.default_rng(seed).choice(n, min(n, _CHECKED), replace=False))
        reaches = np.empty(len(sample), np.float32)

        def find(first: int) -> None:
            _, squared = self._nearest(sample[first : first + _AT_ONCE])
            reaches[first : first + _AT_ONCE] = squared[:, -1]

        told = part_of(self._progress, 0.4, 0.45)
        for_each(find, range(0, len(sample), _AT_ONCE), lambda done: report(told, _STAGE, done, "checking"))
        return reaches, sample

    def _nearest(self, rows: NDArray[np.int64]) -> tuple[Rows, Floats]:
        """The k nearest of some items and their squared distances, nearest first, by comparing with all."""
        n, k = self.rows.shape
        rank = self.points.asking[rows] @ self.points.found.T
        rank *= -2
        rank += self.points.lengths[1]
        rank[np.arange(len(rows)), rows] = np.inf
        count = min(n - 1, k + SPARE)
        return settle(self.points.found, self.points.asking[rows], smallest(rank, count), k)


def _share(reaches: Floats, squared: Floats) -> float:
    """The share of those found (m, k) that are as near as the true neighbours reach; equals count as equal."""
    limits = reaches * np.float32(1 + 1e-5) + np.float32(1e-12)
    return float((squared <= limits[:, None]).mean())
