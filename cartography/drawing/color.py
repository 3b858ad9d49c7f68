"""Colours as numbers: hex strings, sRGB shares, OKLab, and how a colour-blind eye sees them.

OKLab: Ottosson, "A perceptual color space for image processing", 2020.
Deuteranopia: Viénot, Brettel and Mollon, "Digital video colourmaps for checking the legibility of displays
by dichromats", Color Research and Application 24(4), 1999.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["as_hex", "as_rgb", "deuteranope", "from_oklab", "luminance", "mixed", "to_oklab"]

_TO_CONE = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_DEUTERANOPE = np.array(
    [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]],
)


def as_rgb(colours: str | Iterable[str]) -> NDArray[np.float32]:
    """Return "#rrggbb" as sRGB shares 0..1: (3,) for one colour, (n, 3) for many; float32."""
    if isinstance(colours, str):
        channels = [int(colours[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        return np.array(channels, dtype=np.float32)
    return np.array([as_rgb(colour) for colour in colours], dtype=np.float32).reshape(-1, 3)


def as_hex(rgb: ArrayLike) -> str:
    """Return sRGB shares (3,) as "#rrggbb", cut to what a screen can show."""
    red, green, blue = np.round(np.clip(np.asarray(rgb, dtype=np.float64), 0, 1) * 255).astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def mixed(first: str, second: str, share: float) -> str:
    """Return the colour `share` of the way from `first` to `second`, as "#rrggbb"."""
    lab = (1 - share) * to_oklab(as_rgb(first)) + share * to_oklab(as_rgb(second))
    return as_hex(from_oklab(lab))


def to_oklab(rgb: ArrayLike) -> NDArray[np.float64]:
    """Return sRGB shares (..., 3) as OKLab (lightness 0..1, green-red, blue-yellow)."""
    return np.cbrt(_linear(rgb) @ _TO_CONE.T) @ _TO_LAB.T


def from_oklab(lab: ArrayLike) -> NDArray[np.float64]:
    """Return OKLab (..., 3) as sRGB shares; colours no screen can show lie outside 0..1."""
    cones = (np.asarray(lab, dtype=np.float64) @ np.linalg.inv(_TO_LAB).T) ** 3
    linear = cones @ np.linalg.inv(_TO_CONE).T
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055)


def deuteranope(rgb: ArrayLike) -> NDArray[np.float64]:
    """Return sRGB shares (..., 3) as a person without green cones would see them."""
    linear = np.clip(_linear(rgb) @ _DEUTERANOPE.T, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055)


def luminance(colour: str) -> float:
    """Return the relative luminance 0..1 of "#rrggbb" (WCAG 2)."""
    return float(_linear(as_rgb(colour)) @ np.array([0.2126, 0.7152, 0.0722]))


def _linear(rgb: ArrayLike) -> NDArray[np.float64]:
    rgb = np.asarray(rgb, dtype=np.float64)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((np.maximum(rgb, 0.04045) + 0.055) / 1.055) ** 2.4)
