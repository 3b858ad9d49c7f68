"""Why something did not work: what was found, what was expected, what to do; in one box and one voice."""

from __future__ import annotations

import streamlit as st

from cartography.errors import CartographyError
from dashboard.panels.markup import safe

__all__ = ["show_refusal"]


def show_refusal(error: CartographyError) -> None:
    """Draw the error's sentence and its hint; both may quote the user's file."""
    st.html(
        "<div class='ec-refusal' role='alert'>"
        f"<p data-testid='refusal'>{safe(error.message)}</p><p class='ec-sub'>{safe(error.hint)}</p></div>"
    )
