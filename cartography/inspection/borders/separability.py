"""Whether two groups can be told apart in the original space, how well, and which items stand on the wrong side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cartography.blocks import one_thread, rows_at_once
from cartography.errors import ParameterError, ShapeError, unknown_name
from cartography.inspection.borders.classifiers import (
    Flags,
    Floats,
    Folds,
    Numbers,
    folds_of,
    linear_out_of_fold,
    neighbour_rows,
    neighbours_out_of_fold,
)
from cartography.inspection.borders.planes import axes_of, fit_planes
from cartography.inspection.borders.scores import Judgement, judged
from cartography.inspection.wording import counted
from cartography.neighbours import METRICS
from cartography.progress import Progress, part_of, report

__all__ = ["FEWEST", "MOST", "Separation", "separability"]

FEWEST = 5
"""Items that a group needs, one for each of five folds."""
MOST = 4_000
"""Items of a group from which the classifiers learn; of more, so many are drawn at random."""
_FOLDS = 5
_NEIGHBOURS = 15
_SHUFFLES = 5, 20  # at least and at most, and as many as there are
_WORTH = 8_000_000  # numbers in the vectors for them
_ASKED_BEYOND = 10_000  # items beyond the sample whose neighbours are looked for
_DEGREES = ((0.99, "almost perfectly"), (0.9, "well"), (0.75, "in part"), (0.0, "only a little"))
_CLEAR = 3.0  # standard deviations above chance from which two groups can be told apart at all
_OTHERS = "Judging all other items"

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Separation:
    """How well two groups can be told apart.

    Attributes
    ----------
    sizes : how many items the two groups have
    rows : (m,) the items that were learned from and judged in turn; all of them, or a sample
    fold : (m,) int8 in which fold each was judged, by classifiers that learned from the other folds
    second : (m,) bool, which of them are in the second group
    linear, neighbours : what the two classifiers achieve; see `Judgement`
    wrong_side : one row for each item that a classifier puts on the other side, the most confident first: `row`,
        `second` (whether it belongs to the second group), `linear` and `neighbours` (the probability that each gives
        to the other side, NaN where the neighbours were not asked), `probability` (their mean), `both` (whether they
        agree)
    k, metric, shuffles : neighbours that vote and what near means, and how often labels were shuffled for chance
    notes : sentences on what was sampled
    """

    sizes: tuple[int, int]
    rows: Rows
    fold: Folds
    second: Flags
    linear: Judgement
    neighbours: Judgement
    wrong_side: pd.DataFrame
    k: int
    metric: str
    shuffles: int
    notes: tuple[str, ...] = ()

    @property
    def best(self) -> Judgement:
        """The classifier that tells them apart better."""
        return max(self.linear, self.neighbours, key=lambda one: one.auc.value)

    @property
    def degree(self) -> str:
        """How well they can be told apart, in words: "almost perfectly" to "not at all"."""
        score = self.best.auc
        m, ones = len(self.second), int(self.second.sum())
        expected = np.sqrt((m + 1) / (12 * ones * (m - ones)))  # of the Mann-Whitney statistic when nothing differs
        if score.value <= max(score.chance + _CLEAR * max(score.spread, expected), score.top):
            return "not at all"
        return next(words for least, words in _DEGREES if score.value >= least)

    def verdict(self, first: str, second: str) -> str:
        """Return the finding in one sentence, with the names of the two groups."""
        score = self.best.auc
        numbers = f"{_figure(score.value)} against {score.chance:.2f} by chance"
        if self.degree == "not at all":
            return f"{first} and {second} cannot be told apart at all: {numbers}."
        return f"{first} and {second} can be told apart {self.degree}: {numbers}."


def _figure(share: float) -> str:
    """A score that reads 1 only when it is."""
    return f"{share:.2f}" if share < 0.99 or share == 1 else f"{min(share, 0.999):.3f}"


def separability(
    vectors: Floats,
    first: ArrayLike,
    second: ArrayLike,
    metric: str = "cosine",
    seed: int = 0,
    *,
    progress: Progress | None = None,
    most: int = MOST,
) -> Separation:
    """Return how well items of the vectors (n, d) that are `first` and `second`, (n,) bool each, can be told apart.

    Two classifiers judge every item by the items of other folds, of which there are five: stratified, shuffled, with
    the seed. One is linear: scikit-learn's logistic regression with C = 1 on standardised columns (see `planes`). The
    other asks the 15 nearest under `metric`, or fewer where a group is small. The same is done with labels shuffled
    within the folds. Of more than `most` items of a group a sample is learned from; all others are then judged by
    what was learned from it: by the plane, and the 10,000 that it likes least by their neighbours as well.

    Raises `ParameterError` for a group of fewer than five items, for groups that share items and for an unknown
    metric, `ShapeError` for flags of another length, `Cancelled` when `progress` does.
    """
    flags = _checked(len(vectors), first, second, metric)
    rng = np.random.default_rng(seed)
    rows = np.sort(np.concatenate([_drawn(np.flatnonzero(one), most, rng) for one in flags]))
    known, is_second = np.ascontiguousarray(vectors[rows]), flags[1][rows]
    fold = folds_of(is_second, _FOLDS, seed)
    labellings = np.stack([is_second, *_shuffled(is_second, fold, _shuffles(known), rng)])
    k = _voters(is_second, fold)
    nearest = neighbours_out_of_fold(known, fold, k, metric, part_of(progress, 0.0, 0.15))
    votes = np.stack([labels[nearest].mean(axis=1) for labels in labellings])
    planes = linear_out_of_fold(known, labellings, fold, part_of(progress, 0.15, 0.85))
    tables = [_wrong(rows, is_second, planes[0], votes[0])]
    rest = np.flatnonzero(flags[0] | flags[1])
    rest = np.setdiff1d(rest, rows, assume_unique=True)
    if len(rest):
        tables.append(
            _beyond(vectors, rest, flags[1][rest], (known, is_second, k, metric), part_of(progress, 0.85, 1))
        )
    table = pd.concat(tables).sort_values(["probability", "row"], ascending=[False, True], ignore_index=True)
    report(progress, "Done", 1.0)
    return Separation(
        sizes=(int(flags[0].sum()), int(flags[1].sum())),
        rows=rows,
        fold=fold,
        second=is_second,
        linear=judged("linear", labellings, planes),
        neighbours=judged("neighbours", labellings, votes),
        wrong_side=table,
        k=k,
        metric=metric,
        shuffles=len(labellings) - 1,
        notes=_notes(flags, rest, most, seed),
    )


def _checked(n: int, first: ArrayLike, second: ArrayLike, metric: str) -> tuple[Flags, Flags]:
    flags = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    if any(one.shape != (n,) for one in flags):
        raise ShapeError(f"The groups are flags of {flags[0].size} and {flags[1].size} items; there are {n} vectors.")
    if (flags[0] & flags[1]).any():
        raise ParameterError("The two groups share items.", "Choose two groups that have no item in common.")
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    fewest = min(int(one.sum()) for one in flags)
    if fewest < FEWEST:
        raise ParameterError(
            f"One of the groups has {counted(fewest, 'item')}; it takes {FEWEST} to learn from and be judged.",
            "Choose larger groups.",
        )
    return flags


def _drawn(rows: Rows, most: int, rng: np.random.Generator) -> Rows:
    return rows if len(rows) <= most else rng.choice(rows, most, replace=False)


def _shuffles(known: Floats) -> int:
    """How often labels are shuffled: the more often, the less that costs."""
    return int(np.clip(_WORTH // known.size, *_SHUFFLES))


def _shuffled(second: Flags, fold: Folds, times: int, rng: np.random.Generator) -> list[Flags]:
    """Labels dealt anew within each fold, so that all folds stay stratified."""
    found = [second.copy() for _ in range(times)]
    for labels in found:
        for number in range(_FOLDS):
            own = np.flatnonzero(fold == number)
            labels[own] = second[rng.permutation(own)]
    return found


def _voters(second: Flags, fold: Folds) -> int:
    """An odd number of neighbours, no more than the smaller group has among those that are learned from."""
    fewest = min(int(((second == side) & (fold != n)).sum()) for side in (False, True) for n in range(_FOLDS))
    k = min(_NEIGHBOURS, fewest)
    return k if k % 2 else k - 1


def _wrong(rows: Rows, second: Flags, plane: Numbers, votes: Numbers) -> pd.DataFrame:
    """The items that a classifier puts on the other side; probabilities (m,) are those of the second group."""
    linear, neighbours = (np.where(second, 1 - one, one) for one in (plane, votes))
    table = pd.DataFrame({"row": rows, "second": second, "linear": linear, "neighbours": neighbours})
    table["probability"] = table[["linear", "neighbours"]].mean(axis=1)
    table["both"] = (linear > 0.5) & (neighbours > 0.5)
    return table[(linear > 0.5) | (neighbours > 0.5)]


def _beyond(
    vectors: Floats,
    rows: Rows,
    second: Flags,
    learned: tuple[Floats, Flags, int, str],
    progress: Progress | None,
) -> pd.DataFrame:
    """The same for items outside the sample, by what was learned from the whole of it."""
    known, known_second, k, metric = learned
    with one_thread():
        plane = fit_planes(known, known_second[None], axes_of(known), lambda: report(progress, _OTHERS, 0.0))
    step = rows_at_once(vectors.shape[1])
    probability = np.empty(len(rows))
    for start in range(0, len(rows), step):
        report(progress, _OTHERS, 0.5 * start / len(rows))
        part = slice(start, start + step)
        probability[part] = plane.probability(vectors[rows[part]])[0]
    doubts = np.argsort(np.where(second, probability, 1 - probability), kind="stable")[:_ASKED_BEYOND]
    votes = np.full(len(rows), np.nan)
    nearest = neighbour_rows(known, vectors[rows[doubts]], k, metric, progress=part_of(progress, 0.5, 1.0))
    votes[doubts] = known_second[nearest].mean(axis=1)
    return _wrong(rows, second, probability, votes)


def _notes(flags: tuple[Flags, Flags], rest: Rows, most: int, seed: int) -> tuple[str, ...]:
    if not len(rest):
        return ()
    drawn = " and ".join(f"{most:,} of {size:,}" for size in (int(one.sum()) for one in flags) if size > most)
    notes = [f"The classifiers learned from {drawn} items, drawn at random (seed {seed}), and judged all others."]
    if len(rest) > _ASKED_BEYOND:
        notes.append(
            f"Of the others, only the {_ASKED_BEYOND:,} that the linear classifier doubts most were judged by their "
            "neighbours."
        )
    return tuple(notes)
