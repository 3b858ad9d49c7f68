"""Who the items near a border are neighbours of in the original space: items of their own group, or of the other."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import rows_at_once
from cartography.land.border_lines import Line

__all__ = ["count_pairs"]

Rows = NDArray[np.int64]
Places = NDArray[np.float32]

_NEAREST = 30  # items of each group that are asked at a stretch, nearest first,
_BAND = 2.0  # cells: and all that stand nearer than this,
_PAIRS = 100  # and more of them while so many pairs have not been found,
_MOST = 300  # but no more than this
_FARTHEST = 6.0  # spacings of items, and as many cells at least, and none that stands farther off
_ASKED = 15  # neighbours of an item that count
_SAMPLE = 8_000  # items of one group near borders that are looked at
_NOBODY: Rows = np.zeros(0, dtype=np.int64)


def count_pairs(
    lines: list[Line], places: Places, codes: NDArray[np.int32], indices: NDArray[np.int32], spacing: float
) -> NDArray[np.int64]:
    """Return (lines, 2, 2) neighbour pairs, from the group in the row to the group in the column.

    `lines` come sorted by their codes; `places` (n, 2) are in cells as they are, `codes` (n,) and the neighbours'
    `indices` (n, k) belong to the same items, and `spacing` is the typical distance of an item to the next, in cells.
    Items count at the nearest stretch of a border only. Where a group has more than 8,000 items near borders, so many
    of them, drawn at random, are looked at.
    """
    pairs = np.zeros((len(lines), 2, 2), dtype=np.int64)
    if not lines or not indices.size:
        return pairs
    farthest = _FARTHEST * max(1.0, spacing)
    near = _near(lines, places, codes, farthest)
    first = 0
    for both, found in groupby(lines, key=lambda line: line.codes):
        parts = [*found]
        for side, code in enumerate(both):
            rows = near.get(code, _NOBODY)
            asked, at, away = _by_nearness(parts, rows, places[rows], farthest)
            met = codes[indices[asked, :_ASKED]]
            kept = np.stack([(met == one).sum(axis=1) for one in both], axis=1)
            pairs[first : first + len(parts), side] = _summed(kept, at, away, len(parts))
        first += len(parts)
    return pairs


def _near(lines: list[Line], places: Places, codes: NDArray[np.int32], farthest: float) -> dict[int, Rows]:
    """The rows near any line, or a sample of them, by their group."""
    rows = _rows_on(_reach(lines, farthest), places)
    rows = rows[codes[rows] >= 0]
    sizes = np.bincount(codes[rows], minlength=1)
    if sizes.max() > _SAMPLE:
        chance = np.random.default_rng(0).random(len(rows))
        rows = rows[chance * sizes[codes[rows]] < _SAMPLE]
    rows = rows[np.argsort(codes[rows], kind="stable")]
    found, first = np.unique(codes[rows], return_index=True)
    return dict(zip(found.tolist(), np.split(rows, first[1:]), strict=True)) if len(rows) else {}


def _reach(lines: list[Line], farthest: float) -> NDArray[np.bool_]:
    """The cells, in a square grid that holds all lines, with a centre at most `farthest` and a cell from a line."""
    from scipy.ndimage import distance_transform_edt

    points = np.concatenate([line.points for line in lines]).astype(np.int64)
    side = int(points.max() + farthest) + 3
    away = np.ones((side, side), dtype=bool)
    away[points[:, 1], points[:, 0]] = False
    return np.asarray(distance_transform_edt(away) <= farthest + 1.5)


def _rows_on(reach: NDArray[np.bool_], places: Places) -> Rows:
    step, last = rows_at_once(2), len(reach) - 1
    found = [_NOBODY]
    for first in range(0, len(places), step):
        at = np.clip(places[first : first + step].astype(np.int32), 0, last)
        found.append(first + np.flatnonzero(reach[at[:, 1], at[:, 0]]))
    return np.concatenate(found)


def _by_nearness(
    parts: list[Line], rows: Rows, places: Places, farthest: float
) -> tuple[Rows, Rows, NDArray[np.float64]]:
    """The rows that may be asked about a border, the part each stands nearest to and how far off: nearest first."""
    from scipy.spatial import cKDTree

    points = np.concatenate([part.points for part in parts])
    owner = np.repeat(np.arange(len(parts)), [len(part.points) for part in parts])
    low, high = points.min(axis=0) - farthest, points.max(axis=0) + farthest
    inside = ((places >= low) & (places <= high)).all(axis=1)
    away, nearest = cKDTree(points).query(places[inside], distance_upper_bound=farthest)
    within = np.isfinite(away)
    rows, away, at = rows[inside][within], away[within], owner[nearest[within]]
    order = np.lexsort((away, at))
    order = order[(_place(at[order]) < _MOST) | (away[order] <= _BAND)]
    return rows[order], at[order], away[order]


def _place(at: Rows) -> Rows:
    """The how-manieth of its part each row is, from 0; `at` is sorted."""
    return np.arange(len(at)) - np.searchsorted(at, at)


def _summed(kept: Rows, at: Rows, away: NDArray[np.float64], parts: int) -> Rows:
    """(parts, 2): the pairs `kept` (m, 2) of the nearest rows, summed over each part."""
    before = np.cumsum(kept.sum(axis=1)) - kept.sum(axis=1)
    before -= before[np.searchsorted(at, at)]
    asked = (_place(at) < _NEAREST) | (away <= _BAND) | (before < _PAIRS)
    return np.stack([np.bincount(at[asked], side[asked], parts) for side in kept.T], axis=1).astype(np.int64)
