"""Names for places of which several would be called alike, as on real maps: by where one lies from the other.

The points of the compass and "Near" or "Far" are true: they say where a place lies from the one that bears the bare
name. Where those are used up, "Old" and "New" or "Upper" only tell places apart, and last of all numbers do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import numpy as np

from cartography.words import of_script_without_spaces

__all__ = ["apart", "bearings"]

Place = tuple[float, float]

_POINTS = ("East", "Northeast", "North", "Northwest", "West", "Southwest", "South", "Southeast")
_OTHERS = ("Old", "New", "Upper", "Lower", "Little", "Great", "Inner", "Outer")
_MOST = 10_000


def bearings(place: Place, origin: Place) -> tuple[str, str]:
    """Return the two points of the compass nearest to the direction from `origin` to `place`; north is up."""
    turn = np.arctan2(place[1] - origin[1], place[0] - origin[0]) / (np.pi / 4)
    nearest = int(np.rint(turn))
    return _POINTS[nearest % 8], _POINTS[(nearest + (1 if turn > nearest else -1)) % 8]


def apart(name: str, place: Place | None, taken: Callable[[str], Place | None]) -> Iterator[str]:
    """Yield names like `name` for another place, the best first, without end.

    `taken` returns where a name's bearer lies, None where the name is free or its place is not known.
    """
    origin = taken(name)
    if _spelled_in_latin(name):
        if place is not None and origin is not None and place != origin:
            yield from _by_direction(name, place, origin, taken)
        else:
            yield from (f"{other} {name}" for other in _OTHERS)
        yield from (f"{name} {_roman(number)}" for number in range(2, _MOST))
    yield from (f"{name} {number}" for number in count(2))


def _by_direction(name: str, place: Place, origin: Place, taken: Callable[[str], Place | None]) -> Iterator[str]:
    first, second = bearings(place, origin)
    for point in (first, second):
        yield f"{point} {name}"
        other = taken(f"{point} {name}")
        if other is not None:
            yield f"{'Far' if _distance(place, origin) > _distance(other, origin) else 'Near'} {point} {name}"
        if point == first:
            yield from (f"{other} {name}" for other in _OTHERS)
    yield from (f"{other} {first} {name}" for other in _OTHERS)
    yield from (f"{first} {name} {_roman(number)}" for number in range(2, _MOST))


def _distance(one: Place, other: Place) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def _spelled_in_latin(name: str) -> bool:
    """Whether English words before a name do not look out of place: it has Latin letters, or none at all."""
    letters = [c for c in name if c.isalpha()]
    return not of_script_without_spaces(name) and all(c < "\u0250" for c in letters) and name[:1].isalnum()


def _roman(number: int) -> str:
    """Return a number as towns and kings carry it: II, III, IV."""
    signs = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    result = ""
    for value, sign in (*signs, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        result, number = result + sign * (number // value), number % value
    return result
