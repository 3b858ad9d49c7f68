"""What a panel shows while something is found out in the background: how far it is, and the button that stops it."""

from __future__ import annotations

from typing import TypeVar

import streamlit as st

from dashboard.inquiries import Inquiry, again
from dashboard.panels.progress import show_progress
from dashboard.panels.refusal import show_refusal

__all__ = ["awaited"]

T = TypeVar("T")

_MOMENT = 0.3  # seconds that a panel may wait before it shows progress


def awaited(inquiry: Inquiry[T], key: str) -> T | None:
    """Return what was found out; None while it is under way, stopped or impossible, which is then shown.

    `key` tells the buttons apart where a panel awaits several things.
    """
    if inquiry.wait(_MOMENT) and inquiry.result is not None:
        return inquiry.result
    if inquiry.error is not None:
        show_refusal(inquiry.error)
    elif inquiry.stopped:
        st.caption("Stopped, as you asked.")
        st.button(
            "Go on",
            key=f"{key}-again",
            icon=":material/play_circle:",
            width="stretch",
            on_click=again,
            args=(inquiry,),
        )
    else:
        show_progress(inquiry, key=f"{key}-stop", wide=False)
    return None
