"""One page: the painted land below, names and furniture above it, as SVG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.furniture.arrange import Placed, arrange, box_of, fitted_window
from cartography.drawing.furniture.cartouche import cartouche
from cartography.drawing.furniture.legend import legend
from cartography.drawing.furniture.ornaments import compass_rose, grown, margin, neat_line
from cartography.drawing.furniture.scale import scale_bar
from cartography.drawing.marks.banners import Banner, Post, banners, place_banners
from cartography.drawing.marks.beasts import Beast, beasts, boat, place_beasts
from cartography.drawing.marks.lines import borders, roads
from cartography.drawing.marks.signposts import Signposts, signposts
from cartography.drawing.marks.towns import MARK_RADII
from cartography.drawing.names.labels import Layout, Spelling, place_labels
from cartography.drawing.names.script import written
from cartography.drawing.names.spelling import spelled, spelled_realms
from cartography.drawing.names.taken import Box
from cartography.drawing.painted.flecks import AS_CIRCLES, circles
from cartography.drawing.painted.raster import Raster, data_url
from cartography.drawing.painted.relief import Relief
from cartography.drawing.palettes import colours_of
from cartography.drawing.showing import Showing
from cartography.drawing.svg import Piece, element, group
from cartography.drawing.themes import Theme
from cartography.pictures import has_pictures, picture
from cartography.records import EmbeddingSet, MapScene, NeighbourGraph
from cartography.records.arrays import digest
from cartography.surface import Window

__all__ = ["Contents", "Page"]

Frame = tuple[float, float, float, float]

_WIDEST_MARGIN = 0.15  # of the shorter side of a page
_ENOUGH = 0.92  # of the towns worth showing: with fewer named, banners make room
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
        widest = _WIDEST_MARGIN * min(self.width, self.height)
        return min(margin(self.theme, self.unit), widest) if self.showing.shows("frame") else 0.0

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

    @property
    def layout(self) -> Layout:
        """The names and marks on the page."""
        return self._lettered[0]

    @property
    def banners(self) -> tuple[Banner, ...]:
        """The banners above capitals, and above cities where names do not need their room."""
        return self._lettered[1]

    @property
    def beasts(self) -> tuple[Beast, ...]:
        """The dragons on the page."""
        return self._lettered[2]

    @cached_property
    def _lettered(self) -> tuple[Layout, tuple[Banner, ...], tuple[Beast, ...]]:
        """Names, and the banners and beasts that they keep clear of; names of towns matter more than banners."""
        window, placed = self._arranged
        flown = self._banners()
        capitals = tuple(banner for banner in flown if banner.post.rank == 0)
        for banners_kept in dict.fromkeys((flown, capitals, ())):
            taken = [*(box_of(one) for one in placed), *(banner.box for banner in banners_kept)]
            lairs: tuple[Beast, ...] = ()
            if self.showing.shows("dragons"):
                lairs = place_beasts(self.scene, window, self.unit, taken, self.theme.fantasy)
            layout = self._names([*taken, *(beast.box for beast in lairs), *self._axes.boxes])
            if sum(bool(label.text) for label in layout.towns) >= _ENOUGH * layout.wanted:
                break
        return layout, banners_kept, lairs

    def _names(self, taken: list[Box]) -> Layout:
        """The names that fit beside what is `taken`."""
        edge, scene, showing = self.margin, self.scene, self.showing
        frame = [
            (0.0, 0.0, self.width, edge),
            (0.0, self.height - edge, self.width, self.height),
            (0.0, 0.0, edge, self.height),
            (self.width - edge, 0.0, self.width, self.height),
        ]
        shown = replace(
            scene,
            realms=scene.realms if showing.shows("realms") else (),
            towns=(*scene.landmarks, *scene.towns) if showing.shows("towns") else (),
        )
        return place_labels(
            shown, self.window, self.unit, [*frame, *taken], ornate=self.theme.fantasy, spelling=self._spelling
        )

    @cached_property
    def _spelling(self) -> Spelling:
        """What realms and towns are called here, by their names."""
        if not self.showing.fantasy_names:
            return Spelling()
        realms, towns = ([one.name for one in named] for named in (self.scene.realms, self.scene.towns))
        return Spelling(
            dict(zip(realms, spelled_realms(realms), strict=True)), dict(zip(towns, spelled(towns), strict=True))
        )

    @property
    def _axes(self) -> Signposts:
        """What the map's sides mean, written at their ends."""
        if not self.showing.shows("axes"):
            return Signposts()
        window, placed = self._arranged
        taken = self.margin, [box_of(one) for one in placed]
        return signposts(self.scene.axes, window, self.theme, self.unit, taken)

    def _banners(self) -> tuple[Banner, ...]:
        """The banners above capitals and cities for which there is room, where items have pictures."""
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
        return self._raster.land(self._fine(1.0), self.unit)

    def painted(self, scale: float = 1.0) -> NDArray[np.uint8]:
        """Return all that is painted as (h, w, 3) uint8, with `scale` pixels per pixel of the page."""
        return self._raster.painted(self._fine(scale), self.unit * scale)

    @property
    def _raster(self) -> Raster:
        return Raster(self.scene, self.theme, self.colours, self.relief, self.showing)

    @cached_property
    def relief(self) -> Relief:
        """What paints the land."""
        return Relief(self.scene, self.theme, self.colours, tinted=self.showing.shows("tints"))

    def _lines(self) -> str:
        """Borders, and the roads between towns that are marked."""
        scene, window, theme, unit = self.scene, self.window, self.theme, self.unit
        places = {id(town): i for i, town in enumerate(scene.towns)}
        marked = (places[id(label.town)] for label in self.layout.towns if id(label.town) in places)
        of_realms = borders(scene, window, theme, unit) if self.showing.shows("borders") else ""
        if not self.showing.shows("roads"):
            return of_realms
        boats = "".join(boat(road, window, theme, unit) for road in scene.roads if road.ferry)
        return of_realms + roads(scene, marked, window, theme, unit) + boats

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
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        body = group(land + self._over, font_family=self.theme.font)
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{body}</svg>\n'

    @cached_property
    def _over(self) -> str:
        """All that lies on the land; made once, since a PNG lays it on two grounds."""
        window, placed = self._arranged
        flecks = ""
        if self.showing.shows("items") and len(self.scene) <= AS_CIRCLES:
            flecks = circles(self.scene, window, self.colours, self.theme, self.unit)
        lairs = beasts(self.beasts, self.theme, self.unit)
        names = written(self.layout, self.theme, self.unit, self._key)
        frame = neat_line(self.width, self.height, self.theme, self.unit) if self.showing.shows("frame") else ""
        furniture = "".join(piece.at(x, y) for piece, x, y in placed)
        axes = self._axes.markup
        return self._lines() + flecks + self._flown() + lairs + names + axes + frame + furniture
