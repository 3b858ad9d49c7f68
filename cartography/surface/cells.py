"""Which cell of a grid over the terrain's square items stand in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.records import Terrain

__all__ = ["cells_at"]


def cells_at(terrain: Terrain, points: NDArray[np.float32], cells: int) -> NDArray[np.int32]:
    """Return column and row (m, 2) of points (m, 2) in a grid of `cells` x `cells`, row 0 in the south.

    What lies beyond the square counts to its outermost cells.
    """
    unit = (points - np.asarray(terrain.origin, dtype=np.float32)) / np.float32(terrain.side)
    return np.clip((unit * cells).astype(np.int32), 0, cells - 1)
