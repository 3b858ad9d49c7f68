"""Means of groups of items, however large and many: one look through the vectors for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each, rows_at_once
from cartography.inspection.nearness.query import middle_of

__all__ = ["group_means"]

_FEW = 50  # groups that hold less than this part of all items together are fetched one by one

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]


def group_means(
    vectors: Floats, groups: Sequence[Rows], unit: bool, told: Callable[[float], None] = lambda _: None
) -> Numbers:
    """Return the means (k, d) of groups of rising rows, none of them twice in a group, of vectors (n, d).

    With `unit`, of directions.
    """
    if sum(map(len, groups)) * _FEW < len(vectors) + _FEW * len(groups):
        metric = "cosine" if unit else "euclidean"
        return np.stack([middle_of(vectors, rows, metric) for rows in groups]).astype(np.float64)
    return _in_one_look(vectors, groups, unit, told)


def _in_one_look(vectors: Floats, groups: Sequence[Rows], unit: bool, told: Callable[[float], None]) -> Numbers:
    totals = np.zeros((len(groups), vectors.shape[1]))
    step = rows_at_once(max(vectors.shape[1], len(groups)))
    blocks = range(0, len(vectors), step)
    sums: list[Numbers | None] = [None] * len(blocks)
    lock, added = Lock(), 0

    def add(begin: int) -> None:
        """Add up a block; sums are added in their order, whichever thread is done first, for the same last digit."""
        nonlocal added
        block = vectors[begin : begin + step]
        shares = np.zeros((len(groups), len(block)), np.float32)
        for share, rows in zip(shares, groups, strict=True):
            low, high = np.searchsorted(rows, [begin, begin + len(block)])
            share[rows[low:high] - begin] = 1
        if unit:
            lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
            shares /= np.where(lengths > 0, lengths, 1)
        found = (shares @ block).astype(np.float64)
        with lock:
            sums[begin // step] = found
            while added < len(sums) and (ready := sums[added]) is not None:
                totals[:] += ready
                sums[added] = None
                added += 1

    for_each(add, blocks, told)
    return totals / np.array([[len(rows)] for rows in groups])
