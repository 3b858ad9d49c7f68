"""Borders: where one realm gives way to the next, and whether the original space supports the split."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.land.realms import Groups
from cartography.records import Border, NeighbourGraph, Terrain

__all__ = ["build_borders"]


def build_borders(
    terrain: Terrain,  # noqa: ARG001
    coordinates: NDArray[np.float32],  # noqa: ARG001
    realm_grid: NDArray[np.int16],  # noqa: ARG001
    groups: Groups,  # noqa: ARG001
    neighbours: NeighbourGraph | None,  # noqa: ARG001
) -> tuple[Border, ...]:
    """Return the lines between neighbouring realms, each with its support."""
    return ()
