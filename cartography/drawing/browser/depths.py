"""What the view in three dimensions is sent: how far items rise out of the map, and what its axes are called."""

from __future__ import annotations

from cartography.drawing.browser.world import World
from cartography.records import Provenance

__all__ = ["axis_names", "depths_blob"]

_SIDES = ("x", "y", "z")


def depths_blob(world: World) -> bytes:
    """Return (n,) float32 little-endian depths in wire order; nothing where the map is flat."""
    depths = world.depths
    return b"" if depths is None else depths.astype("<f4", copy=False).tobytes()


def axis_names(provenance: Provenance) -> tuple[str, ...]:
    """Return three names, from west to east, from south to north and upwards; none where axes mean nothing."""
    params = provenance.params
    if provenance.method == "given":
        return _SIDES
    if provenance.method == "pca":
        return tuple(f"PC {params.get(f'component_{side}', i + 1)}" for i, side in enumerate(_SIDES))
    if provenance.method == "axes":
        return tuple(str(params.get(side) or "") for side in _SIDES)
    return ()
