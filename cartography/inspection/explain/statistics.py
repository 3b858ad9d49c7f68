"""Effects and the chance of effects so large: of shares, of ranks, and of everything tested together."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["corrected", "rank_biserial", "share_effects", "strength_of_ranks"]

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def share_effects(inside: Counts, everywhere: Counts, n_inside: int, n_outside: int) -> tuple[Floats, Floats, Floats]:
    """Return (m,) differences of shares, the size of Cohen's h, and two-sided p of counts this far apart.

    `inside` (m,) of `n_inside` items have a thing, `everywhere` (m,) of all. Were the selection drawn at random, the
    counts would be hypergeometric; p is that of the binomial distribution that lies nearest, which spreads more
    (Hoeffding 1963) and so errs on the side of chance.
    """
    here, there = inside / n_inside, (everywhere - inside) / n_outside
    angles = 2 * (np.arcsin(np.sqrt(here)) - np.arcsin(np.sqrt(there)))
    return here - there, np.abs(angles), _tails(inside, everywhere, n_inside, n_inside + n_outside)


def _tails(inside: Counts, everywhere: Counts, n_inside: int, total: int) -> Floats:
    """Twice the smaller tail; both margins are turned to their smaller half, as that changes nothing."""
    from scipy.special import betainc

    count, margin, drawn = inside.astype(float), everywhere.astype(float), n_inside
    if 2 * drawn > total:
        count, drawn = margin - count, total - drawn
    flipped = 2 * margin > total
    count = np.where(flipped, drawn - count, count)
    margin = np.where(flipped, total - margin, margin)
    trials = np.minimum(margin, drawn)
    rate = np.maximum(margin, drawn) / total
    at_least = np.where(count > 0, betainc(np.maximum(count, 1), trials - np.maximum(count, 1) + 1, rate), 1.0)
    less = np.minimum(count, trials - 1)
    at_most = np.where(count < trials, betainc(np.maximum(trials - less, 1), less + 1, 1 - rate), 1.0)
    return np.minimum(1.0, 2 * np.minimum(at_least, at_most))


def rank_biserial(inside: Floats, outside: Floats) -> tuple[float, float]:
    """Return the rank-biserial correlation of two samples (positive where the first is higher) and its p.

    p is that of the Mann-Whitney test with corrections for ties and continuity; 1 where all are equal.
    """
    n, m = len(inside), len(outside)
    ranks, ties = _ranks(np.concatenate([inside, outside]))
    above = ranks[:n].sum() - n * (n + 1) / 2  # pairs won by the first, ties half
    total = n + m
    spread = n * m / 12 * (total + 1 - ties / (total * (total - 1)))
    if spread <= 0:
        return 0.0, 1.0
    apart = max(0.0, abs(above - n * m / 2) - 0.5)
    return float(2 * above / (n * m) - 1), math.erfc(apart / math.sqrt(2 * spread))


def _ranks(values: Floats) -> tuple[Floats, float]:
    """Ranks from 1, ties sharing their mean; and the sum of t³ - t over the groups of t ties."""
    order = np.argsort(values)
    ascending = values[order]
    starts = np.flatnonzero(np.concatenate([[True], ascending[1:] != ascending[:-1]]))
    sizes = np.diff(np.append(starts, len(values))).astype(np.float64)
    ranks = np.empty(len(values))
    ranks[order] = np.repeat(starts + (sizes + 1) / 2, sizes.astype(np.intp))
    return ranks, float((sizes**3 - sizes).sum())


def strength_of_ranks(effect: float) -> float:
    """Return on the scale of Cohen's h how strong a rank-biserial correlation is."""
    return 2 * math.asin(min(1.0, abs(effect)))


def corrected(p: Floats, families: NDArray[np.integer]) -> Floats:
    """Return p values (m,) corrected for all being tested together.

    `families` (m,) tells those apart that share the chance equally, so that thousands of words do not silence three
    numbers: Holm's method (1979) within each, times how many there are.
    """
    result = np.empty(len(p))
    names = np.unique(families)
    for name in names:
        own = np.flatnonzero(families == name)
        order = own[np.argsort(p[own], kind="stable")]
        stepped = np.maximum.accumulate(p[order] * np.arange(len(own), 0, -1))
        result[order] = np.minimum(stepped * len(names), 1.0)
    return result
