"""From elevation to colour: land by height and light, sea by its distance to the coast, ink between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.color import as_rgb
from cartography.drawing.painted.landmarks import Landmarks
from cartography.drawing.themes import Theme
from cartography.records import Terrain
from cartography.surface import Elevation, Field, Lens, fractal_noise
from cartography.surface.elevation import COAST_CELLS, COAST_REACH, GAIN

__all__ = ["Painter", "Site"]

Grid = NDArray[np.float32]

_ROUGH_OCTAVES = 2
"""How many octaves coarser than the coast's noise the roughness of slopes begins."""
_ROUGH_CELLS = COAST_CELLS / 2**_ROUGH_OCTAVES
_FINE = np.float32(GAIN**_ROUGH_OCTAVES)  # the height of the finer octaves below those
_STAIN_CELLS = 2.5
_EXAGGERATION = 0.034
_LIGHT = (-0.55, 0.55, 0.63)
"""Where the light comes from: how far east, north and up."""
_OVERVIEW = 2000.0
"""Pixels per edge of the square when a whole map is seen: strengths are tuned there."""
_WAVES = ((0.0038, 1.0), (0.0080, 0.82), (0.0130, 0.64), (0.0190, 0.46), (0.0262, 0.30), (0.0346, 0.18))
"""Distance of each engraved line from the coast, as a share of the edge, and its strength."""
_WASH_WIDTH = 0.019
_SCALE_SHARE = 0.7  # of the way from the interior's tint to the rim's, where colours are values
_RIM_WIDTH = 0.011
"""How far a realm's colour runs inland from its borders, as a share of the edge."""


@dataclass(frozen=True, eq=False)
class Site:
    """What there is to paint on a window: `pixel` is the pixel's size as a share of the square's edge.

    `tint` is the colour of the realms there, `depth` how deep inside its realm each pixel lies, as a share of the
    edge, `unit` the pixels that a symbol's unit takes.
    """

    lens: Lens
    pixel: float
    ground: Elevation
    distance: Grid
    tint: Grid | None
    depth: Grid | None = None
    unit: float = 1.0

    def distances(self, east: float = 0.0, north: float = 0.0) -> Grid:
        """Distance to the coast as a share of the edge, negative on land, seen from so far east and north."""
        lens = self.lens.moved(east, north) if east or north else self.lens
        return lens.value_of(self.distance)

    @property
    def nearness(self) -> float:
        """How often the overview was doubled to get here; below 0 when seen from farther away."""
        return float(np.log2(1 / (self.pixel * _OVERVIEW)))


