"""The look that all pages share."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

__all__ = ["dress"]

_STYLE = Path(__file__).with_name("frame.css")


def dress() -> None:
    """Apply our style sheet to this page."""
    st.html(_STYLE)
