"""The items that a pole means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.columns import columns_of
from cartography.errors import ParameterError, unknown_name
from cartography.records import EmbeddingSet, Pole

__all__ = ["pole_of", "rows_of"]

_DRAWN = 2_000

Rows = NDArray[np.int64]


def rows_of(embeddings: EmbeddingSet, pole: Pole) -> Rows:
    """Return the rows (m,) of the items of a pole, in the order in which it names them.

    Raises `ParameterError` for an item, a column or a value that is not there, with the nearest one.
    """
    if pole.column is None:
        rows = np.asarray(embeddings.ids.get_indexer(list(pole.ids)), np.int64)
        if (rows < 0).any():
            missing = pole.ids[int((rows < 0).argmax())]
            raise ParameterError(
                f"The pole {pole.name!r} names the item {missing!r}; it is not among the {len(embeddings):,} here.",
                "Take it out of the pole, or draw all items instead of a sample.",
            )
        return rows
    column = columns_of(embeddings).named(pole.column)
    for value in pole.values:
        if value not in column.names:
            raise unknown_name(f"value of {pole.column}", value, column.names)
    codes = [column.names.index(value) for value in pole.values]
    return np.flatnonzero(np.isin(column.codes, codes)).astype(np.int64)


def pole_of(embeddings: EmbeddingSet, rows: NDArray[np.integer], name: str, seed: int = 0) -> Pole:
    """Return the pole made of some items; of more than 2,000 so many are drawn at random by the seed."""
    rows = np.asarray(rows, np.int64)
    if len(rows) > _DRAWN:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _DRAWN, replace=False))
    return Pole(name, ids=tuple(str(one) for one in embeddings.ids[rows]))
