"""UMAP's layout by our own kernels: the same for a seed on any number of threads, to the bit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cartography.curve import along_a_curve
from cartography.progress import Pace, Progress, report
from cartography.projectors.standing import Standing

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Course", "lay_out_umap"]

Floats = NDArray[np.float32]

_GROUPS = 4  # moved in turn, each seeing where the ones before it have gone: as good as twice the epochs
_STAGE = "Laying out (UMAP)"
_TOLD_EVERY = 4
_CURVE_BITS = 16
_SORTED_FROM = 20_000  # items from which neighbours on the map should be neighbours in memory
_TURN = 0x9E3779B97F4A7C15
_WORD = (1 << 64) - 1


@dataclass(frozen=True)
class Course:
    """The curve of closeness `a`, `b`; how many epochs; how many items push for each that pulls; the first rate."""

    a: float
    b: float
    epochs: int = 200
    negatives: float = 10.0
    rate: float = 1.0
    seed: int = 0


def lay_out_umap(
    strengths: csr_array,
    start: Floats,
    course: Course,
    threads: int | None = None,
    progress: Progress | None = None,
    *,
    standing: Standing | None = None,
) -> Floats:
    """Return coordinates (n, 2 or 3) float32 that pull tied items together and push the others apart.

    `strengths` is the symmetric matrix of `memberships`, `start` (n, 2 or 3) the first coordinates. From `standing`
    a layout that was stopped goes on.
    """
    from cartography.kernels.crew import Crew
    from cartography.kernels.umap_layout import CHUNK, MOST_PUSHES, sweep, sweep_3d

    n = len(start)
    standing = standing or Standing()
    kernel = sweep if start.shape[1] == 2 else sweep_3d
    order = standing.parts["order"] if standing.parts else _order(start)
    points = standing.parts.get("points", np.ascontiguousarray(start[order], np.float32))
    starts, tails, weights = _ties(strengths, order)
    totals = np.bincount(np.repeat(np.arange(n), np.diff(starts)), weights, n)
    pushes = np.clip(np.rint(course.negatives * totals), 1, MOST_PUSHES).astype(np.int32)
    push_weights = (course.negatives * totals / pushes).astype(np.float32)
    moved, ties = points.copy(), (starts, tails, weights, pushes, push_weights)
    a, b = np.float32(course.a), np.float32(course.b)
    chunks = -(-n // CHUNK)
    pace = Pace(_TOLD_EVERY * _GROUPS)
    with Crew(n, threads) as crew:
        for turn in range(standing.step, course.epochs * _GROUPS):
            epoch, group = divmod(turn, _GROUPS)
            if pace.due(turn):
                said = f"step {epoch} of {course.epochs}"
                with standing.at(turn, points=points, order=order):
                    report(progress, _STAGE, epoch / course.epochs, said, _sorted_back(points, order))
            rate = np.float32(course.rate * (1 - epoch / course.epochs))
            seed = np.uint64((course.seed * 1_000_003 + turn + 1) * _TURN & _WORD)
            crew.over(chunks, partial(kernel, points, moved, *ties, group, _GROUPS, seed, a, b, rate))
            points[group::_GROUPS] = moved[group::_GROUPS]
    standing.clear()
    report(progress, _STAGE, 1.0)
    return _sorted_back(points, order)


def _ties(strengths: csr_array, order: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int32], Floats]:
    """Return the ties of the items in their new order: where each one's begin, who they lead to, how strong."""
    n = len(order)
    if (order[1:] > order[:-1]).all():
        starts, tails, weights = strengths.indptr, strengths.indices, strengths.data
    else:
        places = np.empty(n, np.int32)
        places[order] = np.arange(n, dtype=np.int32)
        sorted_rows = strengths[order]
        starts, tails, weights = sorted_rows.indptr, places[sorted_rows.indices], sorted_rows.data
    strongest = np.float32(weights.max()) if len(weights) else np.float32(1)
    return starts.astype(np.int64), tails.astype(np.int32), (weights / strongest).astype(np.float32)


def _order(start: Floats) -> NDArray[np.integer]:
    """Rows in an order in which what is read together lies together."""
    n = len(start)
    if n < _SORTED_FROM:
        return np.arange(n)
    return along_a_curve(start[:, :2], _CURVE_BITS, stretched=True)


def _sorted_back(points: Floats, order: NDArray[np.integer]) -> Floats:
    back = np.empty_like(points)
    back[order] = points
    return back
