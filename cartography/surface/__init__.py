"""Reading a `Terrain` at points and on windows: the one elevation that land queries and pictures share."""

from cartography.surface.cells import cells_at
from cartography.surface.elevation import Elevation, elevation_at, elevation_on
from cartography.surface.noise import fractal_noise
from cartography.surface.splines import Field, Lens, sample_points
from cartography.surface.window import Window, tile_window

__all__ = [
    "Elevation",
    "Field",
    "Lens",
    "Window",
    "cells_at",
    "elevation_at",
    "elevation_on",
    "fractal_noise",
    "sample_points",
    "tile_window",
]
