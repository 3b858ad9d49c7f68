"""Roads and ferries: towns that are tied together in the original space more than chance would have it."""

from __future__ import annotations

from collections.abc import Sequence

from cartography.records import Clustering, NeighbourGraph, Road, Terrain, Town

__all__ = ["build_roads"]


def build_roads(
    terrain: Terrain,
    towns: Sequence[Town],
    clustering: Clustering,
    neighbours: NeighbourGraph | None,  # noqa: ARG001
) -> tuple[Road, ...]:
    """Return the roads between towns, strongest first."""
    return ()
