"""Fewer, larger communities: the smallest joins the one that it is tied to most, until few are left."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.weighted_graph import WeightedGraph
from cartography.medoids import members

__all__ = ["join_smallest", "middles"]

Floats = NDArray[np.float32]
Labels = NDArray[np.int32]

_MEMBERS = 64  # items that say where a community lies


def join_smallest(between: WeightedGraph, count: int, middles_of: Callable[[], Floats]) -> Labels:
    """Return the numbers (m,), below `count`, of what the m nodes of `between` become.

    The smallest joins first, so that no heap grows. Ties count for as much as the other's size lets expect; where
    there are none, the nearest of the middles (m, d) decides.
    """
    ties = _ties(between)
    strengths = between.strengths.tolist()
    target = np.arange(len(between))
    left = set(range(len(between)))
    places: Floats | None = None
    waiting = [(strength, one) for one, strength in enumerate(strengths)]
    heapify(waiting)
    while len(left) > count:
        strength, one = heappop(waiting)
        if one not in left or strength != strengths[one]:
            continue
        left.remove(one)
        if ties[one]:
            other = max(ties[one], key=lambda c: (ties[one][c] / strengths[c], -c))
        else:
            places = middles_of() if places is None else places
            rest = np.array(sorted(left))
            other = int(rest[((places[rest] - places[one]) ** 2).sum(axis=1).argmin()])
        target[one] = other
        _hand_over(ties, one, other)
        strengths[other] += strength
        heappush(waiting, (strengths[other], other))
    return _followed(target)


def _ties(between: WeightedGraph) -> list[dict[int, float]]:
    tails, weights = between.tails.tolist(), between.weights.tolist()
    spans = zip(between.starts[:-1].tolist(), between.starts[1:].tolist(), strict=True)
    ties = [dict(zip(tails[a:b], weights[a:b], strict=True)) for a, b in spans]
    for one, own in enumerate(ties):
        own.pop(one, None)
    return ties


def _hand_over(ties: list[dict[int, float]], one: int, other: int) -> None:
    """Give the ties of `one` to `other`."""
    for third, weight in ties[one].items():
        del ties[third][one]
        if third != other:
            ties[other][third] = ties[third][other] = ties[other].get(third, 0.0) + weight
    ties[one] = {}


def middles(points: Floats, labels: Labels) -> Floats:
    """Return where each of the communities `labels` (n,) lies, from a few of its items."""
    rows, starts = members(labels, _MEMBERS)
    return (np.add.reduceat(points[rows], starts[:-1], axis=0) / np.diff(starts)[:, None]).astype(np.float32)


def _followed(target: NDArray[np.intp]) -> Labels:
    """Return for each community the number of the one that it ended in."""
    while (target[target] != target).any():
        target = target[target]
    return np.unique(target, return_inverse=True)[1].astype(np.int32)
