"""How well an axis tells members of its poles apart that it was made without.

Where each member of small poles is left out by itself, the mean of its own pole moves away from it, and members of
random lists come out on the wrong side more often than not. So two members are left out together, one of either
pole, and compared with each other along the axis that the others make: then those of random lists are as often the
right way round as not (Airola et al. 2011, "leave-pair-out").
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import one_thread
from cartography.concepts.evidence.members import Making, Sides
from cartography.inspection.borders.scores import auc_of

__all__ = ["HeldOut", "effect_of", "hold_out", "too_few"]

_SMALL = 200  # members of both poles up to which every two are left out by themselves
_FOLDS = 5
_FEW = 40  # members up to which folds are drawn more than once
_AGAIN = 2

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """How often held-out members of the high pole lie above those of the low one, how far, and how that was found.

    `gap` is how far on average, `effect` the same in standard deviations of two members' difference.
    """

    auc: float
    gap: float
    effect: float
    how: str


def too_few(sides: Sides, ends: tuple[str, str]) -> str:
    """Return why nothing can be held out, as half a sentence; "" where something can."""
    high, low = sides.sizes
    if sides.groups is not None:
        if high and int(sides.groups.max()) > 0:
            return ""
        return "all pairs share items" if high > 1 else "there is a single pair"
    for count, name in ((low, ends[0]), (high, ends[1])):
        if count < 2:
            return f"the pole {name!r} has {'a single item' if count else 'no item of its own'}"
    return ""


def hold_out(sides: Sides, making: Making, seed: int = 0) -> HeldOut:
    """Return how well held-out members are told apart; `too_few` must have nothing against it."""
    with one_thread():
        if not making.by_means or sum(sides.sizes) > _SMALL or sides.linked:
            return _in_folds(sides, making, seed)
        if sides.groups is None:
            return _counted(_each_two(sides), "each two members, one of either pole, left out in turn")
        return _counted(_each_two_pairs(sides), "each pair left out in turn")


def effect_of(high: NDArray[np.floating], low: NDArray[np.floating]) -> float:
    """Return how far the mean of `high` (a,) lies above that of `low` (b,), in deviations of a difference of two."""
    spread = float(np.sqrt(high.var() + low.var()))
    return float(high.mean() - low.mean()) / spread if spread > 0 else 0.0


def _counted(lead: Numbers, how: str) -> HeldOut:
    """From how far (a, b) each held-out member of the high pole lies above each of the low one."""
    known = lead[np.isfinite(lead)]
    auc, gap, spread = float(((known > 0) + 0.5 * (known == 0)).mean()), float(known.mean()), float(known.std())
    return HeldOut(auc, gap, gap / spread if spread > 0 else 0.0, how)


def _each_two(sides: Sides) -> Numbers:
    """(a, b) how far x_i lies above y_j along mean(x without x_i) - mean(y without y_j), from products alone."""
    (a, b), high, low = sides.sizes, sides.high.astype(np.float64), sides.low.astype(np.float64)
    xx, yy, xy = high @ high.T, low @ low.T, high @ low.T
    own = (xx.sum(axis=1) - np.diag(xx))[:, None] / (a - 1)  # x_i along the mean of the other x
    other = (xy.sum(axis=1)[:, None] - xy) / (b - 1)
    theirs = (xy.sum(axis=0)[None] - xy) / (a - 1)
    opposite = (yy.sum(axis=1) - np.diag(yy))[None] / (b - 1)
    return own - other - theirs + opposite


def _each_two_pairs(sides: Sides) -> Numbers:
    """(k, k) the same where pair i and pair j are left out as a whole; NaN where none would be left."""
    k, high, low = len(sides.high), sides.high.astype(np.float64), sides.low.astype(np.float64)
    steps = high - low
    upper, lower = high @ steps.T, low @ steps.T  # (k, k) each end of one pair along the step of another
    lead = upper.sum(axis=1)[:, None] - np.diag(upper)[:, None] - upper
    lead = lead - (lower.sum(axis=1) - np.diag(lower))[None] + lower.T
    lead = lead / (k - 2) if k > 2 else np.full((k, k), np.nan)
    alone = upper.sum(axis=1) - np.diag(upper) - lower.sum(axis=1) + np.diag(lower)
    np.fill_diagonal(lead, alone / (k - 1))
    return lead


def _in_folds(sides: Sides, making: Making, seed: int) -> HeldOut:
    """Each fold placed on the axis that the others make, and its members compared among themselves only."""
    rng = np.random.default_rng(seed)
    own = np.arange(len(sides.high)) if sides.groups is None else sides.groups
    units = min(int(own.max()) + 1, len(sides.low))
    folds = min(_FOLDS, units) if sum(sides.sizes) > _FEW or sides.groups is None else units
    times = _AGAIN if sides.groups is None and sum(sides.sizes) <= _FEW else 1
    total = np.zeros(4)  # won, apart, in deviations, compared
    for _ in range(times):
        upper = _dealt(int(own.max()) + 1, folds, rng)[own]
        lower = upper if sides.groups is not None else _dealt(len(sides.low), folds, rng)
        for fold in range(folds):
            high, low = upper == fold, lower == fold
            direction = making.between(sides.high[~high], sides.low[~low])
            places = sides.high[high] @ direction, sides.low[low] @ direction
            count = float(high.sum() * low.sum())
            gap = float(places[0].mean() - places[1].mean())
            total += count * np.array([auc_of(*places), gap, effect_of(*places), 1])
    auc, gap, effect = (total[:3] / total[3]).tolist()
    return HeldOut(auc, gap, effect, _told(folds, times, sides))


def _told(folds: int, times: int, sides: Sides) -> str:
    if sides.groups is not None and folds == int(sides.groups.max()) + 1:
        return "each pair left out in turn" if not sides.linked else "pairs that share items left out together"
    return f"{folds} folds" if times == 1 else f"{folds} folds, drawn {times} times"


def _dealt(count: int, folds: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """The fold of each of `count`, as even as can be, at random."""
    return rng.permutation(np.arange(count) % folds)
