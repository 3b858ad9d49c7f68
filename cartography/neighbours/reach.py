"""How far "the same part" reaches: beyond it an item is far, on the map and in the original space alike."""

from __future__ import annotations

__all__ = ["SHARE", "reach_of"]

SHARE = 0.01
"""What counts as the same part of a large map: so many of the items. On small ones twice the neighbours do."""


def reach_of(n: int, k: int) -> int:
    """Return how many nearest of n items count as near, for items that are asked for k neighbours; never fewer."""
    return min(max(2 * k, round(SHARE * n)), max(k, (n - 1) // 4))
