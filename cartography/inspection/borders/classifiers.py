"""Two ways to tell two groups apart, each judging only items that it has not learned from."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each, one_thread
from cartography.inspection.borders.planes import axes_of, fit_planes
from cartography.neighbours.metrics import Space
from cartography.progress import Progress, report

__all__ = ["folds_of", "linear_out_of_fold", "neighbour_rows", "neighbours_out_of_fold"]

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Folds = NDArray[np.int8]

_PRODUCTS = 1 << 22  # distances held at once: 16 MB of float32


def folds_of(second: Flags, folds: int, seed: int) -> Folds:
    """Return (m,) int8 the fold 0..folds-1 in which each item is judged, as scikit-learn's StratifiedKFold does."""
    from sklearn.model_selection import StratifiedKFold

    found = np.zeros(len(second), np.int8)
    split = StratifiedKFold(folds, shuffle=True, random_state=seed).split(second, second)
    for number, (_, judged) in enumerate(split):
        found[judged] = number
    return found


def linear_out_of_fold(vectors: Floats, labellings: Flags, fold: Folds, progress: Progress | None = None) -> Numbers:
    """Return (L, m) how probable it is that each vector (m, d) is in the second group, by those of other folds.

    `labellings` (L, m) say which are. Logistic regression (see `planes`) on columns brought to mean 0 and variance 1
    by the vectors that are learned from.
    """
    found = np.empty(labellings.shape)
    folds = int(fold.max()) + 1
    with one_thread():
        axes = axes_of(vectors)
        for number in range(folds):
            told = partial(report, progress, "Drawing planes between them", number / folds)
            own = fold == number
            found[:, own] = fit_planes(vectors[~own], labellings[:, ~own], axes, told).probability(vectors[own])
    return found


def neighbours_out_of_fold(
    vectors: Floats, fold: Folds, k: int, metric: str, progress: Progress | None = None
) -> NDArray[np.int32]:
    """Return (m, k) which of the same vectors (m, d) in other folds are nearest to each, in no particular order."""
    return neighbour_rows(vectors, vectors, k, metric, folds=(fold, fold), progress=progress)


def neighbour_rows(
    known: Floats,
    asked: Floats,
    k: int,
    metric: str,
    *,
    folds: tuple[NDArray[np.integer], NDArray[np.integer]] | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int32]:
    """Return (m, k) the rows of `known` (s, d) nearest to each of `asked` (m, d), in no particular order.

    `folds` are those of the known and of the asked; none is the neighbour of one in its own fold.
    """
    space = Space.of(known, metric)
    points, queries = space.points(known), space.queries(asked)
    lengths = np.einsum("ij,ij->i", points, points)
    found = np.empty((len(asked), k), np.int32)
    step = max(1, _PRODUCTS // len(known))

    def search(start: int) -> None:
        part = slice(start, start + step)
        rank = queries[part] @ points.T
        rank *= -2
        rank += lengths
        if folds is not None:
            rank[folds[1][part, None] == folds[0]] = np.inf
        found[part] = np.argpartition(rank, k - 1, axis=1)[:, :k]

    for_each(search, range(0, len(asked), step), lambda done: report(progress, "Asking the neighbours", done))
    return found
