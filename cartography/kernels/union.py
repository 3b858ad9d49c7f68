"""Parts that grow together, each called by one of its items: union and find (Tarjan 1975)."""

from __future__ import annotations

from numba import njit

__all__ = ["root"]


@njit("int32(int32[::1], int32)", cache=True, nogil=True, inline="always")
def root(links, item):
    """The item that the part of `item` is called by; the way there becomes shorter for the next who asks."""
    while links[item] != item:
        links[item] = links[links[item]]
        item = links[item]
    return item
