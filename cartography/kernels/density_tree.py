"""From a spanning tree to the tree of clusters that split off from each other (Campello, Moulavi and Sander 2013)."""

from __future__ import annotations

import numpy as np
from numba import njit

from cartography.kernels.union import root

__all__ = ["condense", "flood", "link"]


@njit("void(int32[::1], int32[::1], int32[:,::1], int32[::1])", cache=True, nogil=True)
def link(heads, tails, children, sizes):
    """Join n items along n - 1 ties, shortest first: tie i makes node n + i of `children[i]`, `sizes[n + i]` big."""
    n = len(heads) + 1
    links = np.arange(n, dtype=np.int32)
    node = np.arange(n, dtype=np.int32)
    sizes[:n] = 1
    for i in range(n - 1):
        a, b = root(links, heads[i]), root(links, tails[i])
        if sizes[node[a]] < sizes[node[b]]:
            a, b = b, a
        children[i, 0], children[i, 1] = node[a], node[b]
        sizes[n + i] = sizes[node[a]] + sizes[node[b]]
        links[b] = a
        node[a] = n + i


@njit(
    "int64(int32[:,::1], int32[::1], float64[::1], int64, int32[::1], float64[::1], int32[::1], float64[::1], "
    "int32[::1])",
    cache=True,
    nogil=True,
)
def condense(children, sizes, density, least, cluster, left_at, parents, births, members):
    """Walk down from the root: a cluster goes on until it splits into two of at least `least` items; return how many.

    `density` (n - 1,) is 1 / length of each tie. For all nodes, items first, `cluster` (2n - 1,) is the last cluster
    that they belong to and `left_at` the density at which they fell out of it. `parents`, `births` and `members`
    describe the clusters; cluster 0 is everything.
    """
    n = len(density) + 1
    root = 2 * n - 2
    cluster[root], left_at[root] = 0, 0.0
    parents[0], births[0], members[0] = 0, 0.0, n
    count = 1
    for node in range(root, n - 1, -1):
        here, at = cluster[node], density[node - n]
        a, b = children[node - n, 0], children[node - n, 1]
        fallen = left_at[node] > 0
        split = not fallen and sizes[a] >= least and sizes[b] >= least
        for child in (a, b):
            cluster[child] = here
            left_at[child] = left_at[node]
            if split:
                cluster[child] = count
                parents[count], births[count], members[count] = here, at, sizes[child]
                count += 1
            if not fallen and sizes[child] < least:
                left_at[child] = at
    return count


@njit("void(int32[::1], int32[::1], int32[::1], int32[::1])", cache=True, nogil=True)
def flood(heads, tails, inside, labels):
    """Give every unlabelled item the label it meets first along the ties, shortest first, without leaving `inside`.

    `inside` (n,) are coarser labels; where it is below 0, and where no label is met, items keep -1.
    """
    n = len(labels)
    links = np.arange(n, dtype=np.int32)
    found = labels.copy()
    for i in range(len(heads)):
        if inside[heads[i]] < 0 or inside[heads[i]] != inside[tails[i]]:
            continue
        a, b = root(links, heads[i]), root(links, tails[i])
        if found[a] >= 0 and found[b] >= 0 and found[a] != found[b]:
            continue
        if found[a] < 0:
            a, b = b, a
        links[b] = a
    for item in range(n):
        labels[item] = found[root(links, item)]
