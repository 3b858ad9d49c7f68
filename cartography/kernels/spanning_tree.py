"""Minimum spanning trees under mutual reachability, grown from many parts at once (Borůvka 1926).

In every round each part looks for its shortest tie to another one. Lists of neighbours offer most of them; what they
cannot know is looked up in a tree of boxes over items sorted along a curve, which skips whatever lies in one part
(March, Ram and Gray 2010). The largest part need not look: the others find it.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from cartography.kernels.union import root

__all__ = ["LEAF", "bound", "look", "offer", "own", "unite"]

LEAF = 16
"""Items in a box of the lowest row."""
_EMPTY, _MIXED = -2, -1
_DEPTH = 64


@njit(
    "void(float32, int64, int32, int64, float32[::1], int32[::1], int32[::1])",
    cache=True,
    nogil=True,
    inline="always",
)
def _keep(length, item, part, other, best, heads, tails):
    """Remember the tie from `item` to `other` where it is the shortest of this part so far."""
    if length < best[part]:
        best[part], heads[part], tails[part] = length, item, other


@njit(
    "void(int32[:,::1], float32[:,::1], float32[::1], int32[::1], float32[::1], int32[::1], int32[::1], "
    "int64, int64)",
    cache=True,
    nogil=True,
)
def offer(rows, apart, core, parts, best, heads, tails, first, last):
    """Offer the ties in the lists `rows`, `apart` (n, k) of items `first` to `last` to the parts at both ends."""
    for i in range(first, last):
        for place in range(rows.shape[1]):
            j = rows[i, place]
            if parts[i] != parts[j]:
                length = max(apart[i, place], core[i], core[j])
                _keep(length, i, parts[i], j, best, heads, tails)
                _keep(length, j, parts[j], i, best, heads, tails)


@njit(
    "int64(int32[::1], int32[::1], float32[::1], int32[::1], int32[::1], int32[::1], int32[::1], float32[::1], "
    "int64, int64)",
    cache=True,
    nogil=True,
)
def unite(links, parts, best, heads, tails, found_heads, found_tails, lengths, count, largest):
    """Join parts along their shortest ties, write those behind the first `count` found; return how many there are.

    A part is called by one of its items; `largest` did not look, so that its best may not be the shortest there is.
    `best` is ready for the next round afterwards.
    """
    for part in range(len(parts)):
        if parts[part] != part or part == largest or best[part] == np.inf:
            continue
        a, b = root(links, heads[part]), root(links, tails[part])
        if a != b:
            links[max(a, b)] = min(a, b)
            found_heads[count], found_tails[count], lengths[count] = heads[part], tails[part], best[part]
            count += 1
    for item in range(len(parts)):
        parts[item] = root(links, item)
        best[item] = np.inf
    return count


@njit("void(float32[:,::1], float32[::1], float32[:,::1], float32[:,::1], float32[::1])", cache=True, nogil=True)
def bound(points, core, low, high, least):
    """Fill the boxes (2p - 1, d) of sorted points, row over row, with the least core distance in each."""
    n, d = points.shape
    leaves = (len(least) + 1) // 2
    low[:], high[:], least[:] = np.inf, -np.inf, np.inf
    for item in range(n):
        node = leaves - 1 + item // LEAF
        least[node] = min(least[node], core[item])
        for axis in range(d):
            low[node, axis] = min(low[node, axis], points[item, axis])
            high[node, axis] = max(high[node, axis], points[item, axis])
    for node in range(leaves - 2, -1, -1):
        for child in (2 * node + 1, 2 * node + 2):
            least[node] = min(least[node], least[child])
            for axis in range(d):
                low[node, axis] = min(low[node, axis], low[child, axis])
                high[node, axis] = max(high[node, axis], high[child, axis])


@njit("void(int32[::1], int32[::1])", cache=True, nogil=True)
def own(parts, owners):
    """Write to each box (2p - 1,) the part that all its items belong to, or -1."""
    leaves = (len(owners) + 1) // 2
    owners[:] = _EMPTY
    for item in range(len(parts)):
        node = leaves - 1 + item // LEAF
        if owners[node] == _EMPTY:
            owners[node] = parts[item]
        elif owners[node] != parts[item]:
            owners[node] = _MIXED
    for node in range(leaves - 2, -1, -1):
        a, b = owners[2 * node + 1], owners[2 * node + 2]
        owners[node] = a if a == b or b == _EMPTY else _MIXED


@njit(
    "float32(float32[:,::1], int64, float32[:,::1], float32[:,::1], int64)", cache=True, nogil=True, inline="always"
)
def _to_box(points, item, low, high, node):
    """Squared distance from an item to a box."""
    total = np.float32(0.0)
    for axis in range(points.shape[1]):
        beyond = max(low[node, axis] - points[item, axis], points[item, axis] - high[node, axis])
        if beyond > 0:
            total += beyond * beyond
    return total


@njit(
    "void(float32[:,::1], float32[::1], float32[::1], int32[::1], float32[:,::1], float32[:,::1], float32[::1], "
    "int32[::1], float32[::1], int32[::1], int32[::1], int64, int64, int64)",
    cache=True,
    nogil=True,
)
def look(points, core, reach, parts, low, high, least, owners, best, heads, tails, largest, first, last):
    """Let items `first` to `last` look for ties shorter than their part's best; beyond `reach` (n,) nothing is known.

    Items of the part `largest` do not look.
    """
    leaves = (len(least) + 1) // 2
    waiting = np.empty(_DEPTH, np.int64)
    for i in range(first, last):
        part = parts[i]
        if part == largest or reach[i] >= best[part] or core[i] >= best[part]:
            continue
        waiting[0] = 0
        count = 1
        while count > 0:
            count -= 1
            node = waiting[count]
            if owners[node] == part or owners[node] == _EMPTY or least[node] >= best[part]:
                continue
            if _to_box(points, i, low, high, node) >= best[part] * best[part]:
                continue
            if node < leaves - 1:
                a, b = 2 * node + 1, 2 * node + 2
                if _to_box(points, i, low, high, a) < _to_box(points, i, low, high, b):
                    a, b = b, a
                waiting[count], waiting[count + 1] = a, b
                count += 2
                continue
            begin = (node - leaves + 1) * LEAF
            for j in range(begin, min(begin + LEAF, len(points))):
                if parts[j] == part:
                    continue
                squared = np.float32(0.0)
                for axis in range(points.shape[1]):
                    step = points[i, axis] - points[j, axis]
                    squared += step * step
                length = max(np.sqrt(squared), core[i], core[j])
                _keep(length, i, part, j, best, heads, tails)
                _keep(length, j, parts[j], i, best, heads, tails)
