"""What chance does: axes made from random items in lists of the same sizes, and directions drawn at random."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import one_thread
from cartography.concepts.evidence.holding_out import hold_out, too_few
from cartography.concepts.evidence.members import Making, Sides
from cartography.inspection.borders.scores import auc_of
from cartography.progress import Progress, report

__all__ = ["RandomLists", "random_directions", "random_lists"]

_LISTS, _SLOW, _FEWEST = 200, 60, 20
_WORK = 60_000_000  # numbers in all lists together
_SLOWER = 50  # times as long as a difference of means takes what is slow to make

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RandomLists:
    """Axes between random lists: unit directions (R, d), and held-out AUC and gaps (R,), empty where none are."""

    directions: Numbers
    aucs: Numbers
    gaps: Numbers

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.directions)


def random_lists(
    sample: Floats, sides: Sides, making: Making, seed: int, progress: Progress | None = None
) -> RandomLists:
    """Return up to 200 axes (60 planes) made as the one between `sides` was, from the items of a sample (s, d).

    As many as take reasonable time and at least 20; for a pair of lists that has more items than the sample, items
    come back.
    """
    a, b = sides.sizes
    most, slower = (_SLOW, _SLOWER) if making.slow else (_LISTS, 1)
    count = int(np.clip(_WORK // ((a + b) * sample.shape[1] * slower), _FEWEST, most))
    rng = np.random.default_rng(seed)
    judged = not too_few(sides, ("", ""))
    directions, figures = np.empty((count, sample.shape[1])), np.empty((count, 2))
    with one_thread():
        for number in range(count):
            report(progress, "Making axes from random lists", number / count)
            lists = _drawn(sample, sides, rng)
            directions[number] = making.between(lists.high, lists.low)
            if judged:
                found = hold_out(lists, making, seed + number)
                figures[number] = found.auc, found.gap
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    directions /= np.where(lengths > 0, lengths, 1)
    return RandomLists(directions, *(figures.T if judged else np.empty((2, 0))))


def random_directions(sides: Sides, seed: int, count: int = _LISTS) -> tuple[float, ...]:
    """Return how well directions drawn evenly from the sphere tell the sides apart: AUC of 0.5 and above."""
    directions = np.random.default_rng(seed).normal(size=(count, sides.high.shape[1])).astype(np.float32)
    above = map(auc_of, directions @ sides.high.T, directions @ sides.low.T)
    return tuple(abs(auc - 0.5) + 0.5 for auc in above)


def _drawn(sample: Floats, sides: Sides, rng: np.random.Generator) -> Sides:
    a, b = sides.sizes
    again = a + b > len(sample)
    rows = rng.choice(len(sample), a + b, replace=again, shuffle=True)
    return replace(sides, high=sample[rows[:a]], low=sample[rows[a:]])
