"""Communities of a graph: weights by shared neighbours, moving nodes to better communities, graphs of communities."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["gather", "move", "place", "share", "tally"]

_LEAST_GAIN = 1e-9


@njit("boolean(int32[:,::1], int64, int64)", cache=True, nogil=True, inline="always")
def _lists(rows, item, other):
    """Whether the sorted list of `item` holds `other`."""
    low, high = 0, rows.shape[1]
    while low < high:
        middle = (low + high) // 2
        if rows[item, middle] < other:
            low = middle + 1
        else:
            high = middle
    return low < rows.shape[1] and rows[item, low] == other


@njit("void(int32[:,::1], float32[:,::1], int64[::1], int64, int64)", cache=True, nogil=True)
def share(rows, weights, counts, first, last):
    """Weigh the ties of items `first` to `last` by the share of neighbours in common; count what `place` will write.

    `rows` (n, k) are sorted. An item counts as a neighbour of itself.
    """
    k = rows.shape[1]
    for i in range(first, last):
        for slot in range(k):
            j = rows[i, slot]
            common, a, b = 1, 0, 0
            while a < k and b < k:
                if rows[i, a] == rows[j, b]:
                    common += 1
                    a += 1
                    b += 1
                elif rows[i, a] < rows[j, b]:
                    a += 1
                else:
                    b += 1
            counts[i] += 1
            if _lists(rows, j, i):
                common += 1
            else:
                counts[j] += 1
            weights[i, slot] = np.float32(common / (2 * k + 2 - common))


@njit(
    "void(int32[:,::1], float32[:,::1], int64[::1], int32[::1], float32[::1], int64, int64)", cache=True, nogil=True
)
def place(rows, shares, ends, tails, weights, first, last):
    """Write the ties of items `first` to `last` both ways; item i's go before `ends[i]`, which moves down."""
    for i in range(first, last):
        for slot in range(rows.shape[1]):
            j = rows[i, slot]
            ends[i] -= 1
            tails[ends[i]], weights[ends[i]] = j, shares[i, slot]
            if not _lists(rows, j, i):
                ends[j] -= 1
                tails[ends[j]], weights[ends[j]] = i, shares[i, slot]


@njit("void(int64[::1], float32[::1], float64[::1])", cache=True, nogil=True)
def tally(starts, weights, strengths):
    """Sum the weights of each node's ties."""
    for node in range(len(strengths)):
        total = 0.0
        for tie in range(starts[node], starts[node + 1]):
            total += weights[tie]
        strengths[node] = total


@njit(
    "int64(int64[::1], int32[::1], float32[::1], float64[::1], int32[::1], int32[::1], float64[::1], "
    "int32[::1], boolean[::1], int64[::1], float64[::1], int32[::1], float64, int64)",
    cache=True,
    nogil=True,
)
def move(starts, tails, weights, strengths, within, community, total, queue, queued, at, pull, touched, rate, most):
    """Take nodes from the queue and move each to the neighbouring community that gains most; return how many moved.

    A move gains the weight of the ties there less `rate` times the strengths on both sides (Newman's modularity).
    Nodes never join others with another `within`. Neighbours of a moved node queue again (Traag, Waltman and van Eck
    2019). `at` holds where the queue begins and how long it is; about `most` ties are looked at. `pull` (zeros) and
    `touched` are room to work in.
    """
    n = len(strengths)
    looked, moved = 0, 0
    while at[1] > 0 and looked < most:
        node = queue[at[0]]
        at[0] = (at[0] + 1) % n
        at[1] -= 1
        queued[node] = False
        looked += starts[node + 1] - starts[node] + 1
        here = community[node]
        total[here] -= strengths[node]
        count = 0
        for tie in range(starts[node], starts[node + 1]):
            other = tails[tie]
            if other == node or within[other] != within[node]:
                continue
            there = community[other]
            if pull[there] == 0:
                touched[count] = there
                count += 1
            pull[there] += weights[tie]
        best = here
        most_gained = pull[here] - rate * strengths[node] * total[here] + _LEAST_GAIN
        for slot in range(count):
            there = touched[slot]
            gain = pull[there] - rate * strengths[node] * total[there]
            if gain > most_gained:
                best, most_gained = there, gain
        for slot in range(count):
            pull[touched[slot]] = 0
        total[best] += strengths[node]
        if best == here:
            continue
        community[node] = best
        moved += 1
        for tie in range(starts[node], starts[node + 1]):
            other = tails[tie]
            if not queued[other] and community[other] != best and within[other] == within[node]:
                queue[(at[0] + at[1]) % n] = other
                queued[other] = True
                at[1] += 1
    return moved


@njit(
    "int64(int64[::1], int32[::1], float32[::1], int32[::1], int32[::1], int64[::1], int64[::1], int32[::1], "
    "float32[::1], float64[::1], int32[::1], int64, int64, int64)",
    cache=True,
    nogil=True,
)
def gather(
    starts,
    tails,
    weights,
    community,
    order,
    edges,
    new_starts,
    new_tails,
    new_weights,
    pull,
    touched,
    count,
    first,
    last,
):
    """Write the ties of communities `first` to `last` behind the first `count`; return how many there are then.

    Community c's nodes are `order[edges[c]:edges[c + 1]]`. Ties inside it become one to itself.
    """
    for one in range(first, last):
        met = 0
        for slot in range(edges[one], edges[one + 1]):
            for tie in range(starts[order[slot]], starts[order[slot] + 1]):
                other = community[tails[tie]]
                if pull[other] == 0:
                    touched[met] = other
                    met += 1
                pull[other] += weights[tie]
        for slot in range(met):
            new_tails[count], new_weights[count] = touched[slot], pull[touched[slot]]
            pull[touched[slot]] = 0
            count += 1
        new_starts[one + 1] = count
    return count
