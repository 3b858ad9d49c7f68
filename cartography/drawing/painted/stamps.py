"""Symbols drawn by hand once and used everywhere: mountains, hills and trees as small pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.themes import Theme

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

__all__ = ["Stamp", "stamps_of"]

_FINE = 8  # pixels drawn for each pixel kept
_BOX = 30.0  # units of the square that a symbol is drawn in
_FOOT = (15.0, 24.0)  # where it touches the ground
_INK = 1.15  # units of an outline

Point = tuple[float, float]

_PEAKS = (
    ((-10.5, 0.0), (-6.2, -7.0), (-3.6, -9.6), (0.2, -16.5), (3.2, -11.2), (6.0, -7.8), (10.5, 0.0)),
    ((-9.0, 0.0), (-5.0, -8.2), (-2.4, -11.6), (-0.6, -14.5), (2.6, -9.4), (4.4, -8.0), (9.4, 0.0)),
    ((-11.5, 0.0), (-7.6, -5.8), (-5.4, -7.0), (-0.8, -13.6), (3.8, -9.0), (7.2, -5.2), (12.0, 0.0)),
)
_SPURS = (
    ((0.2, -16.5), (-0.9, -11.0), (1.4, -6.5), (-0.3, -2.5), (1.0, 0.0)),
    ((-0.6, -14.5), (0.6, -9.5), (-0.9, -5.5), (0.5, 0.0)),
    ((-0.8, -13.6), (-1.6, -9.0), (0.7, -4.5), (-0.3, 0.0)),
)
_HILLS = (((-8.0, 0.0), 6.0, 5.4), ((0.5, 0.6), 7.2, 6.4))
_TREES = (
    ((-5.0, 0.4, 3.1), (0.4, -1.4, 3.5), (5.2, 0.8, 2.9)),
    ((-3.0, 0.2, 3.4), (3.2, 0.9, 3.0)),
    ((-4.6, 1.0, 2.8), (-0.4, -1.8, 3.2), (3.8, -0.6, 3.0), (0.6, 2.0, 2.7)),
)


@dataclass(frozen=True, eq=False)
class Stamp:
    """A symbol as pixels: (h, w) float32 `alpha`, (h, w, 3) `colour` times alpha, and the pixel of its foot."""

    alpha: NDArray[np.float32]
    colour: NDArray[np.float32]
    foot: tuple[int, int]


@lru_cache(maxsize=16)
def stamps_of(theme: Theme, unit: float) -> Mapping[str, Sequence[Stamp]]:
    """Return the variants of each kind of symbol in a theme's colours, `unit` pixels per unit."""
    return {
        "peaks": tuple(_stamp(unit, _peak(theme, i)) for i in range(len(_PEAKS))),
        "hills": tuple(_stamp(unit, _hill(theme, one)) for one in (_HILLS, _HILLS[1:])),
        "woods": tuple(_stamp(unit, _wood(theme, trees)) for trees in _TREES),
    }


def _stamp(unit: float, draw: Callable[[ImageDraw, Callable[[Point], Point], float], None]) -> Stamp:
    """Draw large, then average down: clean edges without a font or vector library."""
    from PIL import Image, ImageDraw

    side = max(3, round(_BOX * unit))
    scale = side * _FINE / _BOX
    picture = Image.new("RGBA", (side * _FINE, side * _FINE), (0, 0, 0, 0))
    draw(ImageDraw.Draw(picture), lambda at: ((at[0] + _FOOT[0]) * scale, (at[1] + _FOOT[1]) * scale), scale)
    drawn = np.asarray(picture, dtype=np.float32) / 255
    solid = drawn[..., :3] * drawn[..., 3:]
    layers = np.concatenate([solid, drawn[..., 3:]], axis=-1)
    small = layers.reshape(side, _FINE, side, _FINE, 4).mean(axis=(1, 3))
    foot = (round(_FOOT[0] * side / _BOX), round(_FOOT[1] * side / _BOX))
    return Stamp(np.ascontiguousarray(small[..., 3]), np.ascontiguousarray(small[..., :3]), foot)


def _peak(theme: Theme, variant: int) -> Any:
    outline, spur = _PEAKS[variant], _SPURS[variant]
    top = outline.index(spur[0])

    def draw(pen: ImageDraw, at: Callable[[Point], Point], scale: float) -> None:
        lit, dark = [*outline[: top + 1], *spur[1:]], [*outline[top:], *reversed(spur[1:])]
        pen.polygon([at(p) for p in lit], fill=_paint(theme.glow, 0.80))
        pen.polygon([at(p) for p in dark], fill=_paint(theme.shade, 0.62))
        width = round(_INK * scale)
        pen.line([at(p) for p in outline], fill=_paint(theme.ink, 0.88), width=width, joint="curve")
        pen.line([at(p) for p in spur], fill=_paint(theme.ink, 0.55), width=round(0.6 * width), joint="curve")

    return draw


def _hill(theme: Theme, hills: Sequence[tuple[Point, float, float]]) -> Any:
    def draw(pen: ImageDraw, at: Callable[[Point], Point], scale: float) -> None:
        for (x, y), half, tall in hills:
            box = [at((x - half, y - tall)), at((x + half, y + tall))]
            pen.chord(box, 180, 360, fill=_paint(theme.glow, 0.28))
            pen.pieslice([at((x, y - tall)), at((x + half, y + tall))], 270, 360, fill=_paint(theme.shade, 0.30))
            pen.arc(box, 180, 360, fill=_paint(theme.ink, 0.72), width=round(0.9 * _INK * scale))

    return draw


def _wood(theme: Theme, trees: Sequence[tuple[float, float, float]]) -> Any:
    def draw(pen: ImageDraw, at: Callable[[Point], Point], scale: float) -> None:
        for x, y, radius in sorted(trees, key=lambda tree: tree[1]):
            pen.line([at((x, y)), at((x, y - 2.2))], fill=_paint(theme.ink, 0.8), width=round(1.1 * scale))
            crown = [at((x - radius, y - 2 - 2 * radius)), at((x + radius, y - 2))]
            pen.ellipse(
                crown, fill=_paint(theme.wood, 0.80), outline=_paint(theme.ink, 0.72), width=round(0.8 * scale)
            )
            glint = [at((x - 0.75 * radius, y - 1.6 - 1.9 * radius)), at((x + 0.2 * radius, y - 2 - 0.8 * radius))]
            pen.ellipse(glint, fill=_paint(theme.glow, 0.30))

    return draw


def _paint(colour: str, alpha: float) -> tuple[int, int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, round(255 * alpha)
