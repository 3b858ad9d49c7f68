"""From a page to a file's bytes, by the file's suffix."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from types import ModuleType

from cartography.drawing.compose import Page
from cartography.errors import MissingDependencyError, ParameterError

__all__ = ["WRITERS", "Writer", "to_pdf", "to_png", "to_svg", "writer_for"]

Writer = Callable[[Page, float], bytes]
"""Takes a page and how many pixels to draw for each of its pixels; returns the file's content."""

_LARGEST = 180_000_000  # pixels of a picture: about 2 GB while it is being made
_EFFORT = 3  # of the PNG's compression: paper has grain, which no effort makes small
_SCREEN_DPI = 96.0
_SHARP = 1.5  # pixels of land per pixel of an SVG or PDF page, for screens and printers finer than the page


def to_png(page: Page, scale: float = 1.0) -> bytes:
    """Return the page as PNG with `scale` pixels per pixel. Raises `MissingDependencyError`, `ParameterError`."""
    if page.width * page.height * scale**2 > _LARGEST:
        raise ParameterError(
            f"A picture of {page.width * scale:,.0f} x {page.height * scale:,.0f} pixels is too large to make.",
            "Ask for a smaller size or fewer dots per inch.",
        )
    from PIL import Image

    above = _vl_convert().svg_to_png(page.overlay(), scale=scale, ppi=72)
    picture = Image.fromarray(page.painted(scale))
    with Image.open(BytesIO(above)) as names:
        layer = names.convert("RGBA")
        picture.paste(layer, (0, 0), layer)
    buffer = BytesIO()
    picture.save(buffer, "PNG", compress_level=_EFFORT, dpi=(_SCREEN_DPI * scale, _SCREEN_DPI * scale))
    return buffer.getvalue()


def to_pdf(page: Page, scale: float = 1.0) -> bytes:
    """Return the page as PDF. Raises `MissingDependencyError` without vl-convert."""
    return bytes(_vl_convert().svg_to_pdf(page.svg(max(scale, _SHARP))))


def to_svg(page: Page, scale: float = 1.0) -> bytes:
    """Return the page as SVG with its texts as texts."""
    return page.svg(max(scale, _SHARP)).encode("utf-8")


WRITERS: dict[str, Writer] = {".png": to_png, ".svg": to_svg, ".pdf": to_pdf}
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