class Painter:
    """Turns sites into pixels in the colours of one theme. Holds tables only, so threads may share it."""

    def __init__(self, theme: Theme, terrain: Terrain) -> None:
        self._theme = theme
        self._landmarks = Landmarks(terrain, theme) if theme.landmarks else None
        self._ramp = _ramp(theme)
        self._stain = _stain()
        self._grain = np.random.default_rng(5).standard_normal((256, 256)).astype(np.float32)

    def paint(self, site: Site) -> NDArray[np.uint8]:
        """Return (h, w, 3) uint8 sRGB."""
        inland = site.ground.inland / np.float32(site.pixel)
        land = np.clip(inland + 0.5, 0, 1)
        if not land.any():
            picture = self._sea(site)
        elif land.all():
            picture = self._land(site)
        else:
            picture = self._sea(site)
            picture += (self._land(site) - picture) * land[..., None]
        self._ink_coast(picture, inland)
        if self._landmarks is not None and land.any():
            self._landmarks.onto(picture, site.lens, site.pixel, site.unit)
        return self._finished(picture, site)

    # ------------------------------------------------------------------ land

    def _land(self, site: Site) -> Grid:
        theme, height = self._theme, site.ground.height
        ridges = _ridges(site)
        climate = height * (0.55 + 0.45 * height)
        climate += np.float32(0.06 * theme.roughness) * (ridges.value + _FINE * site.ground.noise.value)
        colour = self._ramp[(np.clip(climate, 0, 1) * np.float32(255)).astype(np.uint8)]
        if site.tint is not None:
            snow = 0.75 * _smooth(climate, 0.72, 1.02) if theme.relief else np.zeros_like(climate)
            share = self._tinted(site) * (1 - snow)
            colour += (site.tint - colour) * share[..., None]
        if theme.relief:
            self._shade(colour, self._light(site, ridges))
        self._contour(colour, site)
        return colour

    def _tinted(self, site: Site) -> Grid | np.float32:
        """How much of its realm's colour each place takes: as in hand-coloured atlases, most along the borders."""
        theme = self._theme
        if site.depth is None:  # a scale has no borders: its colours are the values, and are read all over
            return np.float32(theme.tint_share + _SCALE_SHARE * (theme.tint_rim - theme.tint_share))
        rim = np.exp(np.maximum(site.depth, 0) * np.float32(-1 / _RIM_WIDTH))
        return np.asarray(theme.tint_share + (theme.tint_rim - theme.tint_share) * rim, dtype=np.float32)

    def _light(self, site: Site, ridges: Field) -> Grid:
        """How much more light than level ground each slope gets: 0 when level, -1 in full shade.

        The slopes of the land weigh less as one comes nearer, or a whole tile would lie in shade.
        """
        ground = site.ground
        from_east, from_north, up = (np.float32(part) for part in _LIGHT)
        steep = np.float32(_EXAGGERATION * 2 ** (-0.3 * max(0.0, site.nearness)))
        east, north = steep * ground.dx, steep * ground.dy
        facing = (up - from_east * east - from_north * north) / np.sqrt(1 + east * east + north * north)
        high = _smooth(ground.height, 0.10, 0.80)
        rise = np.float32(self._theme.roughness * 0.09 / _ROUGH_CELLS)
        folds = rise * (0.4 - 1.1 * high * ridges.value / np.sqrt(ridges.value**2 + 0.06))
        grains = rise * _FINE * (0.24 + 0.34 * high)
        facing -= from_east * (folds * ridges.dx + grains * ground.noise.dx)
        facing -= from_north * (folds * ridges.dy + grains * ground.noise.dy)
        return np.asarray(np.float32(self._theme.relief) * (facing / up - 1), dtype=np.float32)

    def _shade(self, colour: Grid, light: Grid) -> None:
        """Darken slopes out of the light towards ink, brighten the others towards paper; neither ever fully."""
        dark, bright = np.maximum(-light, 0), np.maximum(light, 0)
        dark *= 0.82 / (0.36 + dark)
        bright *= 0.66 / (0.75 + bright)
        colour *= 1 - dark[..., None] * (1 - as_rgb(self._theme.shade))
        colour += (as_rgb(self._theme.glow) - colour) * bright[..., None]

    def _contour(self, colour: Grid, site: Site) -> None:
        """Thin height lines, finer as one comes nearer; with a relief they come only then."""
        nearness = site.nearness
        strength = self._theme.contour_share * float(np.clip(0.4 * nearness if self._theme.relief else 1, 0, 1))
        if strength <= 0:
            return
        per_height = 9 * 2.0 ** max(0, int(nearness) - 1)
        phase = site.ground.height * np.float32(per_height)
        slope = np.hypot(site.ground.dx, site.ground.dy) * np.float32(per_height * site.pixel)
        off = np.abs(phase - np.round(phase)) / np.maximum(slope, 1e-6)
        line = np.clip(1.1 - off, 0, 1) * np.float32(strength)
        colour += (as_rgb(self._theme.contour) - colour) * line[..., None]

    # ------------------------------------------------------------------- sea

    def _sea(self, site: Site) -> Grid:
        theme = self._theme
        picture = self._paper(site)
        here = site.distances()
        inshore = self._offshore(site, here)
        away = np.maximum(inshore, 0)
        wash = np.exp(away * np.float32(-1 / _WASH_WIDTH)) * np.float32(theme.wash_share)
        picture += (as_rgb(theme.wash) - picture) * wash[..., None]
        if theme.wave_share:
            picture += (as_rgb(theme.wave) - picture) * self._waves(site, away)[..., None]
        if theme.shadow:
            reach = min(0.0024, 10 * site.pixel)
            lee = inshore + site.distances(-reach, reach) - here
            shadow = np.float32(theme.shadow) * _smooth(-lee, -1.3 * reach, 0.8 * reach)
            shadow *= 1 - _smooth(here, 2 * reach + 0.0003, 3 * reach + 0.0008)
            picture *= 1 - shadow[..., None]
        return picture

    def _paper(self, site: Site) -> Grid:
        theme = self._theme
        paper = np.broadcast_to(as_rgb(theme.paper), (*site.lens.shape, 3))
        if not theme.stain:
            return paper.copy()
        stain = site.lens.value_of(self._stain)
        fibre = stain + 0.6 * site.ground.noise.value
        far = _smooth(stain, -0.2, 2.4) * np.float32(theme.stain)
        picture = paper * (1 + np.float32(0.022 * theme.stain) * fibre)[..., None]
        picture += (as_rgb(theme.deep) - picture) * far[..., None]
        return picture

    def _offshore(self, site: Site, here: Grid) -> Grid:
        """Distance from the coast: by the slope close to it, by the distance grid (`here`) farther out.

        The noise that bends the coast bends the first lines of the sea with it, and fades with the distance.
        """
        bent = np.float32(COAST_REACH) * (1 - _smooth(here, 0.0010, 0.0080))
        far = np.maximum(here - site.ground.noise.value * bent, 0.35 * here)
        near = np.minimum(-site.ground.inland, 1.6 * here + np.float32(0.0006))
        return np.asarray(near + (far - near) * _smooth(here, 0.0006, 0.0020), dtype=np.float32)

    def _waves(self, site: Site, away: Grid) -> Grid:
        strength = np.zeros_like(away)
        for distance, share in _WAVES:
            off = np.abs(away - np.float32(distance)) * np.float32(1 / site.pixel)
            np.maximum(strength, np.clip(1.15 - off, 0, 1) * np.float32(share), out=strength)
        return strength * np.float32(self._theme.wave_share)

    # ------------------------------------------------------------------- ink

    def _ink_coast(self, picture: Grid, inland: Grid) -> None:
        line = np.clip(1.45 - np.abs(inland), 0, 1) * np.float32(0.86)
        if line.any():
            picture += (as_rgb(self._theme.coast) - picture) * line[..., None]

    def _finished(self, picture: Grid, site: Site) -> NDArray[np.uint8]:
        if self._theme.grain:
            column = np.round(site.lens.columns / site.pixel - 0.5).astype(np.int64) % 256
            row = np.round(site.lens.rows / site.pixel - 0.5).astype(np.int64) % 256
            picture *= (1 + np.float32(self._theme.grain) * self._grain[row[:, None], column])[..., None]
        np.clip(picture, 0, 1, out=picture)
        picture *= 255
        picture += 0.5
        return picture.astype(np.uint8)


def _ridges(site: Site) -> Field:
    """The two octaves of the slopes' roughness that are coarser than those that bend the coast."""
    last = _ROUGH_CELLS * 2 ** (_ROUGH_OCTAVES - 1)
    return fractal_noise(_ROUGH_CELLS, last, GAIN, site.lens, layer=20)


def _stain() -> Grid:
    """(128, 128) slow noise for the paper's stains, as spline coefficients."""
    centres = (np.arange(128) + 0.5) / 128
    return fractal_noise(_STAIN_CELLS, 24, 0.6, Lens(centres, centres), layer=40).value


def _ramp(theme: Theme) -> Grid:
    at = np.linspace(0, 1, 256)
    heights = [height for height, _ in theme.ramp]
    colours = as_rgb(colour for _, colour in theme.ramp)
    return np.stack([np.interp(at, heights, colours[:, i]) for i in range(3)], axis=1).astype(np.float32)


def _smooth(value: Grid, low: float, high: float) -> Grid:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((value - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)
