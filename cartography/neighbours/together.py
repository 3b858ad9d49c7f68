"""Several queries of one set: the items are looked through once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each, rows_at_once
from cartography.neighbours.lookup import Lookup

__all__ = ["look_together"]

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


def look_together(
    kept: Sequence[Lookup],
    others: Sequence[Lookup] = (),
    exclude: Sequence[Rows] = (),
    told: Callable[[float], None] = lambda _: None,
) -> Rows:
    """Find the `ranks` of each of `kept`, and return for each of `others` the row (m,) of the item nearest to it.

    All are of one set and one metric; under cosine `others` are not zero. Each of `others` leaves out its own rows to
    `exclude`; where none is left its row is -1. Items whose distances differ by no more than rounding may be taken
    for each other. Numbers held: n for each of `kept`, a block's for `others`.
    """
    able = [one for one in kept if one.metric != "cosine" or one.query.any()]  # others are told apart without products
    both = [*able, *others]
    if not both:
        return np.empty(0, np.int64)
    first = both[0]
    items = first.vectors
    weights = np.stack([one.weights for one in both]).T
    ranks = np.empty((len(able), len(items)), np.float32)
    step = rows_at_once(max(len(both), items.shape[1]))
    blocks = range(0, len(items), step)
    found = _Nearest(len(blocks), len(others), exclude)
    first.prepare()

    def look(begin: int) -> None:
        part = slice(begin, min(begin + step, len(items)))
        products = (items[part] @ weights).T  # few columns: this way round takes half as long
        first.finish(products, part)
        ranks[:, part] = products[: len(able)]
        found.see(products[len(able) :], part, begin // step)

    for_each(look, blocks, told)
    for lookup, row in zip(able, ranks, strict=True):
        lookup.ranks = row
    return found.rows()


class _Nearest:
    """The nearest item of each of m queries in every block, and from these in all."""

    def __init__(self, blocks: int, queries: int, exclude: Sequence[Rows]) -> None:
        owners = np.repeat(np.arange(len(exclude)), [len(rows) for rows in exclude])
        rows = np.concatenate([*exclude, np.empty(0, np.int64)])
        order = np.argsort(rows, kind="stable")
        self._left_out, self._owners = rows[order], owners[order]
        self._ranks = np.full((blocks, queries), np.inf, np.float32)
        self._rows = np.full((blocks, queries), -1, np.int64)

    def see(self, ranks: Floats, part: slice, block: int) -> None:
        """Look at the ranks (m, b) of the items of one block; the ones left out become infinite in it."""
        if not len(ranks):
            return
        low, high = np.searchsorted(self._left_out, [part.start, part.stop])
        ranks[self._owners[low:high], self._left_out[low:high] - part.start] = np.inf
        nearest = ranks.argmin(axis=1)
        self._ranks[block] = ranks[np.arange(len(ranks)), nearest]
        self._rows[block] = nearest + part.start

    def rows(self) -> Rows:
        """Return the rows (m,) of the nearest items of all blocks; -1 where none is left."""
        queries = np.arange(self._ranks.shape[1])
        block = self._ranks.argmin(axis=0)
        return np.where(np.isfinite(self._ranks[block, queries]), self._rows[block, queries], -1)
