"""How far an axis turns when one member of its poles is left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import one_thread
from cartography.concepts.evidence.members import Making, Sides

__all__ = ["firmness_of", "one_by_one"]

_SMALL = 200  # members up to which each is left out in turn
_SMALL_OTHERWISE = 40  # the same where a direction takes long to make
_DRAWS = 20

Numbers = NDArray[np.float64]


def firmness_of(sides: Sides, making: Making, direction: Numbers, seed: int) -> tuple[float, float] | None:
    """Return the smallest and the mean cosine with `direction` (d,) of axes without one member, None of single ones.

    Large poles, of which one member is nothing, are drawn anew 20 times instead.
    """
    small = one_by_one(sides, making)
    with one_thread():
        others = _one_less(sides, making) if small else _drawn_again(sides, making, seed)
    if not others:
        return None
    cosines = [float(other @ direction) / (float(np.linalg.norm(other)) or 1.0) for other in others]
    return min(cosines), float(np.mean(cosines))


def one_by_one(sides: Sides, making: Making) -> bool:
    """Whether each member is left out by itself."""
    return sum(sides.sizes) <= (_SMALL if making.by_means else _SMALL_OTHERWISE)


def _one_less(sides: Sides, making: Making) -> list[Numbers]:
    (a, b), found = sides.sizes, []
    if sides.groups is not None:
        pairs = range(a) if a > 1 else ()
        return [making.between(np.delete(sides.high, i, 0), np.delete(sides.low, i, 0)) for i in pairs]
    if a > 1:
        found += [making.between(np.delete(sides.high, i, 0), sides.low) for i in range(a)]
    if b > 1:
        found += [making.between(sides.high, np.delete(sides.low, i, 0)) for i in range(b)]
    return found


def _drawn_again(sides: Sides, making: Making, seed: int) -> list[Numbers]:
    """Axes from as many members, drawn with replacement (the bootstrap)."""
    rng, (a, b), found = np.random.default_rng(seed), sides.sizes, []
    for _ in range(_DRAWS):
        high = rng.integers(0, a, a)
        low = high if sides.groups is not None else rng.integers(0, b, b)
        found.append(making.between(sides.high[high], sides.low[low]))
    return found
