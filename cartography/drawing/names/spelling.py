"""Names as a fantasy map spells them: the real name and an ending that suits its sound, as `Bus` becomes `Bus-ville`.

The ending hangs on the name alone, so a name is spelled alike on every map and at every zoom.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import blake2b
from itertools import chain, count

__all__ = ["spelled", "spelled_realms"]

_SHORT = ("ford", "mere", "wick", "stead", "dale", "ville", "ton", "ham", "holm", "fell")
_OPEN = ("mere", "dale", "wick", "ford", "stead", "moor")
"""Endings after a vowel: those that a vowel before them does not swallow."""
_APART = ("Harbour", "Hollow", "Moor", "Town", "Keep", "Haven", "Cross", "Hill")
_INITIALS = ("gard", "hold", "burg")
_NUMBERS = (
    "Nought",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
)
_OF_NUMBERS = ("reach", "burg", "oaks", "towers", "wells", "stones")
_POINTS = ("North", "Northeast", "East", "Southeast", "South", "Southwest", "West", "Northwest")
_LANDS = ("land", "mark", "shire", "wold", "heim")
_BEFORE = {*_POINTS, "Near", "Far", "Old", "New", "Upper", "Lower", "Little", "Great", "Inner", "Outer"}
"""Words that tell places of one name apart: they stay before it, and the name is spelled as it is without them."""
_LONGEST = 24  # characters of a name; longer ones are cut on a map, and an ending would not be seen
_MORE = 10  # characters by which a name may grow
_LONG = 8  # letters from which on an ending stands apart
_SYLLABLE = 4  # letters up to which an ending is tied on with a hyphen


def spelled_realms(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of realms as a fantasy map spells them: as those of lands, by the rules of `spelled`."""
    return _all_spelled(names, _lands)


def spelled(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of towns as a fantasy map spells them, no two alike; the same names give the same spelling.

    The name itself stays in it, letter by letter (numbers up to twelve as words), and it grows by 10 characters at
    most. Long names, those in other scripts than the Latin one, and those that end in no letter or digit stay as they
    are.
    """
    return _all_spelled(names, _offers)


def _all_spelled(names: Sequence[str], offers_of: Callable[[str], Iterator[str]]) -> tuple[str, ...]:
    taken = {name.casefold() for name in names}
    result = []
    used: set[str] = set()
    met: Counter[str] = Counter()
    for name in names:
        met[name] += 1
        offers = (one for one in offers_of(name) if one.casefold() not in taken and len(one) <= len(name) + _MORE)
        again = (f"{name} {number}" for number in count(max(2, met[name])))
        found = next(one for one in chain(offers, [name], again) if one.casefold() not in used)
        taken.add(found.casefold())
        used.add(found.casefold())
        result.append(found)
    return tuple(result)


def _lands(name: str) -> Iterator[str]:
    """Offer a short name in one with an ending of lands; longer ones stay as they are."""
    if " " in name or len(name) > _LONG or not _latin(name):
        return
    word = _NUMBERS[int(name)] if name.isdecimal() and str(int(name)) == name and int(name) < len(_NUMBERS) else name
    joint = "-" if word[-1].isdigit() or (word.isupper() and len(word) > 1) else ""
    yield from (f"{word}{joint}{ending}" for ending in _turned(_LANDS, name) if word[-1].casefold() != ending[0])


def _offers(name: str) -> Iterator[str]:
    """Offer spellings, the name's own one first."""
    before, _, word = name.rpartition(" ")
    if len(name) > _LONGEST or not _latin(name):
        return
    if before and _BEFORE.issuperset(before.split(" ")):
        yield from (f"{before} {one}" for one in _offers(word))
    if name.isdecimal():
        yield from _numbered(name)
        yield from (f"{name}-{ending}" for ending in _turned(_OF_NUMBERS, name))
    elif " " in name or len(name) >= _LONG:
        yield from (f"{name} {ending}" for ending in _turned(_APART, name))
    elif word[-1].isdigit() or (word.isupper() and len(word) > 1):
        yield from (f"{name}-{ending}" for ending in _turned(_INITIALS, name))
    elif len(name) <= _SYLLABLE:
        yield from (f"{name}-{ending}" for ending in _turned(_SHORT, name))
    else:
        yield from _tied(name)
    yield from (f"{name} {ending}" for ending in _turned(_APART, name))


def _tied(name: str) -> Iterator[str]:
    """Offer a word of one or two syllables in one with an ending; where letters would run together, apart."""
    for ending in _turned(_OPEN if name[-1].casefold() in "aeiouy" else _SHORT, name):
        if name[-1].casefold() != ending[0]:
            yield name + ending


def _numbered(name: str) -> Iterator[str]:
    """Offer a small number as a word."""
    if str(int(name)) == name and int(name) < len(_NUMBERS):
        yield from (_NUMBERS[int(name)] + ending for ending in _turned(_OF_NUMBERS, name))


def _turned(endings: Sequence[str], name: str) -> Iterator[str]:
    """Return the endings in an order that the name decides: a stable hash, as Python's own is not."""
    first = int.from_bytes(blake2b(name.encode(errors="replace"), digest_size=4).digest(), "big")
    return (endings[(first + step) % len(endings)] for step in range(len(endings)))


def _latin(name: str) -> bool:
    """Whether a name is written in Latin letters and digits, and ends in one."""
    letters = [c for c in name if c.isalpha()]
    return (
        all(c < "\u0250" or "\u1e00" <= c < "\u1f00" for c in letters) and name[-1:].isalnum() and name[-1:].isascii()
    )
