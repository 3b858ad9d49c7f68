"""Fog as a picture to lay over the land: drifting mist, thick where the map is not to be trusted."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.color import as_rgb, mixed
from cartography.drawing.themes import Theme
from cartography.records import Fog, Terrain
from cartography.surface import Lens, Window, fractal_noise, tile_window

__all__ = ["FOG_SIZE", "THICKEST", "fog_colour", "fog_on", "fog_tile"]

FOG_SIZE = 640
"""Pixels per edge of the picture that browsers lay over the whole square."""

THICKEST = 0.8
"""The opacity of the thickest fog: what lies under it stays visible."""

_COARSEST, _GAIN = 7.0, 0.6  # of the mist: swathes per edge of the square, and how strong finer ones are
_FLATTENED = 2.4  # swathes lie level, so many times as long as they are high
_LAYER = 11  # a noise that neither coast nor slopes use
_RAGGED = 0.36  # of the thickness that the mist gives or takes: no edge runs along the cells
_FROM, _FULL = 0.16, 0.74


def fog_colour(theme: Theme) -> str:
    """Return the colour of fog: pale over painted land, grey on white paper, moonlit at night."""
    if theme.dark:
        return mixed(theme.ink, theme.paper, 0.42)
    return mixed(theme.glow, "#ffffff", 0.35) if theme.fantasy else mixed(theme.paper, theme.ink, 0.34)


def fog_on(fog: Fog, terrain: Terrain, window: Window, theme: Theme) -> NDArray[np.uint8]:
    """Return (height, width, 4) uint8 sRGB and opacity of the fog on a window, north in row 0.

    The mist depends on the place alone, so that windows and zooms agree. Opacity is 0 where the map is faithful
    and at most `THICKEST`.
    """
    lens = window.lens(terrain)
    thickness = lens.value_of(fog.thickness)
    mist = _mist(lens, terrain.side / window.pixel)
    dense = np.clip((thickness + _RAGGED * mist * np.minimum(1, 4 * thickness) - _FROM) / (_FULL - _FROM), 0, 1)
    veil = THICKEST * dense * dense * (3 - 2 * dense) * (0.86 + 0.14 * mist)
    picture = np.empty((*lens.shape, 4), dtype=np.uint8)
    picture[..., :3] = np.round(as_rgb(fog_colour(theme)) * 255)
    picture[..., 3] = np.clip(255 * veil, 0, int(255 * THICKEST))
    return picture


def fog_tile(fog: Fog, terrain: Terrain, theme: Theme, size: int = FOG_SIZE) -> bytes:
    """Return the fog over the whole square of the terrain as WEBP with opacity."""
    from PIL import Image

    picture = fog_on(fog, terrain, tile_window(terrain, 0, 0, 0, size), theme)
    buffer = BytesIO()
    Image.fromarray(picture, "RGBA").save(buffer, "WEBP", quality=80, alpha_quality=70, method=2)
    return buffer.getvalue()


def _mist(lens: Lens, pixels: float) -> NDArray[np.float32]:
    """Noise between about -1 and 1 in long level swathes, as fine as a picture of so many pixels per edge shows."""
    level = Lens(lens.columns / _FLATTENED, lens.rows)
    noise = fractal_noise(_COARSEST, max(pixels / 3, _COARSEST), _GAIN, level, _LAYER).value
    return np.tanh(0.7 * noise)
