"""The map as a picture to keep and to share."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from cartography.drawing.export import LARGEST, SCREEN_DPI, SIDES
from cartography.pipeline import BuiltMap
from cartography.records import Terrain
from dashboard.map_view import Viewport
from dashboard.panels.download import offer_file

__all__ = ["Shot", "frame_of", "offer_picture", "picture", "said_size"]

_OWN = "Your own"
_SIZES = {
    "1600 × 1067 · screen": (1600, 1067),
    "1920 × 1080 · slide": (1920, 1080),
    "2400 × 1600 · large": (2400, 1600),
    "1200 × 1200 · square": (1200, 1200),
    "1123 × 794 · A4 across": (1123, 794),
    "794 × 1123 · A4 upright": (794, 1123),
}
_DPI = (96, 150, 300, 600)
_WHOLE, _VIEW = "Whole map", "My view"
_KINDS = {"PNG": "image/png", "SVG": "image/svg+xml", "PDF": "application/pdf", "HTML": "text/html"}

Frame = tuple[float, float, float, float]


@dataclass(frozen=True)
class Shot:
    """A picture as it is asked for: its kind, its page in pixels at 96 dots per inch, and its dots per inch."""

    kind: str = "PNG"
    width: int = 1600
    height: int = 1067
    dpi: int = SCREEN_DPI

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height in dots."""
        scale = self.dpi / SCREEN_DPI
        return round(self.width * scale), round(self.height * scale)

    @property
    def too_large(self) -> bool:
        """Whether so many dots cannot be made."""
        width, height = self.pixels
        return self.kind == "PNG" and width * height > LARGEST


def offer_picture(built: BuiltMap, view: Callable[[], Viewport | None]) -> None:
    """Draw the button that opens the choices for a picture; `view` tells what is on screen when it is made."""
    with st.popover("Picture", icon=":material/image:", width="stretch"), st.container(width=280):
        kind = st.segmented_control("Kind", list(_KINDS), default="PNG", required=True, key="picture-kind") or "PNG"
        part = st.segmented_control("Of", [_WHOLE, _VIEW], default=_WHOLE, required=True, key="picture-part")
        shot = Shot(kind) if kind == "HTML" else _shot(kind)
        st.caption(said_size(shot))
        if shot.too_large:
            most = f"{LARGEST // 1_000_000} million"
            st.error(f"That is more than the {most} pixels that can be made: choose a smaller size or fewer dots.")
            return
        offer_file(
            f"Download {kind}",
            lambda: picture(built, shot, view() if part == _VIEW else None),
            f"{Path(built.embeddings.name).stem or 'map'}.{kind.lower()}",
            _KINDS[kind],
            key="download-picture",
            working="Drawing …",
            primary=True,
        )


def _shot(kind: str) -> Shot:
    """Draw the choices of size and dots."""
    size = st.selectbox("Size", [*_SIZES, _OWN], key="picture-size")
    width, height = _SIZES.get(size, (0, 0))
    if size == _OWN:
        with st.container(horizontal=True):
            width = int(st.number_input("Width", *SIDES, 1600, key="picture-width"))
            height = int(st.number_input("Height", *SIDES, 1067, key="picture-height"))
    dots = st.segmented_control(
        "Dots per inch",
        _DPI,
        default=SCREEN_DPI,
        required=True,
        help="96 draws the size as it stands; 300 draws the same page 3.1 times as fine, for print.",
        key="picture-dpi",
    )
    return Shot(kind, width, height, int(dots or SCREEN_DPI))


def said_size(shot: Shot) -> str:
    """Say how large a picture becomes, in dots and on paper."""
    if shot.kind == "HTML":
        return "One file that fills its window, pans, zooms and shows cards in any browser, with the network off."
    width, height = shot.pixels
    paper = f"{shot.width / SCREEN_DPI * 2.54:.1f} × {shot.height / SCREEN_DPI * 2.54:.1f} cm on paper"
    if shot.kind == "PNG":
        return f"{width:,} × {height:,} pixels, {paper}."
    return f"Lines and letters stay sharp at any size; {paper}, with land for {shot.dpi} dots per inch."


def picture(built: BuiltMap, shot: Shot, view: Viewport | None = None) -> bytes:
    """Return the map, or the part of it in view, as a file's content; dressed as the map's recipe says.

    Raises `ParameterError` for a picture that is too large.
    """
    from cartography.drawing import draw_map

    frame = None if view is None else frame_of(built.scene.terrain, view, shot.width / shot.height)
    drawing = draw_map(built, built.recipe.theme, shot.width, shot.height, dpi=shot.dpi, frame=frame)
    with tempfile.TemporaryDirectory(prefix="cartographer-picture-") as folder:
        return drawing.save(Path(folder) / f"map.{shot.kind.lower()}").read_bytes()


def frame_of(terrain: Terrain, view: Viewport, aspect: float) -> Frame:
    """Return the part of the map (x0, y0, x1, y1) that a picture `aspect` times as wide as high shows of a view.

    At zoom 1 that is the whole frame, as in the browser, and what the picture's form leaves beside it.
    """
    x0, y0, x1, y1 = terrain.frame
    height = max((y1 - y0), (x1 - x0) / aspect) / view.zoom
    width = height * aspect
    return (view.x - width / 2, view.y - height / 2, view.x + width / 2, view.y + height / 2)
