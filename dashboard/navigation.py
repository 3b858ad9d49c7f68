"""Which pages there are, and how one leads to another."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

__all__ = ["go_to", "pages"]


def pages() -> dict[str, StreamlitPage]:
    """Return every page by its name; the first is where a visit begins."""
    from dashboard.views import map_page, open_page

    return {
        "map": st.Page(map_page.render, title="Map", url_path="map", default=True),
        "open": st.Page(open_page.render, title="Open files", url_path="open"),
    }


def go_to(name: str) -> None:
    """Turn to another page; does not return."""
    st.switch_page(pages()[name])
