"""Which items are in the same part of the map, however many there are: within the reach of an item's nearest percent.

How far an item's `reach` nearest lie is read off an evenly drawn sample of the items: at the distance of the j-th
nearest of m sampled items, about n j / m of all items are nearer. That costs the same for any reach, and chance is
known exactly: an item thrown at random is equally likely to come before, between and after the m others.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.neighbours.reach import reach_of

__all__ = ["Nearness"]

_SAMPLE = 3_200  # items; then the 32nd nearest of them marks one percent


class Nearness:
    """Tells which pairs of items lie near each other on the map `coordinates` (n, 2 or 3), for `k` neighbours.

    Up to 3,200 items `reach` is exact; above, an item's own reach differs from it by a sixth or so, and by nothing on
    average. Places as far away as the last that counts, count too: copies on one spot are near each other.
    """

    def __init__(self, coordinates: NDArray[np.float32], k: int) -> None:
        n = len(coordinates)
        self.coordinates = coordinates
        self.reach = reach_of(n, k)
        self._sampled = np.zeros(n, np.bool_)
        self._sampled[np.random.default_rng(0).permutation(n)[:_SAMPLE]] = True
        self._last = max(1, round(self.reach * min(1.0, _SAMPLE / n)))

    @property
    def baseline(self) -> float:
        """The share of an item's neighbours that would be near if items were thrown at random: exact."""
        n, m, j = len(self.coordinates), int(self._sampled.sum()), self._last
        if n < 2:
            return 1.0
        by_sampled = j + (n - m) * j / m
        by_others = j + (n - 1 - m) * j / (m + 1)
        return min(1.0, (m * by_sampled + (n - m) * by_others) / (n * (n - 1)))

    def of(self, rows: NDArray[np.intp], others: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the share (m,) of `others` (m, k), rows as well, that are near the items in `rows` (m,)."""
        here = self.coordinates[rows]
        apart = self.coordinates[others].astype(np.float64) - here[:, None]
        limit = self._limits(rows) * (1 + 1e-9)  # the last one counts, whatever is rounded
        within = np.einsum("ijk,ijk->ij", apart, apart) <= (limit * limit)[:, None]
        return within.mean(axis=1, dtype=np.float32)

    def _limits(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        """How far the last item that counts lies; a sampled item does not count itself."""
        ranks = [self._last, min(self._last + 1, int(self._sampled.sum()))]
        away, _ = self._tree.query(self.coordinates[rows], ranks, workers=-1)
        return np.asarray(np.where(self._sampled[rows], away[:, 1], away[:, 0]))

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.coordinates[self._sampled])
