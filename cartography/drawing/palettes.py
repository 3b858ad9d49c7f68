"""Which colour stands for which code of a `Colouring`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.color import as_hex, as_rgb, deuteranope, from_oklab, to_oklab
from cartography.drawing.themes import Theme, theme_named
from cartography.records import Colouring

__all__ = ["EIGHT", "LISTED", "colours_of", "listed_colours", "scale_colours"]

EIGHT = ("#116daf", "#e15a0c", "#237e42", "#b871b1", "#e5ae02", "#75bcff", "#272f33", "#2ccf9b")
"""For light ground: Okabe and Ito, "Color universal design", 2008, moved by hill climbing until all pairs lie as far
apart on parchment as can be, for normal and for deuteranope eyes."""
EIGHT_ON_DARK = ("#3098e2", "#de6719", "#74c37e", "#d392d2", "#fba701", "#b4d8fe", "#fdea0d", "#7bfebb")
"""For dark ground, found in the same way."""
LISTED = 30
"""Up to so many groups have a colour from a list; beyond that a colour from their place."""
_VIRIDIS = ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725")
"""Nine anchors of viridis: Smith and van der Walt, "A better default colormap for Matplotlib", SciPy 2015."""


def colours_of(
    colouring: Colouring,
    theme: str | Theme,
    coordinates: NDArray[np.float32] | None = None,
    chosen: Mapping[str, str] = MappingProxyType({}),
) -> tuple[str, ...]:
    """Return one "#rrggbb" per code, `colouring.missing + 1` of them; the last is for items without a value.

    Up to 8 groups the palette is safe for colour-blind readers, up to 30 it is a list of colours as different as
    can be. More groups get their hue from the direction and their lightness from the distance of their
    middle from the map's middle, if `coordinates` (n, 2) are given: neighbours get similar colours. `chosen` are
    colours for groups by their names, in place of these.
    """
    theme = theme_named(theme)
    count = colouring.missing
    if colouring.kind in ("numbers", "dates"):
        colours = scale_colours(count)
    elif count <= LISTED:
        colours = listed_colours(count, theme.dark)
    elif coordinates is None:
        colours = _by_number(count, theme.dark)
    else:
        colours = _by_place(colouring, coordinates, theme.dark)
    if colouring.kind == "categories" and chosen:
        colours = tuple(chosen.get(name, colour) for name, colour in zip(colouring.names, colours, strict=True))
    return (*colours, theme.missing)


def scale_colours(count: int) -> tuple[str, ...]:
    """Return `count` colours from low to high, viridis."""
    anchors = to_oklab(as_rgb(_VIRIDIS))
    at = np.linspace(0, len(anchors) - 1, count)
    lab = np.stack([np.interp(at, np.arange(len(anchors)), anchors[:, i]) for i in range(3)], axis=1)
    return tuple(as_hex(rgb) for rgb in from_oklab(lab))


@lru_cache(maxsize=4)
def _list(dark: bool) -> tuple[str, ...]:
    """Thirty colours, each the one farthest from all before it.

    Glasbey, van der Heijden, Toh and Gray, "Colour displays for categorical images", Color Research and
    Application 32(4), 2007; here in OKLab, the distance being the lesser of normal and deuteranope sight.
    """
    chosen = list(EIGHT_ON_DARK if dark else EIGHT)
    candidates = _candidates(0.50 if dark else 0.34, 0.86 if dark else 0.74)
    rgb = as_rgb(candidates)
    nearest = np.min([_apart(rgb, as_rgb(colour)) for colour in chosen], axis=0)
    while len(chosen) < LISTED:
        best = int(nearest.argmax())
        chosen.append(candidates[best])
        nearest = np.minimum(nearest, _apart(rgb, rgb[best]))
    return tuple(chosen)


def listed_colours(count: int, dark: bool = False) -> tuple[str, ...]:
    """Return the first `count` (at most 30) colours of the list for light or dark ground."""
    return _list(dark)[:count]


def _candidates(low: float, high: float) -> tuple[str, ...]:
    lightness, chroma, hue = np.meshgrid(
        np.linspace(low, high, 7), (0.05, 0.10, 0.15), np.arange(0, 2 * np.pi, np.pi / 18), indexing="ij"
    )
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1).reshape(-1, 3)
    rgb = from_oklab(lab)
    shown = ((rgb >= 0) & (rgb <= 1)).all(axis=1)
    return tuple(as_hex(colour) for colour in rgb[shown])


def _apart(many: NDArray[np.float32], one: NDArray[np.float32]) -> NDArray[np.float64]:
    """Distance in OKLab (n,), hues weighing twice as much as lightness, as the less able eye sees it."""
    weight = np.array([1.0, 1.8, 1.8])
    normal = np.linalg.norm((to_oklab(many) - to_oklab(one)) * weight, axis=1)
    blind = np.linalg.norm((to_oklab(deuteranope(many)) - to_oklab(deuteranope(one))) * weight, axis=1)
    return np.minimum(normal, 1.6 * blind)


def _by_number(count: int, dark: bool) -> tuple[str, ...]:
    """Hues a golden angle apart: neighbouring codes differ most."""
    codes = np.arange(count)
    return _of_hues(codes * np.pi * (3 - np.sqrt(5)), (codes % 3) / 2, dark)


def _by_place(colouring: Colouring, coordinates: NDArray[np.float32], dark: bool) -> tuple[str, ...]:
    counts = np.maximum(colouring.counts[:-1], 1)
    middle = np.stack(
        [np.bincount(colouring.codes, coordinates[:, i], colouring.missing + 1)[:-1] / counts for i in (0, 1)],
        axis=1,
    )
    middle -= (coordinates.min(axis=0) + coordinates.max(axis=0)) / 2
    radius = np.hypot(middle[:, 0], middle[:, 1])
    return _of_hues(np.arctan2(middle[:, 1], middle[:, 0]), radius / max(radius.max(), 1e-12), dark)


def _of_hues(hue: NDArray[np.float64], radius: NDArray[np.float64], dark: bool) -> tuple[str, ...]:
    lightness = (0.86 - 0.26 * radius) if dark else (0.68 - 0.26 * radius)
    lab = np.stack([lightness, 0.115 * np.cos(hue), 0.115 * np.sin(hue)], axis=1)
    return tuple(as_hex(rgb) for rgb in from_oklab(lab))
