"""One page: the painted land below, names and furniture above it, as SVG."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.arrange import Placed, arrange, box_of, fitted_window
from cartography.drawing.cartouche import cartouche
from cartography.drawing.flecks import AS_CIRCLES, Flecks, circles
from cartography.drawing.labels import Layout, place_labels
from cartography.drawing.legend import legend
from cartography.drawing.ornaments import compass_rose, margin, neat_line
from cartography.drawing.palettes import colours_of
from cartography.drawing.relief import STRIP, Relief
from cartography.drawing.script import written
from cartography.drawing.showing import Showing
from cartography.drawing.svg import Piece, element, group
from cartography.drawing.themes import Theme
from cartography.records import EmbeddingSet, MapScene, NeighbourGraph
from cartography.records.arrays import digest
from cartography.surface import Window

__all__ = ["Contents", "Page", "data_url"]

Frame = tuple[float, float, float, float]

_STANDARD = 1600 * 1067
_ZOOM_OUTS = (1.0, 1.07, 1.15, 1.24, 1.34)
_AXES = {"pca": ("PC 1", "PC 2"), "given": ("x", "y")}


@dataclass(frozen=True, eq=False)
class Contents:
    """What the dots of a map are, where that is known: the items, and which are near each other."""

    embeddings: EmbeddingSet | None = None
    neighbours: NeighbourGraph | None = None


@dataclass(frozen=True, eq=False)
class Page:
    """A scene laid out on `width` x `height` pixels in one theme.

    `frame` is the part of the map to show, in map units; None shows all land and leaves room for the legend.
    `contents` are the items behind it, `showing` says what is left out, `chosen` are colours by group.
    """

    scene: MapScene
    theme: Theme
    width: int
    height: int
    title: str | None = None
    frame: Frame | None = None
    contents: Contents = Contents()
    showing: Showing = Showing()  # noqa: RUF009
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def unit(self) -> float:
        """The size in pixels of what is one pixel on a page of 1600 x 1067."""
        return float(np.sqrt(self.width * self.height / _STANDARD))

    @property
    def _key(self) -> str:
        """Tells the parts of this page from those of another in the same document."""
        return digest(self.scene.terrain.fingerprint, self.theme.name, self.width, self.height, self.frame)[:6]

    @cached_property
    def colours(self) -> tuple[str, ...]:
        """One colour per code."""
        return colours_of(self.scene.colouring, self.theme, self.scene.coordinates, self.chosen)

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

    def land(self) -> NDArray[np.uint8]:
        """Return the land and the sea alone as (height, width, 3) uint8."""
        return self._painted(1.0, self._bare)

    def painted(self, scale: float = 1.0) -> NDArray[np.uint8]:
        """Return the land with its flecks, when they are too many for circles, and the shade of the corners.

        (h, w, 3) uint8 with `scale` pixels per pixel of the page.
        """
        whole = self._fine(scale)
        flecks = Flecks(self.scene, whole, self.colours, self.theme) if len(self.scene) > AS_CIRCLES else None

        def dressed(strip: Window, top: int) -> NDArray[np.uint8]:
            picture = self._bare(strip, top)
            if flecks is not None:
                flecks.onto(picture, top)
            return _vignetted(picture, top, whole.height, self.theme)

        return self._painted(scale, dressed)

    def _painted(self, scale: float, paint: Callable[[Window, int], NDArray[np.uint8]]) -> NDArray[np.uint8]:
        """Paint strip by strip on all processors: memory stays that of the finished picture."""
        strips = list(self._fine(scale).strips(STRIP))
        tops = np.cumsum([0, *(strip.height for strip in strips[:-1])]).tolist()
        _ = self.relief
        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            return np.concatenate(list(pool.map(paint, strips, tops)))

    @cached_property
    def relief(self) -> Relief:
        """What paints the land."""
        return Relief(self.scene, self.theme, self.colours, tinted=self.showing.shows("tints"))

    def _bare(self, strip: Window, _top: int) -> NDArray[np.uint8]:
        return self.relief.window(strip.x0, strip.y0, strip.x1, strip.y1, strip.width, strip.height)

    def _fine(self, scale: float) -> Window:
        width, height = max(1, round(self.width * scale)), max(1, round(self.height * scale))
        return replace(self.window, width=width, height=height)

    def overlay(self, ground: str) -> str:
        """Return everything above the land as SVG, on a ground of one colour: names, marks, legend and frame."""
        return self._wrapped(element("rect", width=self.width, height=self.height, fill=ground))

    def svg(self, scale: float = 1.0) -> str:
        """Return the page as SVG; the land is a JPEG of `scale` pixels per pixel of the page."""
        land = element(
            "image",
            width=self.width,
            height=self.height,
            href=data_url(self.painted(scale)),
            preserveAspectRatio="none",
        )
        return self._wrapped(land)

    def _wrapped(self, land: str) -> str:
        window, placed = self._arranged
        flecks = ""
        if len(self.scene) <= AS_CIRCLES:
            flecks = circles(self.scene, window, self.colours, self.theme, self.unit)
        furniture = "".join(piece.at(x, y) for piece, x, y in placed)
        frame = neat_line(self.width, self.height, self.theme, self.unit)
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        body = land + flecks + written(self.layout, self.theme, self.unit, self._key) + frame + furniture
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{group(body, font_family=self.theme.font)}</svg>\n'


def _vignetted(strip: NDArray[np.uint8], top: int, total: int, theme: Theme) -> NDArray[np.uint8]:
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


def data_url(picture: NDArray[np.uint8]) -> str:
    """Return a picture (h, w, 3) uint8 as the data URL of a JPEG."""
    from PIL import Image

    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=88, subsampling=0)
    return f"data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode('ascii')}"
