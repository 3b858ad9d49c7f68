"""Counts, shares, numbers, dates and names as a sentence or a chart says them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

__all__ = ["counted", "cut", "date_words", "number_words", "share_words", "told_apart"]

_LONGEST = 60
_WHOLE = 10_000  # numbers from here on are said without decimals
_HUGE = 1e15


def cut(text: str, longest: int = _LONGEST) -> str:
    """Return a text on one line, cut to a bearable length."""
    line = " ".join(text[: 4 * longest].split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def told_apart(names: Iterable[str], longest: int = _LONGEST) -> list[str]:
    """Return the names cut to a length, and numbered where that makes them equal."""
    found: dict[str, None] = {}
    for name in names:
        short = unique = cut(name, longest)
        number = 2
        while unique in found:
            number, unique = number + 1, f"{short} ({number})"
        found[unique] = None
    return list(found)


def counted(count: int, what: str) -> str:
    """Return how many of something there are: 1 item, 12 items."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def share_words(share: float) -> str:
    """Return a share as a percentage that is never truer than it is: nothing but 0 is 0%, nothing but all is 100%."""
    if math.isnan(share):
        return "none"
    if share in (0, 1):
        return f"{share:.0%}"
    if share < 0.001:
        return "less than 0.1%"
    return f"{share:.1%}" if share < 0.0995 else f"{min(share, 0.99):.0%}"


def number_words(number: float) -> str:
    """Return a number with four digits, or whole where it is large."""
    return f"{number:,.0f}" if _WHOLE <= abs(number) < _HUGE else f"{number:.4g}"


def date_words(nanoseconds: float) -> str:
    """Return a date, with the time of day where it has one."""
    stamp = pd.Timestamp(int(nanoseconds)).round("s")
    return f"{stamp:%Y-%m-%d}" if stamp == stamp.normalize() else f"{stamp:%Y-%m-%d %H:%M}"
