"""Where one bar of a histogram ends and the next begins: at round or whole numbers, powers, calendar dates."""

from __future__ import annotations

from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray

__all__ = ["date_edges", "number_edges"]

_BINS = 24  # that a histogram has, about
_SINGLE = 30  # whole numbers have a bin each up to so many
_STRAY = 2.0  # times that all values span what most of them span, before the extremes share a bin
_EXTREME = (1.0, 99.0)  # percentiles between which most of them lie
_RATIO, _MIDDLE = 100.0, 0.1  # heavy tails: this wide, with half of all values in so small a part of the width
_HUGE, _LESS = 1e300, 2.0**60  # near the largest number nothing can be added to it
_TINY = 1e-300
_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_MANTISSAS = ((4, (1, 1.5, 2, 3, 5, 7)), (8, (1, 2, 5)), (12, (1, 3)), (10**9, (1,)))
_STEPS = {
    "s": (1, 2, 5, 15, 30),
    "m": (1, 2, 5, 15, 30),
    "h": (1, 2, 3, 6, 12),
    "D": (1, 2, 7, 14),
    "M": (1, 2, 3, 6),
    "Y": (1, 2, 5, 10, 20, 50),
}


def number_edges(known: NDArray[np.float64], whole: bool) -> tuple[NDArray[np.float64], bool]:
    """Return the ascending edges of about 24 bins for finite numbers, and whether they are equal in ratio.

    Heavy-tailed positive numbers are cut at round powers. Where few values lie far outside, the outermost bins reach
    to infinity and hold them.
    """
    low, high = float(known.min()), float(known.max())
    if max(-low, high) > _HUGE:
        edges, log = number_edges(known / _LESS, whole=False)
        with np.errstate(over="ignore"):  # beyond all numbers is no end
            return edges * _LESS, log
    if whole and high - low < _SINGLE:
        return np.arange(low, high + 2), False
    powers = _powers(known, low, whole)
    if powers is not None:
        return _reaching(powers, low, high), True
    first, last = np.percentile(known, _EXTREME)
    if high - low <= _STRAY * (last - first):
        first, last = low, high
    edges = _round_steps(float(first), float(last), whole)
    return _reaching(edges, low, high), False


def date_edges(known: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ascending edges of about 24 bins for nanoseconds since 1970, at the turn of days, months, years."""
    low, high = float(known.min()), float(known.max())
    first, last = np.percentile(known, _EXTREME)
    if high - low <= _STRAY * (last - first):
        first, last = low, high
    return _reaching(_calendar(float(first), float(last)), low, high)


def _reaching(edges: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """The edges with bins without end added for what lies outside them."""
    below = [-np.inf] if low < edges[0] else []
    above = [np.inf] if high >= edges[-1] else []
    return np.array([*below, *edges, *above])


def _round_steps(first: float, last: float, whole: bool) -> NDArray[np.float64]:
    """Edges at multiples of a round step, around two values."""
    if not last > first:
        room = max(abs(first) * 1e-3, 1.0 if whole else 1e-9)
        return np.array([first - (0.0 if whole else room), first + room])
    rough = (last - first) / _BINS
    if rough < _TINY:
        return np.array([first, np.nextafter(last, np.inf)])
    power = 10.0 ** floor(log10(rough))
    step = next(power * times for times in _ROUND if power * times >= rough * (1 - 1e-9))
    step = max(ceil(step), 1) if whole else step
    start, end = floor(first / step), floor(last / step) + 1
    edges = np.round(np.arange(start, end + 1) * step, min(max(2 - floor(log10(step)), 0), 300))
    return edges if len(np.unique(edges)) == len(edges) else np.linspace(first, np.nextafter(last, np.inf), 3)


def _powers(known: NDArray[np.float64], low: float, whole: bool) -> NDArray[np.float64] | None:
    """Edges for positive numbers with a heavy tail; None for all other numbers."""
    positive = known[known > 0]
    if low < 0 or 2 * len(positive) < len(known):
        return None
    first, middle, last = np.percentile(positive, (_EXTREME[0], 50.0, _EXTREME[1]))
    if first < _TINY or last < _RATIO * first or middle - first > _MIDDLE * (last - first):
        return None
    bottom, top = floor(log10(first)), ceil(log10(last))
    mantissas = next(few for decades, few in _MANTISSAS if top - bottom <= decades)
    every = max(1, (top - bottom) // _BINS)
    edges = np.array([m * 10.0**power for power in range(bottom, top + 1, every) for m in mantissas])
    edges = np.unique(np.ceil(edges)) if whole else edges
    inside = edges[(edges > first) & (edges <= last)]
    before, after = edges[edges <= first], edges[edges > last]
    return np.concatenate([before[-1:], inside, after[:1]])


def _calendar(first: float, last: float) -> NDArray[np.float64]:
    """Edges at the turn of a unit of time, around two moments; equal parts where these share a second."""
    span = np.array([first, last]).astype(np.int64).astype("datetime64[ns]")
    for unit, steps in _STEPS.items():
        begin, end = span.astype(f"datetime64[{unit}]").astype(np.int64)
        step = next((step for step in steps if (end - begin) / step <= _BINS), None)
        if step is None:
            continue
        if unit == "s" and begin == end:
            return np.linspace(first, last + 1e3, 3)
        marks = np.arange(begin // step, end // step + 2) * step
        return marks.astype(f"datetime64[{unit}]").astype("datetime64[ns]").astype(np.int64).astype(np.float64)
    return np.linspace(first, last, _BINS + 1)
