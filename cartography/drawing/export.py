"""From a page to a file's bytes, by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.compose import Page
from cartography.errors import MissingDependencyError, ParameterError

__all__ = ["LARGEST", "SCREEN_DPI", "SIDES", "WRITERS", "Writer", "to_pdf", "to_png", "to_svg", "writer_for"]

Writer = Callable[[Page, float], bytes]
"""Takes a page and how many pixels to draw for each of its pixels; returns the file's content."""

LARGEST = 180_000_000  # pixels of a picture: about 2 GB while it is being made
_EFFORT = 3  # of the PNG's compression: paper has grain, which no effort makes small
SCREEN_DPI = 96
"""Dots per inch at which one dot is one pixel of a page."""
SIDES = (64, 20_000)
"""Pixels that a side of a page may have."""
_ROWS = 256  # of the picture that are put together at once
_SHARP = 1.5  # pixels of land per pixel of an SVG or PDF page, for screens and printers finer than the page


def to_png(page: Page, scale: float = 1.0) -> bytes:
    """Return the page as PNG with `scale` pixels per pixel. Raises `MissingDependencyError`, `ParameterError`."""
    if page.width * page.height * scale**2 > LARGEST:
        raise ParameterError(
            f"A picture of {page.width * scale:,.0f} x {page.height * scale:,.0f} pixels is too large to make.",
            "Ask for a smaller size or fewer dots per inch.",
        )
    from PIL import Image

    picture = page.painted(scale)
    _write_over(picture, page, scale)
    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, "PNG", compress_level=_EFFORT, dpi=(SCREEN_DPI * scale,) * 2)
    return buffer.getvalue()


def _write_over(picture: NDArray[np.uint8], page: Page, scale: float) -> None:
    """Put names and furniture on the painted land (h, w, 3).

    They are drawn once on black and once on white: the difference is how much of the land shows through. That is
    exact, and does not depend on how a renderer stores transparency.
    """
    black, white = (_rendered(page.overlay(ground), scale, picture.shape) for ground in ("#000000", "#ffffff"))
    for top in range(0, len(picture), _ROWS):
        rows = slice(top, top + _ROWS)
        through = white[rows].astype(np.uint16) - np.minimum(black[rows], white[rows])
        picture[rows] = np.minimum(black[rows] + (picture[rows] * through + 127) // 255, 255)


def _rendered(svg: str, scale: float, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    from PIL import Image

    with Image.open(BytesIO(_vl_convert().svg_to_png(svg, scale=scale, ppi=72))) as image:
        opaque = image.convert("RGB")
        if opaque.size != (shape[1], shape[0]):  # a scaled side may be rounded another way
            opaque = opaque.resize((shape[1], shape[0]))
        return np.asarray(opaque)


def to_pdf(page: Page, scale: float = 1.0) -> bytes:
    """Return the page as PDF. Raises `MissingDependencyError` without vl-convert."""
    return bytes(_vl_convert().svg_to_pdf(page.svg(max(scale, _SHARP))))


def to_svg(page: Page, scale: float = 1.0) -> bytes:
    """Return the page as SVG with its texts as texts."""
    return page.svg(max(scale, _SHARP)).encode("utf-8")


def to_html(page: Page, scale: float = 1.0) -> bytes:
    """Return the map as one offline page that pans, zooms and shows cards."""
    from cartography.drawing.browser.offline import to_html as written

    return written(page, scale)


WRITERS: dict[str, Writer] = {".png": to_png, ".svg": to_svg, ".pdf": to_pdf, ".html": to_html}
"""How to write each kind of file. A new kind is one function here."""


def writer_for(suffix: str) -> Writer:
    """Return what writes files that end in `suffix`. Raises `ParameterError` for a kind it does not know."""
    if suffix.lower() not in WRITERS:
        kinds = ", ".join(sorted(WRITERS))
        raise ParameterError(
            f"A map cannot be saved as {suffix or 'a file without a suffix'}.", f"Use one of: {kinds}."
        )
    return WRITERS[suffix.lower()]


def _vl_convert() -> ModuleType:
    try:
        import vl_convert
    except ImportError as error:
        raise MissingDependencyError(
            "PNG and PDF pictures are made by vl-convert, which is not installed.",
            "Install it with: pip install vl-convert-python",
        ) from error
    return vl_convert
