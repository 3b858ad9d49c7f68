"""The map as a picture to keep and to share."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from cartography.pipeline import BuiltMap
from dashboard.panels.download import offer_file

__all__ = ["offer_picture", "picture"]

_SIZES = {"1600 × 1067": (1600, 1067), "2400 × 1600": (2400, 1600), "1200 × 1200": (1200, 1200)}
_KINDS = {"PNG": "image/png", "SVG": "image/svg+xml", "PDF": "application/pdf", "HTML": "text/html"}


def offer_picture(built: BuiltMap, theme: str) -> None:
    """Draw the button that opens the choices for a picture of the whole map."""
    with st.popover("Picture", icon=":material/image:", width="stretch"):
        size = st.selectbox("Size in pixels", list(_SIZES), key="picture-size")
        kind = st.segmented_control("Kind", list(_KINDS), default="PNG", required=True, key="picture-kind") or "PNG"
        if kind == "HTML":
            st.caption("One file that pans, zooms and shows cards in any browser, with the network off.")
        name = f"{Path(built.embeddings.name).stem or 'map'}.{kind.lower()}"
        width, height = _SIZES[size]
        offer_file(
            f"Download {kind}",
            lambda: picture(built, theme, kind.lower(), (width, height)),
            name,
            _KINDS[kind],
            key="download-picture",
            working="Drawing …",
            primary=True,
        )


def picture(built: BuiltMap, theme: str, suffix: str, size: tuple[int, int]) -> bytes:
    """Return the whole map as a file's content."""
    from cartography.drawing import draw_map

    with tempfile.TemporaryDirectory(prefix="cartographer-picture-") as folder:
        path = Path(folder) / f"map.{suffix}"
        draw_map(built, theme=theme, width=size[0], height=size[1]).save(path)
        return path.read_bytes()
