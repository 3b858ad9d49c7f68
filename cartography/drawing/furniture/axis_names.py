"""What the axes of a map in three dimensions are called."""

from __future__ import annotations

from cartography.records import Provenance

__all__ = ["axis_names"]

_SIDES = ("x", "y", "z")


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
