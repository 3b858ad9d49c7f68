"""The painted land: any window of the map as pixels, any tile of it as a picture, at the same cost everywhere."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.painted.ground import coast_distance, edge_distance, tint_grid
from cartography.drawing.painted.painting import Painter, Site
from cartography.drawing.palettes import colours_of
from cartography.drawing.themes import Theme, theme_named
from cartography.records import MapScene
from cartography.surface import Window, elevation_on, tile_window

__all__ = ["STRIP", "Relief"]

_QUALITY = 86
STRIP = 1 << 17
"""Pixels painted in one go: about what a processor's cache holds."""


class Relief:
    """Paints the land and sea of one scene in one theme.

    What spans the whole map is computed here, once; windows and tiles then only read, so that threads
    may paint at the same time, neighbouring tiles meet without a seam and no coast moves between zooms.
    """

    def __init__(
        self,
        scene: MapScene,
        theme: str | Theme = "fantasy",
        colours: tuple[str, ...] | None = None,
        *,
        tinted: bool = True,
        kin: Relief | None = None,
    ) -> None:
        """Prepare a scene; `colours` has one "#rrggbb" per code and tints the land, by default the theme's own.

        Without `tinted` all land has the theme's colour. What `kin` found out about the same terrain in another dress
        is taken from it.
        """
        self.theme = theme_named(theme)
        self._terrain = scene.terrain
        known = kin is not None and kin._terrain is scene.terrain
        self._distance: NDArray[np.float32] = kin._distance if kin and known else coast_distance(scene.terrain)
        self._tint = self._tint_of(scene, colours) if tinted else None
        self._edges: NDArray[np.float32] | None = None
        if tinted and scene.colouring.kind == "categories":
            self._edges = edge_distance(scene)
        self._painter = Painter(self.theme, scene.terrain)

    def _tint_of(self, scene: MapScene, colours: tuple[str, ...] | None) -> NDArray[np.float32] | None:
        if scene.colouring.kind == "none" and len(scene.colouring.names) < 2:
            return None
        shown = colours or colours_of(scene.colouring, self.theme, scene.coordinates)
        return tint_grid(scene, shown, self.theme.tint_calm)

    def window(  # noqa: PLR0917  (two corners and a size, as everywhere)
        self, x0: float, y0: float, x1: float, y1: float, width: int, height: int, unit: float = 1.0
    ) -> NDArray[np.uint8]:
        """Return (height, width, 3) uint8 sRGB of the map between two corners, north in row 0.

        `unit` is how large mountains and trees are drawn, 1 being their size on a screen. Raises `ParameterError`
        when the window is empty.
        """
        whole = Window(x0, y0, x1, y1, width, height)
        strips = (self._painter.paint(self._site(strip, unit)) for strip in whole.strips(STRIP))
        return np.concatenate(list(strips))

    def tile(self, z: int, x: int, y: int, size: int = 256) -> bytes:
        """Return a slippy tile over the terrain's square as WEBP: zoom 0 is one tile, `y` counts from the north.

        Raises `ParameterError` when there is no such tile.
        """
        from PIL import Image

        pixels = self._painter.paint(self._site(tile_window(self._terrain, z, x, y, size)))
        buffer = BytesIO()
        Image.fromarray(pixels).save(buffer, "WEBP", quality=_QUALITY, method=0)
        return buffer.getvalue()

    def _site(self, window: Window, unit: float = 1.0) -> Site:
        lens = window.lens(self._terrain)
        tint = None
        if self._tint is not None:
            tint = np.stack([lens.value_of(layer) for layer in self._tint], axis=-1)
        return Site(
            lens=lens,
            pixel=window.pixel / self._terrain.side,
            ground=elevation_on(self._terrain, window, lens),
            distance=self._distance,
            tint=tint,
            depth=None if self._edges is None else lens.value_of(self._edges),
            unit=unit,
        )
