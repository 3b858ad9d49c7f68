"""One page: the painted land below, names and furniture above it, as SVG."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.arrange import Placed, arrange, box_of, fitted_window
from cartography.drawing.flecks import AS_CIRCLES, circles, splat
from cartography.drawing.labels import Layout, place_labels
from cartography.drawing.legend import cartouche, legend
from cartography.drawing.ornaments import compass_rose, margin, neat_line
from cartography.drawing.palettes import colours_of
from cartography.drawing.relief import Relief
from cartography.drawing.script import written
from cartography.drawing.svg import Piece, element, group
from cartography.drawing.themes import Theme
from cartography.records import MapScene
from cartography.surface import Window

__all__ = ["Page", "data_url"]

Frame = tuple[float, float, float, float]

_STANDARD = 1600 * 1067
_ZOOM_OUTS = (1.0, 1.07, 1.15, 1.24, 1.34)
_AXES = {"pca": ("PC 1", "PC 2"), "given": ("x", "y")}


@dataclass(frozen=True, eq=False)
class Page:
    """A scene laid out on `width` x `height` pixels in one theme.

    `frame` is the part of the map to show, in map units; None shows all land and leaves room for the legend.
    """

    scene: MapScene
    theme: Theme
    width: int
    height: int
    title: str | None = None
    frame: Frame | None = None

    @property
    def unit(self) -> float:
        """The size in pixels of what is one pixel on a page of 1600 x 1067."""
        return float(np.sqrt(self.width * self.height / _STANDARD))

    @cached_property
    def colours(self) -> tuple[str, ...]:
        """One colour per code."""
        return colours_of(self.scene.colouring, self.theme, self.scene.coordinates)

    @cached_property
    def _arranged(self) -> tuple[Window, list[Placed]]:
        """The part of the map on the page, and its furniture."""
        edge = margin(self.theme, self.unit)
        if self.frame is not None:
            windows = [fitted_window(self.frame, self.width, self.height, 0.0)]
        else:
            frame = self.scene.terrain.frame
            windows = [fitted_window(frame, self.width, self.height, edge, out) for out in _ZOOM_OUTS]
        return arrange(self.scene.terrain, windows, self._furniture(windows[0]), edge, 14 * self.unit)

    @property
    def window(self) -> Window:
        """The part of the map on the page."""
        return self._arranged[0]

    def _furniture(self, window: Window) -> list[Piece]:
        theme, unit, scene = self.theme, self.unit, self.scene
        pieces = [
            cartouche(scene.provenance, theme, unit, self.title),
            legend(scene, self.colours, theme, unit, window.pixel),
        ]
        if theme.fantasy:
            axes = _AXES.get(scene.provenance.method, ("", ""))
            pieces.append(compass_rose(theme, unit, axes))
        small = min(self.width, self.height) * 0.62
        return [piece for piece in pieces if max(piece.width, piece.height) < small]

    @cached_property
    def layout(self) -> Layout:
        """The names and marks on the page."""
        window, placed = self._arranged
        edge = margin(self.theme, self.unit)
        frame = [
            (0.0, 0.0, self.width, edge),
            (0.0, self.height - edge, self.width, self.height),
            (0.0, 0.0, edge, self.height),
            (self.width - edge, 0.0, self.width, self.height),
        ]
        reserved = [*frame, *(box_of(one) for one in placed)]
        return place_labels(self.scene, window, self.unit, reserved, ornate=self.theme.fantasy)

    def land(self, scale: float = 1.0) -> NDArray[np.uint8]:
        """Return the land and the sea as (h, w, 3) uint8 with `scale` pixels per pixel of the page."""
        fine = self._fine(scale)
        relief = Relief(self.scene, self.theme)
        return relief.window(fine.x0, fine.y0, fine.x1, fine.y1, fine.width, fine.height)

    def painted(self, scale: float = 1.0) -> NDArray[np.uint8]:
        """Return the land with its flecks, when they are too many for circles, and the shade of the corners."""
        picture = self.land(scale)
        if len(self.scene) > AS_CIRCLES:
            splat(picture, self.scene, self._fine(scale), self.colours, self.theme)
        return _vignetted(picture, self.theme)

    def _fine(self, scale: float) -> Window:
        window = self.window
        width, height = max(1, round(self.width * scale)), max(1, round(self.height * scale))
        return replace(window, width=width, height=height)

    def svg(self, scale: float = 1.0, lossless: bool = False) -> str:
        """Return the page as SVG; the land is a picture of `scale` pixels per pixel, as JPEG or lossless PNG."""
        window, placed = self._arranged
        land = element(
            "image",
            width=self.width,
            height=self.height,
            href=data_url(self.painted(scale), lossless),
            preserveAspectRatio="none",
        )
        flecks = ""
        if len(self.scene) <= AS_CIRCLES:
            flecks = circles(self.scene, window, self.colours, self.theme, self.unit)
        furniture = "".join(piece.at(x, y) for piece, x, y in placed)
        frame = neat_line(self.width, self.height, self.theme, self.unit)
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        body = land + flecks + written(self.layout, self.theme, self.unit) + frame + furniture
        drawing = group(body, font_family=self.theme.font)
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{drawing}</svg>\n'


def _vignetted(picture: NDArray[np.uint8], theme: Theme) -> NDArray[np.uint8]:
    """The picture with its corners a little darker, as old paper is."""
    if not theme.vignette:
        return picture
    height, width = picture.shape[:2]
    across, down = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    away = np.sqrt(across**2 + down**2)
    shade = np.clip((away - 0.70) / 0.71, 0, 1) ** 1.5 * np.float32(theme.vignette)
    browned = 1 - shade[..., None] * np.array([0.75, 0.95, 1.3], dtype=np.float32)
    return (picture * browned).astype(np.uint8)


def data_url(picture: NDArray[np.uint8], lossless: bool = False) -> str:
    """Return a picture (h, w, 3) uint8 as a data URL, JPEG or lossless PNG."""
    from PIL import Image

    buffer = BytesIO()
    if lossless:
        Image.fromarray(picture).save(buffer, "PNG", compress_level=1)
    else:
        Image.fromarray(picture).save(buffer, "JPEG", quality=88, subsampling=0)
    kind = "png" if lossless else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
