"""Every item as a fleck of colour on the land."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.color import as_rgb
from cartography.drawing.svg import element, group
from cartography.drawing.themes import Theme
from cartography.records import GRADES, MapScene
from cartography.surface import Window, cells_at

__all__ = ["AS_CIRCLES", "Flecks", "circles", "fleck_radius"]

AS_CIRCLES = 3_000
"""Up to so many items are drawn as circles that stay sharp in print; more become pixels of the land's picture."""
_PER_PIXEL = 0.03  # most flecks, by pixels of the picture
_AT_HOME = 0.30  # of the ink of an item that stands in another group's realm


def fleck_radius(n: int) -> float:
    """Return the radius of a fleck in units: smaller when there are many."""
    return float(np.clip(4.0 * (400 / max(n, 1)) ** 0.35, 0.55, 4.2))


def circles(scene: MapScene, window: Window, colours: tuple[str, ...], theme: Theme, unit: float) -> str:
    """Return one SVG circle per item in sight."""
    rows = scene.order[::-1]
    at = window.place(scene.coordinates[rows, 0], scene.coordinates[rows, 1])
    radius = fleck_radius(len(rows)) * unit * 0.8
    inside = ((at > -radius) & (at < (window.width + radius, window.height + radius))).all(axis=1)
    codes = scene.colouring.codes[rows]
    radii = radius * (np.ones(len(rows)) if scene.sizing is None else scene.sizing.radii[rows])
    marks = "".join(
        element("circle", cx=x, cy=y, r=own, fill=colours[code])
        for (x, y), code, own in zip(at[inside], codes[inside], radii[inside], strict=True)
    )
    return group(marks, stroke=theme.halo if theme.dark else theme.ink, stroke_width=0.7 * unit, fill_opacity=0.92)


class Flecks:
    """The items of a scene on a window, ready to be painted strip by strip.

    Of very many items a fair sample is painted: more would only hide the land.
    """

    def __init__(self, scene: MapScene, window: Window, colours: tuple[str, ...], theme: Theme) -> None:
        rows = scene.order[: int(_PER_PIXEL * window.width * window.height)]
        self._radius = fleck_radius(len(rows)) * np.sqrt(window.width * window.height / (1600 * 1067))
        at = window.place(scene.coordinates[rows, 0], scene.coordinates[rows, 1])
        down = np.argsort(at[:, 1], kind="stable")
        self._at = at[down]
        self._colours = _inked(colours, theme)[scene.colouring.codes[rows[down]]]
        self._grades = None if scene.sizing is None else scene.sizing.grades[rows[down]]
        self._strength = _strengths(scene, rows[down]) if theme.fantasy else np.ones(len(rows), dtype=np.float32)

    def onto(self, strip: NDArray[np.uint8], top: int) -> None:
        """Paint the items into `strip` (h, w, 3), which begins `top` pixels down; overlapping colours mix."""
        reach = self._radius * (GRADES[-1] if self._grades is not None else 1.0) + 1
        first, last = np.searchsorted(self._at[:, 1], (top - reach, top + len(strip) + reach))
        layers = self._layers(slice(first, last), top, strip.shape[:2])
        cover = np.minimum(layers[..., 3], 1.0) * np.float32(0.5 + 0.25 * min(1.0, self._radius))
        mean = layers[..., :3] / np.maximum(layers[..., 3:], 1e-6)
        mixed = strip + (mean * 255 - strip) * cover[..., None]
        strip[...] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)

    def _layers(self, part: slice, top: int, shape: tuple[int, int]) -> NDArray[np.float32]:
        """The stamps of some items, see `_stamped`; of every size in turn where they differ."""
        at, colours, strength = self._at[part] - (0, top), self._colours[part], self._strength[part]
        if self._grades is None:
            return _stamped(at, colours, strength, self._radius, shape)
        grades = self._grades[part]
        layers = np.zeros((*shape, 4), np.float32)
        for grade in np.unique(grades):
            own = grades == grade
            layers += _stamped(at[own], colours[own], strength[own], self._radius * GRADES[grade], shape)
        return layers


def _strengths(scene: MapScene, rows: NDArray[np.int32]) -> NDArray[np.float32]:
    """How strongly each item is inked: in full where another group rules, faintly in its own, tinted realm."""
    if scene.colouring.kind != "categories":
        return np.ones(len(rows), dtype=np.float32)
    grid = scene.realm_grid
    column, row = cells_at(scene.terrain, scene.coordinates[rows], len(grid)).T
    at_home = grid[row, column] == scene.colouring.codes[rows].astype(np.int32)
    return np.where(at_home, np.float32(_AT_HOME), np.float32(1.0))


def _inked(colours: tuple[str, ...], theme: Theme) -> NDArray[np.float32]:
    """Group colours drawn a little towards the ink, so that they stand out from their own tint."""
    rgb, ink = as_rgb(colours), as_rgb(theme.ink)
    return (rgb + (ink - rgb) * np.float32(0.12 if theme.dark else 0.38)).astype(np.float32)


def _stamped(
    at: NDArray[np.float64],
    colours: NDArray[np.float32],
    strength: NDArray[np.float32],
    radius: float,
    shape: tuple[int, int],
) -> NDArray[np.float32]:
    """(h, w, 4) sums of colour times cover, and of cover, of round soft-edged stamps."""
    height, width = shape
    base = np.floor(at).astype(np.int64)
    reach = int(np.ceil(radius + 0.5))
    hits = []
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            column, row = base[:, 0] + right, base[:, 1] + down
            away = np.hypot(column + 0.5 - at[:, 0], row + 0.5 - at[:, 1])
            cover = np.clip(radius + 0.5 - away, 0, min(1.0, 2 * radius)).astype(np.float32) * strength
            hit = np.flatnonzero((cover > 0) & (column >= 0) & (column < width) & (row >= 0) & (row < height))
            hits.append((row[hit] * width + column[hit], cover[hit], hit))
    cells, cover, item = (np.concatenate(parts) for parts in zip(*hits, strict=True))
    weights = [*(cover * colours[item, channel] for channel in range(3)), cover]
    sums = [np.bincount(cells, weight, minlength=height * width) for weight in weights]
    return np.stack(sums, axis=-1).astype(np.float32).reshape(height, width, 4)
