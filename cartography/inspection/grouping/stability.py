"""Whether clusters come back when the items are drawn again (Hennig 2007), against data that have none.

Half of the items, two thousand at most, are drawn again and again and grouped anew. A cluster's stability is the
mean, over those draws, of the Jaccard index between what was drawn of it and the new cluster most like it. Two
baselines go with it: `chance`, the same with the new labels shuffled; and `null`, what the same method gets on one
Gaussian cloud as wide as the data in every direction, where any clusters are the method's own doing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import one_thread
from cartography.errors import ParameterError
from cartography.progress import Progress, part_of, report

__all__ = ["MOST_DRAWN", "Grouped", "Stability", "best_matches", "cloud_like", "stability"]

Labels = NDArray[np.int32]
Doubles = NDArray[np.float64]
Grouped = Callable[[NDArray[np.float32], int, int], Labels]
"""Groups points (m, d) anew: what is given are the points, how many clusters were wanted, and a seed."""

MOST_DRAWN = 2_000
"""So many items are drawn at most."""

_LEAST = 3  # of its items that must have been drawn for a draw to count
_STAGE = "Drawing again"


@dataclass(frozen=True, eq=False)
class Stability:
    """How well the clusters of a level come back.

    `means`, `spreads` and `chances` (count,) are of the best Jaccard index over the draws: its mean, its standard
    deviation, and its mean with the new labels shuffled; NaN for clusters too small to be drawn. `null` is the mean
    over all clusters of a cloud without any, None where it was not asked for. `drawn` items of `total`, `runs` times.
    """

    means: Doubles
    spreads: Doubles
    chances: Doubles
    null: float | None
    runs: int
    drawn: int
    total: int

    @property
    def words(self) -> str:
        """What came of it in one or two sentences."""
        known = self.means[np.isfinite(self.means)]
        if not len(known):
            return "The clusters are too small for a draw to hold enough of any."
        said = (
            f"Over {self.runs} draws of {self.drawn:,} of {self.total:,} items, clusters come back at "
            f"{known.mean():.2f} (1 is always and whole); shuffled labels would give {np.nanmean(self.chances):.2f}"
        )
        if self.null is None:
            return f"{said}."
        return f"{said}, the same method on a cloud without clusters {self.null:.2f}."


def stability(
    points: NDArray[np.float32],
    labels: Labels,
    grouped: Grouped,
    *,
    runs: int = 20,
    seed: int = 0,
    null: bool = True,
    progress: Progress | None = None,
) -> Stability:
    """Draw half of the items `runs` times and group them anew; `labels` (n,) are the clusters asked about.

    `points` (n, d) are what `grouped` works on. Raises `ParameterError` where there is no cluster or too little to
    draw from; whatever `grouped` raises and `Cancelled` pass.
    """
    count, n = int(labels.max(initial=-1)) + 1, len(labels)
    drawn = min(MOST_DRAWN, n // 2)
    if count == 0 or drawn < 2 * _LEAST:
        raise ParameterError("There is too little here to draw from.", "Stability needs a dozen items and a cluster.")
    rng = np.random.default_rng(seed)
    draws = runs, drawn, rng
    found = _over_draws(points, labels, grouped, draws, part_of(progress, 0.0, 0.5 if null else 1.0))
    without = _without_clusters(points, count, grouped, draws, part_of(progress, 0.5, 1.0)) if null else None
    report(progress, _STAGE, 1.0)
    return Stability(*found, without, runs, drawn, n)


def cloud_like(points: NDArray[np.float32], n: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return one Gaussian cloud of n points with the mean and covariance of points (m, d)."""
    some = (
        points if len(points) <= MOST_DRAWN else points[np.sort(rng.choice(len(points), MOST_DRAWN, replace=False))]
    )
    centre = some.mean(axis=0)
    mixed = rng.standard_normal((n, len(some)), dtype=np.float32) @ (some - centre)
    return np.asarray(mixed / np.sqrt(max(len(some) - 1, 1)) + centre, np.float32)


def best_matches(labels: Labels, found: Labels, count: int) -> Doubles:
    """Return for clusters 0..count-1 of `labels` (m,) the best Jaccard index with any cluster of `found` (m,).

    NaN where fewer than three items are in the cluster.
    """
    width = int(found.max(initial=-1)) + 1
    sizes = np.bincount(labels[labels >= 0], minlength=count)
    if width == 0:
        return np.where(sizes >= _LEAST, 0.0, np.nan)
    both = (labels >= 0) & (found >= 0)
    keys, shared = np.unique(labels[both].astype(np.int64) * width + found[both], return_counts=True)
    one, other = keys // width, keys % width
    whole = sizes[one] + np.bincount(found[found >= 0], minlength=width)[other] - shared
    best = np.zeros(count)
    np.maximum.at(best, one, shared / whole)
    return np.where(sizes >= _LEAST, best, np.nan)


def _over_draws(
    points: NDArray[np.float32],
    labels: Labels,
    grouped: Grouped,
    draws: tuple[int, int, np.random.Generator],
    progress: Progress | None,
) -> tuple[Doubles, Doubles, Doubles]:
    """Return means, standard deviations and chances (count,); `draws` is how often, how many, and what draws."""
    runs, drawn, rng = draws
    count = int(labels.max()) + 1
    known, chance = np.empty((runs, count)), np.empty((runs, count))
    for run in range(runs):
        report(progress, _STAGE, run / runs, f"draw {run + 1} of {runs}")
        rows = np.sort(rng.choice(len(labels), drawn, replace=False))
        own = labels[rows]
        with one_thread():  # what is drawn is small
            found = grouped(points[rows], count, int(rng.integers(2**31 - 1)))
        known[run] = best_matches(own, found, count)
        chance[run] = best_matches(own, rng.permutation(found), count)
    return _mean(known), np.sqrt(_mean((known - _mean(known)) ** 2)), _mean(chance)


def _mean(values: Doubles) -> Doubles:
    """Return the mean over the runs in which there was a value, NaN where there was in fewer than half."""
    there = np.isfinite(values)
    times = there.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(2 * times >= len(values), np.where(there, values, 0).sum(axis=0) / times, np.nan)


def _without_clusters(
    points: NDArray[np.float32],
    count: int,
    grouped: Grouped,
    draws: tuple[int, int, np.random.Generator],
    progress: Progress | None,
) -> float | None:
    """Return the mean stability of what the method finds in a cloud; None where it finds nothing there."""
    _, drawn, rng = draws
    cloud = cloud_like(points, 2 * drawn, rng)
    report(progress, _STAGE, 0.0, "a cloud without clusters")
    with one_thread():
        own = grouped(cloud, count, int(rng.integers(2**31 - 1)))
    if own.max(initial=-1) < 0:
        return None
    means, _, _ = _over_draws(cloud, own, grouped, draws, progress)
    return float(np.nanmean(means)) if np.isfinite(means).any() else None
