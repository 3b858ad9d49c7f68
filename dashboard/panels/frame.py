"""The look that all pages share."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.panels.markup import safe

__all__ = ["ICON", "brand", "dress"]

_HERE = Path(__file__).parent
_STYLE = _HERE / "frame.css"

ICON = str(_HERE / "icon.svg")
"""Our own picture: an icon by name would be fetched from another host."""


def dress() -> None:
    """Apply our style sheet to this page."""
    st.html(_STYLE)


def brand(file: str = "") -> None:
    """Say whose page this is, and which file it shows, at the head of the sidebar."""
    shown = f"<p class='ec-file'>{safe(file, 120)}</p>" if file else ""
    st.html(f"<p class='ec-brand'>Embedding Cartographer</p>{shown}")
