"""A graph with weights both ways, and its best division by modularity (Traag, Waltman and van Eck 2019: Leiden)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.progress import Progress, part_of, report

__all__ = ["WeightedGraph", "divided", "shared_neighbours"]

Labels = NDArray[np.int32]

_STAGE = "Finding clusters"
_TIES = 1 << 20  # looked at between two reports
_ROUNDS = 20
_BLOCK = 8192


@dataclass(frozen=True, eq=False)
class WeightedGraph:
    """Node i is tied to `tails[starts[i]:starts[i + 1]]` with `weights`; `strengths` (n,) are their sums."""

    starts: NDArray[np.int64]
    tails: NDArray[np.int32]
    weights: NDArray[np.float32]
    strengths: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.strengths)

    @classmethod
    def of(
        cls, heads: Labels, tails: Labels, weights: NDArray[np.float32], strengths: NDArray[np.float64]
    ) -> WeightedGraph:
        """Return the graph of these ties, each given once, between nodes of these strengths."""
        from scipy.sparse import coo_array

        n = len(strengths)
        one_way = coo_array((weights, (heads, tails)), shape=(n, n)).tocsr()
        both = one_way + one_way.T
        return cls(both.indptr.astype(np.int64), both.indices.astype(np.int32), both.data, strengths)

    def joined(self, community: Labels, progress: Progress | None = None) -> WeightedGraph:
        """Return the graph whose nodes are the communities 0..m-1 (n,)."""
        from cartography.kernels.communities import gather

        m = int(community.max()) + 1
        order = np.argsort(community, kind="stable").astype(np.int32)
        edges = np.searchsorted(community[order], np.arange(m + 1))
        starts = np.zeros(m + 1, np.int64)
        tails, weights = np.empty(len(self.tails), np.int32), np.empty(len(self.tails), np.float32)
        room = np.zeros(m), np.empty(m, np.int32)
        step = max(1, _TIES * m // max(len(self.tails), 1))
        count = 0
        old = (self.starts, self.tails, self.weights, community, order, edges)
        for first in range(0, m, step):
            report(progress, _STAGE, first / m, "joining")
            count = gather(*old, starts, tails, weights, *room, count, first, min(m, first + step))
        return WeightedGraph(
            starts,
            tails[:count].copy(),
            weights[:count].copy(),
            np.bincount(community, self.strengths, m).astype(float),
        )


def shared_neighbours(indices: Labels, order: Labels, progress: Progress | None = None) -> WeightedGraph:
    """Return the graph whose ties weigh what share of neighbours both ends have in common (Jarvis, Patrick 1973).

    `indices` (n, k) are the items' neighbours. Node i of the graph is item `order[i]`.
    """
    from cartography.kernels.communities import place, share, tally

    n, k = indices.shape
    place_of = np.empty(n, np.int32)
    place_of[order] = np.arange(n, dtype=np.int32)
    rows = np.empty((n, k), np.int32)
    shares, counts = np.empty((n, k), np.float32), np.zeros(n, np.int64)
    step = max(1, _TIES // max(k, 1))
    for first in range(0, n, step):
        report(progress, _STAGE, 0.2 * first / n, "sorting")
        rows[first : first + step] = np.sort(place_of[indices[order[first : first + step]]], axis=1)
    for first in range(0, n, step):
        report(progress, _STAGE, 0.2 + 0.4 * first / n, "shared neighbours")
        share(rows, shares, counts, first, min(n, first + step))
    starts = np.concatenate([[0], np.cumsum(counts)])
    ends = starts[1:].copy()
    tails, weights = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
    for first in range(0, n, step):
        report(progress, _STAGE, 0.6 + 0.4 * first / n, "shared neighbours")
        place(rows, shares, ends, tails, weights, first, min(n, first + step))
    strengths = np.empty(n)
    tally(starts, weights, strengths)
    return WeightedGraph(starts, tails, weights, strengths)


def divided(
    graph: WeightedGraph, resolution: float, within: Labels, seed: int, progress: Progress | None = None
) -> Labels:
    """Return communities 0..m-1 (n,), none of which crosses a border of `within` (n,). The same seed gives the same.

    Nodes move one by one; then each community is divided anew from its single nodes, so that none hangs together by a
    node that has left, and the parts become the nodes of the next round.
    """
    rng = np.random.default_rng(seed)
    rate = resolution / max(float(graph.strengths.sum()), 1e-300)
    home = np.arange(len(graph), dtype=np.int32)  # each item's node
    community = home.copy()
    for turn in range(_ROUNDS):
        told = part_of(progress, 1 - 0.5**turn, 1 - 0.5 ** (turn + 1))
        moved = _moved(graph, community, within, (rate, rng), part_of(told, 0.0, 0.5))
        community = _numbered(community)
        if moved == 0 or int(community.max()) + 1 == len(graph):
            break
        parts = np.arange(len(graph), dtype=np.int32)
        _moved(graph, parts, community, (rate, rng), part_of(told, 0.5, 0.8))
        parts = _numbered(parts)
        if int(parts.max()) + 1 == len(graph):
            parts = community
        graph = graph.joined(parts, part_of(told, 0.8, 1.0))
        home = parts[home]
        first = np.unique(parts, return_index=True)[1]
        community, within = community[first], within[first]
    return _numbered(community[home])


def _moved(
    graph: WeightedGraph,
    community: Labels,
    within: Labels,
    course: tuple[float, np.random.Generator],
    progress: Progress | None,
) -> int:
    """Move nodes until none gains; return how many moved. `course` is the rate and what shuffles the nodes."""
    from cartography.kernels.communities import move

    n = len(graph)
    rate, rng = course
    queue = _shuffled(n, rng)
    queued, at = np.ones(n, bool), np.array([0, n], np.int64)
    total = np.bincount(community, graph.strengths, n).astype(np.float64)
    room = np.zeros(n), np.empty(n, np.int32)
    same = (graph.starts, graph.tails, graph.weights, graph.strengths, within, community, total)
    count = 0
    while at[1] > 0:
        count += move(*same, queue, queued, at, *room, rate, _TIES)
        report(progress, _STAGE, 1 - at[1] / n, "moving")
    return count


def _shuffled(n: int, rng: np.random.Generator) -> Labels:
    """Shuffle blocks of nodes, and the nodes of each, so that near ones are still visited one after another."""
    firsts = rng.permutation(np.arange(0, n, _BLOCK))
    return np.concatenate([first + rng.permutation(min(_BLOCK, n - first)) for first in firsts]).astype(np.int32)


def _numbered(labels: Labels) -> Labels:
    """Return the same labels without gaps."""
    used = np.zeros(int(labels.max()) + 1, bool)
    used[labels] = True
    return (np.cumsum(used, dtype=np.int32) - 1)[labels]
