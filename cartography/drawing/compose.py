"""One page: the painted land below, names and furniture above it, as SVG."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.arrange import Placed, arrange, box_of, fitted_window
from cartography.drawing.banners import Banner, Post, banners, place_banners
from cartography.drawing.cartouche import cartouche
from cartography.drawing.flecks import AS_CIRCLES, Flecks, circles
from cartography.drawing.labels import MARK_RADII, Layout, place_labels
from cartography.drawing.legend import legend
from cartography.drawing.lines import borders, roads
from cartography.drawing.ornaments import compass_rose, grown, margin, neat_line
from cartography.drawing.palettes import colours_of
from cartography.drawing.relief import STRIP, Relief
from cartography.drawing.scale import scale_bar
from cartography.drawing.script import written
from cartography.drawing.showing import Showing
from cartography.drawing.svg import Piece, element, group
from cartography.drawing.themes import Theme
from cartography.pictures import has_pictures, picture
from cartography.records import EmbeddingSet, MapScene, NeighbourGraph
from cartography.records.arrays import digest
from cartography.surface import Window

__all__ = ["Contents", "Page", "data_url"]

Frame = tuple[float, float, float, float]

_STANDARD = 1600 * 1067
_ZOOM_OUTS = (1.0, 1.07, 1.15, 1.24, 1.34)


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

    @property
    def margin(self) -> float:
        """What the frame takes on every side, in pixels."""
        return margin(self.theme, self.unit) if self.showing.shows("frame") else 0.0

    @cached_property
    def _arranged(self) -> tuple[Window, list[Placed]]:
        """The part of the map on the page, and its furniture."""
        edge = self.margin
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
        showing = self.showing
        pieces = []
        if showing.shows("title"):
            pieces.append(cartouche(scene.provenance, theme, unit, self.title))
        if showing.shows("legend"):
            pieces.append(legend(scene, self.colours, theme, unit, window.pixel, showing=showing))
        elif showing.shows("scale") and scene.scale > 0:
            pieces.append(scale_bar(scene.scale / window.pixel, theme, unit))
        if theme.fantasy and showing.shows("rose"):
            pieces.append(compass_rose(theme, unit, {one.side: one.column for one in grown(scene)}))
        small = min(self.width, self.height) * 0.62
        return [piece for piece in pieces if max(piece.width, piece.height) < small]

    @cached_property
    def layout(self) -> Layout:
        """The names and marks on the page."""
        window, placed = self._arranged
        edge = self.margin
        frame = [
            (0.0, 0.0, self.width, edge),
            (0.0, self.height - edge, self.width, self.height),
            (0.0, 0.0, edge, self.height),
            (self.width - edge, 0.0, self.width, self.height),
        ]
        reserved = [*frame, *(box_of(one) for one in placed), *(banner.box for banner in self.banners)]
        return place_labels(self.scene, window, self.unit, reserved, ornate=self.theme.fantasy)

    @cached_property
    def banners(self) -> tuple[Banner, ...]:
        """The banners above capitals and cities, where items have pictures."""
        embeddings, (window, placed) = self.contents.embeddings, self._arranged
        wanted = self.showing.shows("pictures") and self.showing.shows("towns")
        if not wanted or embeddings is None or not has_pictures(embeddings):
            return ()
        posts = []
        for town in self.scene.towns:
            x, y = (float(value) for value in window.place(town.x, town.y))
            posts.append(Post(x, y, MARK_RADII[town.rank] * self.unit, town.rank, town.item))
        page = (0.0, 0.0, float(self.width), float(self.height))
        return place_banners(posts, page, [box_of(one) for one in placed], self.unit)

    def _flown(self) -> str:
        """The banners' markup; drawings are redrawn in ink on a fantasy map."""
        embeddings = self.contents.embeddings
        if embeddings is None or not self.banners:
            return ""
        ink = self.theme.ink if self.theme.fantasy else ""
        return banners(
            self.banners, lambda row, size: picture(embeddings, row, size, ink, fill=True), self.theme, self.unit
        )

    def land(self) -> NDArray[np.uint8]:
        """Return the land and the sea alone as (height, width, 3) uint8."""
        return self._painted(1.0, partial(self._bare, unit=self.unit))

    def painted(self, scale: float = 1.0) -> NDArray[np.uint8]:
        """Return the land with its flecks, when they are too many for circles, and the shade of the corners.

        (h, w, 3) uint8 with `scale` pixels per pixel of the page.
        """
        whole = self._fine(scale)
        flecks = None
        if self.showing.shows("items") and len(self.scene) > AS_CIRCLES:
            flecks = Flecks(self.scene, whole, self.colours, self.theme)

        def dressed(strip: Window, top: int) -> NDArray[np.uint8]:
            picture = self._bare(strip, top, self.unit * scale)
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

    def _bare(self, strip: Window, _top: int, unit: float) -> NDArray[np.uint8]:
        return self.relief.window(strip.x0, strip.y0, strip.x1, strip.y1, strip.width, strip.height, unit)

    def _lines(self) -> str:
        """Borders, and the roads between towns that are marked."""
        scene, window, theme, unit = self.scene, self.window, self.theme, self.unit
        places = {id(town): i for i, town in enumerate(scene.towns)}
        marked = (places[id(label.town)] for label in self.layout.towns)
        of_realms = borders(scene, window, theme, unit) if self.showing.shows("borders") else ""
        return of_realms + (roads(scene, marked, window, theme, unit) if self.showing.shows("roads") else "")

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
        if self.showing.shows("items") and len(self.scene) <= AS_CIRCLES:
            flecks = circles(self.scene, window, self.colours, self.theme, self.unit)
        furniture = "".join(piece.at(x, y) for piece, x, y in placed)
        frame = neat_line(self.width, self.height, self.theme, self.unit) if self.showing.shows("frame") else ""
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        names = written(self.layout, self.theme, self.unit, self._key)
        body = land + self._lines() + flecks + self._flown() + names + frame + furniture
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
