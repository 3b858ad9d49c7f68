"""How well a classifier does, each score beside what it is when labels are shuffled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Judgement", "Score", "area_under_curve", "auc_of", "judged"]

Flags = NDArray[np.bool_]
Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """A score, and what shuffled labels give: its mean, its standard deviation and its 95th percentile."""

    value: float
    chance: float
    spread: float
    top: float


@dataclass(frozen=True, eq=False)
class Judgement:
    """What one classifier achieves on items that it has not learned from.

    `accuracy` is the share of items put on their own side, `balanced` the mean of that share over the two groups,
    `auc` how often an item of the second group is given a higher probability than one of the first. `probability`
    (m,) float64 is that of the second group.
    """

    name: str
    accuracy: Score
    balanced: Score
    auc: Score
    probability: Probabilities


def judged(name: str, labellings: Flags, probabilities: Probabilities) -> Judgement:
    """Return what a classifier achieves: `labellings` (L, m) are the true labels and shuffled ones.

    `probabilities` (L, m) are those of the second group, each learned from the labels of its row.
    """

    def score(measure: Callable[[Flags, Probabilities], float]) -> Score:
        value, *shuffled = [measure(*both) for both in zip(labellings, probabilities, strict=True)]
        return Score(value, float(np.mean(shuffled)), float(np.std(shuffled)), float(np.percentile(shuffled, 95)))

    return Judgement(name, score(_accuracy), score(_balanced), score(area_under_curve), probabilities[0])


def _accuracy(second: Flags, probability: Probabilities) -> float:
    return float(((probability > 0.5) == second).mean())


def _balanced(second: Flags, probability: Probabilities) -> float:
    right = (probability > 0.5) == second
    return float((right[second].mean() + right[~second].mean()) / 2)


def area_under_curve(second: Flags, score: Probabilities) -> float:
    """Return the share of pairs, one item of each group, in which the second group's has the higher score."""
    return auc_of(score[second], score[~second])


def auc_of(high: NDArray[np.floating], low: NDArray[np.floating]) -> float:
    """Return how often one of `high` (a,) lies above one of `low` (b,), ties counting half."""
    ascending = np.sort(low)
    above = np.searchsorted(ascending, high, "left") + np.searchsorted(ascending, high, "right")
    return float(above.mean() / (2 * len(low)))
