"""From a column of the items to the sizes at which they are drawn."""

from __future__ import annotations

import numpy as np

from cartography.columns import numbers_in
from cartography.errors import ParameterError, unknown_name
from cartography.land.colouring import ends_of
from cartography.records import GRADES, EmbeddingSet, Sizing

__all__ = ["sizing_of"]


def sizing_of(embeddings: EmbeddingSet, column: str | None) -> Sizing | None:
    """Return sizes by a column of numbers or dates; None for no column.

    Raises `ParameterError` for a column that is not there or holds no numbers.
    """
    if column is None:
        return None
    if column not in embeddings.items.columns:
        raise unknown_name("column", column, map(str, embeddings.items.columns))
    numbers = numbers_in(embeddings.items[column])
    if numbers is None or not np.isfinite(numbers).any():
        raise ParameterError(
            f"The column {column!r} holds no numbers, so nothing can be drawn as large as it says.",
            "Choose a column of numbers.",
        )
    known = np.isfinite(numbers)
    low, high = ends_of(numbers[known])
    share = (np.where(known, numbers, low) - low) / (high - low)
    grades = np.clip(np.floor(share * len(GRADES)), 0, len(GRADES) - 1).astype(np.uint8)
    return Sizing(str(column), grades, low, high)
