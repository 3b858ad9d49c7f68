"""What the sides of a map on axes mean, what is written at their ends, and the items that made them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cartography.items import title
from cartography.records import AxisSpec, Bearing, EmbeddingSet, MapAxis, Pole, Projection, Recipe, Terrain, Town

__all__ = ["build_axes", "build_landmarks", "framing", "toward_poles"]

_NAMED = 6  # members of a pole
_FEW = 40  # members up to which a pole is a list that somebody wrote
_RANK = 2
_ROOM = 0.15  # of the map's longer side, around land and landmarks: names of the sides, search and legend lie there


def build_axes(projection: Projection, recipe: Recipe) -> tuple[MapAxis, ...]:
    """Return the axes of a map that was placed on some, x first; none for other maps."""
    if projection.method != "axes":
        return ()
    specs = {spec.name: spec for spec in recipe.specs}
    shared = projection.params.get("scale") == "shared"
    found = []
    for side in ("x", "y", "z"):
        name = projection.params.get(side)
        if name is None:
            continue
        spec = specs.get(name)
        low, high = spec.ends if spec is not None else (f"less {name}", f"more {name}")
        found.append(MapAxis(side, name, low, high, 0.0 if shared and spec is not None else None))
    return tuple(found)


def build_landmarks(
    embeddings: EmbeddingSet, coordinates: NDArray[np.float32], axes: Sequence[MapAxis], recipe: Recipe
) -> tuple[Town, ...]:
    """Return the first few members of the poles that the map's axes run between, where a person named them singly."""
    specs = {spec.name: spec for spec in recipe.specs}
    poles = [pole for axis in axes if axis.name in specs for pole in _poles(specs[axis.name])]
    ids = dict.fromkeys(one for pole in poles if len(pole.ids) <= _FEW for one in pole.ids[:_NAMED])
    rows = embeddings.ids.get_indexer(list(ids)) if ids else []
    found = []
    for row in (int(one) for one in rows if one >= 0):
        x, y = (float(value) for value in coordinates[row])
        found.append(Town(title(embeddings, row), x, y, 1, _RANK, row, -1, -1))
    return tuple(found)


def framing(terrain: Terrain, axes: Sequence[MapAxis], landmarks: Sequence[Town]) -> Terrain:
    """Return the terrain of a map on axes with landmarks in what is shown at first, however far off they stand.

    What lies at the edge of that is where names and controls are written; so there is room around all.
    """
    if not axes:
        return terrain
    west, south, east, north = terrain.frame
    x, y = [one.x for one in landmarks], [one.y for one in landmarks]
    west, south, east, north = min(west, *x, west), min(south, *y, south), max(east, *x, east), max(north, *y, north)
    room = _ROOM * max(east - west, north - south)
    return replace(terrain, frame=(west - room, south - room, east + room, north + room))


def toward_poles(bearings: Sequence[Bearing], recipe: Recipe) -> tuple[Bearing, ...]:
    """Return the bearings with a concept axis called by the pole that it grows toward: its name says both."""
    poles = {spec.name: spec.high.name for spec in recipe.specs if spec.high is not None}
    return tuple(replace(one, column=poles.get(one.column, one.column)) for one in bearings)


def _poles(spec: AxisSpec) -> list[Pole]:
    return [pole for pole in (spec.low, spec.high) if pole is not None]
