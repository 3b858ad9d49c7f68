"""The page's address, which says what the map shows: to be kept, shared and opened again."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

__all__ = ["asked_for", "show_address"]

_mount = st.components.v2.component(
    "cartographer_address", js=Path(__file__).with_name("address.js").read_text(encoding="utf-8")
)


def show_address(query: str) -> None:
    """Put a query into the browser's address; nothing is seen of it on the page.

    Streamlit's own way would add a step to the browser's history with every movement of the map.
    """
    with st.container(key="address"):
        _mount(key="address-bar", data={"query": query})


def asked_for() -> dict[str, list[str]]:
    """Return the query that the page was opened with: all values of every name."""
    return {name: st.query_params.get_all(name) for name in st.query_params}
