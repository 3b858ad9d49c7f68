"""From elevation to colour: land by height and light, sea by its distance to the coast, ink between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.color import as_rgb
from cartography.drawing.themes import Theme
from cartography.surface import Elevation, Field, fractal_noise, sample_window

__all__ = ["Painter", "Site"]

Grid = NDArray[np.float32]

_ROUGH_CELLS = 48.0
_STAIN_CELLS = 2.5
_EXAGGERATION = 0.034
_LIGHT = (-0.58, 0.58, 0.60)
"""Where the light comes from: west, north, up."""
_OVERVIEW = 2000.0
"""Pixels per edge of the square when a whole map is seen: strengths are tuned there."""
_WAVES = ((0.0036, 1.0), (0.0078, 0.82), (0.0128, 0.64), (0.0190, 0.46), (0.0264, 0.30), (0.0350, 0.18))
"""Distance of each engraved line from the coast, as a share of the edge, and its strength."""


@dataclass(frozen=True, eq=False)
class Site:
    """What there is to paint on a window: `pixel` is the pixel's size as a share of the square's edge."""

    columns: NDArray[np.float64]
    rows: NDArray[np.float64]
    pixel: float
    ground: Elevation
    distance: Grid
    tint: Grid | None

    def distances(self, east: float = 0.0, north: float = 0.0) -> Grid:
        """Distance to the coast as a share of the edge, negative on land, seen from so far east and north."""
        return sample_window(self.distance, self.columns + east, self.rows + north).value


class Painter:
    """Turns sites into pixels in the colours of one theme. Holds tables only, so threads may share it."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._ramp = _ramp(theme)
        self._grain = np.random.default_rng(5).standard_normal((256, 256)).astype(np.float32)

    def paint(self, site: Site) -> NDArray[np.uint8]:
        """Return (h, w, 3) uint8 sRGB."""
        finest = 0.5 / site.pixel
        rough = fractal_noise(_ROUGH_CELLS, finest, 0.5, site.columns, site.rows, layer=20)
        edge = site.ground.height / (site.ground.steepness * np.float32(site.pixel))  # pixels inland
        picture = self._sea(site, rough)
        share = np.clip(edge + 0.5, 0, 1)[..., None]
        if share.any():
            picture += (self._land(site, rough) - picture) * share
        self._ink_coast(picture, edge)
        return self._finished(picture, site, rough)

    # ------------------------------------------------------------------ land
    def _land(self, site: Site, rough: Field) -> Grid:
        height = site.ground.height
        t = np.clip(height + 0.05 * rough.value, 0, 1)
        colour = self._ramp[(t * 255).astype(np.uint8)]
        if site.tint is not None:
            share = self._theme.tint_share * (1 - 0.85 * _smooth(t, 0.62, 0.95))
            colour = colour + (site.tint - colour) * share[..., None]
        if self._theme.relief:
            colour = colour * self._light(site, rough)[..., None]
        return self._contoured(colour, site)

    def _light(self, site: Site, rough: Field) -> Grid:
        """Brightness by the angle between slope and light; 1 on level ground."""
        ground, theme = site.ground, self._theme
        zoomed = max(1.0, 1 / (site.pixel * _OVERVIEW))
        steep = np.float32(theme.relief * _EXAGGERATION * zoomed**-0.3)
        high = _smooth(ground.height, 0.12, 0.75)
        rise = np.float32(theme.roughness * 0.11 / _ROUGH_CELLS)
        folds = rise * (0.45 + 0.3 * high - 1.5 * high * np.sign(rough.value))
        east = steep * ground.dx + folds * rough.dx
        north = steep * ground.dy + folds * rough.dy
        west_light, north_light, up = _LIGHT
        facing = (up - west_light * -1 * -east * 1 - north_light * north) / np.sqrt(1 + east**2 + north**2)
        return np.asarray(np.clip(0.40 + 0.60 * np.clip(facing, 0, None) / up, 0.34, 1.32), dtype=np.float32)

    def _contoured(self, colour: Grid, site: Site) -> Grid:
        """Thin height lines, finer as one comes nearer."""
        nearness = np.log2(max(1 / (site.pixel * _OVERVIEW), 0.25))
        strength = self._theme.contour_share * float(np.clip(nearness * 0.5 if self._theme.relief else 1, 0, 1))
        if strength <= 0:
            return colour
        per_height = 9 * 2.0 ** max(0, int(nearness) - 1)
        phase = site.ground.height * np.float32(per_height)
        off = np.abs(phase - np.round(phase)) / (site.ground.steepness * np.float32(per_height * site.pixel))
        line = np.clip(1.1 - off, 0, 1) * np.float32(strength)
        return colour + (as_rgb(self._theme.contour) - colour) * line[..., None]

    # ------------------------------------------------------------------- sea
    def _sea(self, site: Site, rough: Field) -> Grid:
        theme = self._theme
        stain = fractal_noise(_STAIN_CELLS, 12, 0.6, site.columns, site.rows, layer=40).value
        paper, deep = as_rgb(theme.paper), as_rgb(theme.deep)
        far = _smooth(stain, 0.0, 2.2) * np.float32(theme.stain)
        picture = paper + (deep - paper) * far[..., None]
        picture = picture * (1 + np.float32(0.035 * theme.stain) * (stain + 0.5 * rough.value))[..., None]
        away = np.maximum(self._offshore(site), 0)
        wash = np.exp(away * np.float32(-1 / 0.019)) * np.float32(theme.wash_share)
        picture += (as_rgb(theme.wash) - picture) * wash[..., None]
        if theme.wave_share:
            picture += (as_rgb(theme.wave) - picture) * self._waves(site, away)[..., None]
        if theme.shadow:
            reach = min(0.0022, 9 * site.pixel)
            lee = site.distances(-reach, reach)
            picture *= (1 - theme.shadow * _smooth(-lee, -1.2 * reach, 0.8 * reach))[..., None]
        return picture

    def _offshore(self, site: Site) -> Grid:
        """Distance from the coast: by the slope close to it, by the distance grid farther out."""
        far = site.distances() - site.ground.displacement
        near = -site.ground.height / site.ground.steepness
        share = _smooth(far, 0.0015, 0.0045)
        return np.asarray(near + (far - near) * share, dtype=np.float32)

    def _waves(self, site: Site, away: Grid) -> Grid:
        strength = np.zeros_like(away)
        for distance, share in _WAVES:
            off = np.abs(away - np.float32(distance)) / np.float32(site.pixel)
            np.maximum(strength, np.clip(1.15 - off, 0, 1) * np.float32(share), out=strength)
        return strength * np.float32(self._theme.wave_share)

    # ------------------------------------------------------------------- ink
    def _ink_coast(self, picture: Grid, edge: Grid) -> None:
        line = np.clip(1.45 - np.abs(edge), 0, 1) * np.float32(0.86)
        picture += (as_rgb(self._theme.coast) - picture) * line[..., None]

    def _finished(self, picture: Grid, site: Site, rough: Field) -> NDArray[np.uint8]:
        if self._theme.grain:
            column = np.round(site.columns / site.pixel - 0.5).astype(np.int64) % 256
            row = np.round(site.rows / site.pixel - 0.5).astype(np.int64) % 256
            picture *= (1 + np.float32(self._theme.grain * 0.6) * self._grain[row[:, None], column])[..., None]
        return (np.clip(picture, 0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8)


def _ramp(theme: Theme) -> Grid:
    at = np.linspace(0, 1, 256)
    heights = [height for height, _ in theme.ramp]
    colours = as_rgb(colour for _, colour in theme.ramp)
    return np.stack([np.interp(at, heights, colours[:, i]) for i in range(3)], axis=1).astype(np.float32)


def _smooth(value: Grid, low: float, high: float) -> Grid:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((value - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)
