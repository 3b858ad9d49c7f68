"""What of a page is painted, not written: the land, fog, flecks and the shade of old paper."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.painted.flecks import AS_CIRCLES, Flecks
from cartography.drawing.painted.fog_picture import fog_on
from cartography.drawing.painted.relief import STRIP, Relief
from cartography.drawing.showing import Showing
from cartography.drawing.svg import image_url
from cartography.drawing.themes import Theme
from cartography.records import MapScene
from cartography.surface import Window

__all__ = ["Raster", "data_url"]

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Raster:
    """Paints windows of one scene, strip by strip on all processors: memory stays that of the finished picture.

    `unit` of its methods is how many pixels a symbol's unit takes.
    """

    scene: MapScene
    theme: Theme
    colours: tuple[str, ...]
    relief: Relief
    showing: Showing

    def land(self, window: Window, unit: float) -> Pixels:
        """Return the land and the sea alone as (h, w, 3) uint8."""
        return self._in_strips(window, lambda strip, _: self._bare(strip, unit))

    def painted(self, window: Window, unit: float) -> Pixels:
        """Return the land with fog, with flecks when they are too many for circles, and the shade of the corners."""
        flecks = None
        if self.showing.shows("items") and len(self.scene) > AS_CIRCLES:
            flecks = Flecks(self.scene, window, self.colours, self.theme)

        def dressed(strip: Window, top: int) -> Pixels:
            picture = self._fogged(self._bare(strip, unit), strip)
            if flecks is not None:
                flecks.onto(picture, top)
            return _vignetted(picture, top, window.height, self.theme)

        return self._in_strips(window, dressed)

    def _in_strips(self, window: Window, paint: Callable[[Window, int], Pixels]) -> Pixels:
        strips = list(window.strips(STRIP))
        tops = np.cumsum([0, *(strip.height for strip in strips[:-1])]).tolist()
        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            return np.concatenate(list(pool.map(paint, strips, tops)))

    def _bare(self, strip: Window, unit: float) -> Pixels:
        return self.relief.window(strip.x0, strip.y0, strip.x1, strip.y1, strip.width, strip.height, unit)

    def _fogged(self, picture: Pixels, strip: Window) -> Pixels:
        """The picture under its fog, which is the one that a browser lays over the land."""
        fog = self.scene.fog
        if fog is None or fog.share <= 0 or not self.showing.shows("fog"):
            return picture
        mist = fog_on(fog, self.scene.terrain, strip, self.theme).astype(np.uint16)
        veil = mist[..., 3:]
        return ((picture * (255 - veil) + mist[..., :3] * veil + 127) // 255).astype(np.uint8)


def _vignetted(strip: Pixels, top: int, total: int, theme: Theme) -> Pixels:
    """The strip, which begins `top` of `total` pixels down, with its corners a little darker, as old paper is."""
    if not theme.vignette:
        return strip
    height, width = strip.shape[:2]
    across = np.linspace(-1, 1, width, dtype=np.float32)
    down = ((top + np.arange(height, dtype=np.float32)) / max(1, total - 1) * 2 - 1)[:, None]
    away = np.sqrt(across**2 + down**2)
    shade = np.clip((away - 0.70) / 0.71, 0, 1) ** 1.5 * np.float32(theme.vignette)
    browned = 1 - shade[..., None] * np.array([0.75, 0.95, 1.3], dtype=np.float32)
    return (strip * browned).astype(np.uint8)


def data_url(picture: Pixels) -> str:
    """Return a picture (h, w, 3) uint8 as the data URL of a JPEG."""
    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=88, subsampling=0)
    return image_url(buffer.getvalue())
