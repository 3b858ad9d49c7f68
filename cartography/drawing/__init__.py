"""MapScene -> pictures: themes, palettes, painted tiles, posters and charts."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cartography.drawing.compose import Contents, Frame, Page
from cartography.drawing.export import SCREEN_DPI, SIDES, to_png, writer_for
from cartography.drawing.showing import Showing
from cartography.drawing.themes import theme_named
from cartography.errors import ParameterError
from cartography.records import EmbeddingSet, MapScene, NeighbourGraph, Recipe

if TYPE_CHECKING:
    import altair as alt

__all__ = ["HasScene", "MapDrawing", "check_size", "draw_map"]

_DPI = (10.0, 2400.0)
_LONGEST = 25  # times the shorter side
_FRAME = (1e-6, 1e3)  # of the world's edge


class HasScene(Protocol):
    """Anything that holds a finished map, such as `BuiltMap`."""

    @property
    def scene(self) -> MapScene:
        """The map."""
        ...


class MapDrawing:
    """A map laid out on a page, to be saved or shown."""

    def __init__(self, page: Page, dpi: float | None = None) -> None:
        self.page = page
        self.dpi = dpi

    def save(self, path: str | Path) -> Path:
        """Write the map as .png, .svg, .pdf or .html, by the suffix of `path`, and return the path.

        Raises `ParameterError` for other suffixes and `MissingDependencyError` when PNG or PDF lack vl-convert.
        """
        path = Path(path)
        content = writer_for(path.suffix)(self.page, self._scale)
        path.write_bytes(content)
        return path

    def to_altair(self) -> alt.LayerChart:
        """Return an Altair chart: the land as a picture below at most 5,000 points, which the title says.

        Points carry the field `id` and a selection of that name, to be linked with other charts.
        """
        from cartography.drawing.chart import altair_chart

        embeddings = self.page.contents.embeddings
        return altair_chart(self.page, None if embeddings is None else embeddings.ids)

    @property
    def _scale(self) -> float:
        return 1.0 if self.dpi is None else self.dpi / SCREEN_DPI

    def _repr_png_(self) -> bytes:
        return to_png(self.page)


def draw_map(
    scene: MapScene | HasScene,
    theme: str = "fantasy",
    width: int = 1600,
    height: int = 1067,
    *,
    dpi: float | None = None,
    title: str | None = None,
    frame: Frame | None = None,
    showing: Showing | None = None,
    colors: Mapping[str, str] | None = None,
) -> MapDrawing:
    """Lay a map out on a page of `width` x `height` pixels.

    `dpi` draws the same page with that many dots per inch, 96 being one dot per pixel; `title` replaces the map's
    own; `frame` (x0, y0, x1, y1) shows a part of it, in map units. `showing` says which parts are left out, and
    `colors` are "#rrggbb" by the name of a group: by default what the map's recipe says. Raises `ParameterError` for
    an unknown theme, a colour of another form, a size outside its limits, or a frame that shows nothing of the map.
    """
    check_size(width, height, dpi)
    shown = scene if isinstance(scene, MapScene) else scene.scene
    if frame is not None:
        _check_frame(frame, shown.terrain.side)
    recipe = getattr(scene, "recipe", None)
    if isinstance(recipe, Recipe):
        showing = showing or Showing.without(recipe.hide, recipe.fantasy_names)
        colors = recipe.colors if colors is None else colors
    parts = (_contents(scene), showing or Showing(), Recipe(colors=colors or {}).colors)
    return MapDrawing(Page(shown, theme_named(theme), width, height, title, frame, *parts), dpi)


def _contents(built: MapScene | HasScene) -> Contents:
    """The items and their neighbours, when what holds the map holds these too."""
    embeddings, neighbours = getattr(built, "embeddings", None), getattr(built, "neighbours", None)
    return Contents(
        embeddings if isinstance(embeddings, EmbeddingSet) else None,
        neighbours if isinstance(neighbours, NeighbourGraph) else None,
    )


def check_size(width: Any, height: Any, dpi: Any = None) -> None:
    """Raise `ParameterError` for a page that cannot be drawn: sides in pixels, dots per inch."""
    low, high = SIDES
    for name, side in (("width", width), ("height", height)):
        if not isinstance(side, int) or isinstance(side, bool) or not low <= side <= high:
            raise ParameterError(f"{name} is {side!r}; it should be a whole number from {low} to {high:,}.")
    if max(width, height) > _LONGEST * min(width, height):
        raise ParameterError(
            f"A page of {width} x {height} pixels is too narrow; it may be {_LONGEST} times as long."
        )
    if dpi is None:
        return
    if not isinstance(dpi, int | float) or isinstance(dpi, bool) or not _DPI[0] <= dpi <= _DPI[1]:
        raise ParameterError(f"dpi is {dpi!r}; it should be from {_DPI[0]:g} to {_DPI[1]:g}.")


def _check_frame(frame: Frame, side: float) -> None:
    x0, y0, x1, y1 = frame
    spans = (x1 - x0, y1 - y0)
    if not all(isfinite(edge) and abs(edge) < _FRAME[1] ** 2 * side for edge in frame):
        raise ParameterError(f"The frame {frame!r} lies far outside the map, which is {side:.4g} wide.")
    if min(spans) <= 0:
        raise ParameterError(f"The frame {frame!r} is empty.", "Give west, south, east and north, in that order.")
    if not all(_FRAME[0] * side <= span <= _FRAME[1] * side for span in spans):
        raise ParameterError(
            f"The frame {frame!r} is {spans[0]:.4g} x {spans[1]:.4g} large; the map is {side:.4g} wide."
        )
