"""The members of an axis's poles as points, and the direction that points of two sides make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.regression import plane_between, standard_of
from cartography.inspection.borders.planes import Standard
from cartography.neighbours.metrics import unit_rows
from cartography.records import AxisSpec, EmbeddingSet

__all__ = ["Making", "Sides", "counted", "making_of", "members_of"]

_MOST = {"poles": 2_000, "pairs": 2_000, "separator": 200}  # members of a pole that are judged

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Sides:
    """Points of the high side (a, d) and of the low one (b, d), as the metric counts them.

    `groups` (a,) is given for pairs, of which the i-th has point i of either side: those that share an item are in
    one group and can be held out only together.
    """

    high: Floats
    low: Floats
    groups: NDArray[np.int32] | None = None

    @property
    def sizes(self) -> tuple[int, int]:
        """How many points each has, high and low."""
        return len(self.high), len(self.low)

    @property
    def linked(self) -> bool:
        """Whether pairs share items."""
        return self.groups is not None and int(self.groups.max()) + 1 < len(self.groups)


@dataclass(frozen=True, eq=False)
class Making:
    """How a direction (d,) is made between points high (a, d) and low (b, d).

    `by_means` where it is the difference of the means, not brought to length 1; all others have length 1. `slow`
    where it takes milliseconds.
    """

    between: Callable[[Floats, Floats], Numbers] = field(repr=False)
    by_means: bool = False
    slow: bool = False


def making_of(spec: AxisSpec, embeddings: EmbeddingSet, metric: str) -> Making:
    """Return how an axis of this spec is made from its poles."""
    if spec.kind == "separator":
        return Making(_Plane(standard_of(embeddings.vectors, metric == "cosine")), slow=True)
    if spec.kind == "pairs" and spec.component:
        return Making(_component)
    return Making(_difference, by_means=True)


def members_of(embeddings: EmbeddingSet, axis: Axis, metric: str, seed: int) -> tuple[Sides, tuple[str, ...]]:
    """Return the points of an axis's poles, and notes on those left out: in both poles, copies, too many."""
    if axis.spec.kind == "pairs":
        return _pairs(embeddings, axis, metric, seed)
    high, low = np.unique(axis.high_rows), np.unique(axis.low_rows)
    shared = np.intersect1d(high, low)
    notes = []
    if len(shared):
        high, low = np.setdiff1d(high, shared), np.setdiff1d(low, shared)
        notes.append(f"Items in both poles were not judged: {len(shared):,}.")
    most, rng = _MOST[axis.spec.kind], np.random.default_rng(seed)
    drawn = [rows if len(rows) <= most else np.sort(rng.choice(rows, most, replace=False)) for rows in (high, low)]
    if len(drawn[0]) < len(high) or len(drawn[1]) < len(low):
        notes.append(f"Of each pole, {most:,} items drawn at random were judged.")
    once = [rows[np.unique(_codes(embeddings.vectors[rows]), return_index=True)[1]] for rows in drawn]
    copies = sum(map(len, drawn)) - sum(map(len, once))
    if copies:  # or what is held out would be there all the same
        notes.append(f"Members with the very same vector were judged as one: {copies:,} fewer.")
    points = [counted(embeddings.vectors[np.sort(rows)], metric) for rows in once]
    return Sides(points[0], points[1]), tuple(notes)


def counted(vectors: Floats, metric: str) -> Floats:
    """Return vectors (m, d) as they count: under "cosine" with length 1."""
    return unit_rows(vectors) if metric == "cosine" else vectors


def _pairs(embeddings: EmbeddingSet, axis: Axis, metric: str, seed: int) -> tuple[Sides, tuple[str, ...]]:
    both = np.unique(np.column_stack([axis.high_rows, axis.low_rows]), axis=0)
    both = both[both[:, 0] != both[:, 1]]
    count, most, notes = len(both), _MOST["pairs"], tuple[str, ...]()
    if count > most:
        both = both[np.sort(np.random.default_rng(seed).choice(count, most, replace=False))]
        notes = (f"{most:,} of the {count:,} pairs, drawn at random, were judged.",)
    points = [counted(embeddings.vectors[rows], metric) for rows in both.T]
    ends = _codes(embeddings.vectors[both.ravel()]).reshape(both.shape)
    return Sides(points[0], points[1], _groups(ends)), notes


def _codes(vectors: Floats) -> Rows:
    """Return (m,) numbers from 0 that are the same for vectors (m, d) that are the very same."""
    known: dict[bytes, int] = {}
    return np.array([known.setdefault(vector.tobytes(), len(known)) for vector in vectors], np.int64)


def _groups(ends: Rows) -> NDArray[np.int32]:
    """Which pairs (k, 2) of numbers hang together by those they share: (k,) from 0."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    count = int(ends.max(initial=0)) + 1
    ties = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    part = connected_components(ties, directed=False)[1]
    return np.unique(part[ends[:, 0]], return_inverse=True)[1].astype(np.int32)


def _difference(high: Floats, low: Floats) -> Numbers:
    return high.mean(axis=0, dtype=np.float64) - low.mean(axis=0, dtype=np.float64)


def _component(high: Floats, low: Floats) -> Numbers:
    """As `find_axis` does: the first principal component of the differences about zero, pointing from low to high."""
    differences = (high - low).astype(np.float64)
    if len(differences) <= differences.shape[1]:  # then their products with each other are fewer
        values, ours = np.linalg.eigh(differences @ differences.T)
        direction = differences.T @ ours[:, -1]
    else:
        values, ours = np.linalg.eigh(differences.T @ differences)
        direction = ours[:, -1]
    length = float(np.linalg.norm(direction))
    if not (values[-1] > 0 and length > 0):
        return np.zeros(differences.shape[1])
    return direction / length * (np.sign((differences @ direction).mean()) or 1.0)


@dataclass(frozen=True, eq=False)
class _Plane:
    """Across the plane of a logistic regression, found in the few dimensions that the points span."""

    standard: Standard

    def __call__(self, high: Floats, low: Floats) -> Numbers:
        points = np.concatenate([high, low]) - self.standard.mean
        if len(points) >= points.shape[1]:
            found = plane_between(low, high, self.standard).normal
        else:
            basis, turned = np.linalg.qr(points.T)  # (d, m), (m, m): neither penalty nor planes know the difference
            scale = float(self.standard.scale.mean())
            flat = Standard(np.zeros(len(points)), np.full(len(points), scale))
            turned = turned.T.astype(np.float32)
            found = basis @ plane_between(turned[len(high) :], turned[: len(high)], flat).normal
        length = float(np.linalg.norm(found))
        return found / length if length > 0 else found
