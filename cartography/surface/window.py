"""A rectangle of the world seen through a raster of pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.errors import ParameterError
from cartography.records import Terrain
from cartography.surface.splines import Lens

__all__ = ["MAX_ZOOM", "Window", "tile_window"]

MAX_ZOOM = 24
"""The deepest zoom of the tile pyramid: beyond it float32 coordinates cannot tell two places apart."""


@dataclass(frozen=True)
class Window:
    """The part (`x0`, `y0`)..(`x1`, `y1`) of the map, in map units, on `width` x `height` pixels.

    Pictures hold the north in row 0, so the rows run against y.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    width: int
    height: int

    def __post_init__(self) -> None:
        if not (self.x1 > self.x0 and self.y1 > self.y0 and self.width > 0 and self.height > 0):
            raise ParameterError(
                f"The window {self.x0:g}, {self.y0:g} to {self.x1:g}, {self.y1:g} on "
                f"{self.width} x {self.height} pixels is empty.",
                "Give the south-west corner first.",
            )

    @property
    def pixel(self) -> float:
        """The height of one pixel in map units."""
        return (self.y1 - self.y0) / self.height

    def strips(self, pixels: int) -> Iterator[Window]:
        """Cut the window from north to south into windows of its width and about so many pixels."""
        rows = max(1, pixels // self.width)
        for top in range(0, self.height, rows):
            bottom = min(top + rows, self.height)
            north, south = (self.y1 - at * self.pixel for at in (top, bottom))
            yield Window(self.x0, south, self.x1, north, self.width, bottom - top)

    def place(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Return where map positions lie in the picture, (..., 2) pixels from its north-west corner."""
        right = (np.asarray(x, dtype=np.float64) - self.x0) * (self.width / (self.x1 - self.x0))
        down = (self.y1 - np.asarray(y, dtype=np.float64)) / self.pixel
        return np.stack([right, down], axis=-1)

    def lens(self, terrain: Terrain) -> Lens:
        """Return what reads the terrain's grids at the centres of the pixels, north first."""
        east, north = np.arange(self.width) + 0.5, np.arange(self.height) + 0.5
        x = (self.x0 - terrain.origin[0] + east * ((self.x1 - self.x0) / self.width)) / terrain.side
        y = (self.y1 - terrain.origin[1] - north * self.pixel) / terrain.side
        return Lens(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))


def tile_window(terrain: Terrain, z: int, x: int, y: int, size: int = 256) -> Window:
    """Return the window of a slippy tile: zoom 0 is the whole square, `y` counts from the north.

    Raises `ParameterError` when there is no such tile.
    """
    count = 1 << z if 0 <= z <= MAX_ZOOM else 0
    if not (0 <= x < count and 0 <= y < count):
        raise ParameterError(f"There is no tile {z}/{x}/{y}.", f"Zooms run from 0 to {MAX_ZOOM}.")
    edge = terrain.side / count
    west, north = terrain.origin[0] + x * edge, terrain.origin[1] + terrain.side - y * edge
    return Window(west, north - edge, west + edge, north, size, size)
