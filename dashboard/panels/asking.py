"""An answer in a panel: at once where it is quick, else with its progress and a button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from cartography.progress import Progress
from dashboard.inquiries import Inquiry, again, inquire
from dashboard.panels.refusal import show_refusal

__all__ = ["answer_to"]

T = TypeVar("T")

_MOMENT = 0.3  # seconds that a panel may wait before it shows progress


def answer_to(key: str, what: str, find_out: Callable[[Progress], T]) -> T | None:
    """Return what `find_out` finds; None while it is under way, stopped or impossible, which is then shown.

    The same `key` is answered once. `what` names the question for the log.
    """
    inquiry = inquire(key, what, find_out)
    inquiry.wait(_MOMENT)
    if inquiry.running:
        _follow(inquiry, key)
    elif inquiry.error is not None:
        show_refusal(inquiry.error)
    elif inquiry.stopped:
        st.caption("Stopped, as you asked.")
        st.button("Start again", key=f"again-{key}", icon=":material/play_circle:", on_click=again, args=(inquiry,))
    return inquiry.result


def _follow(inquiry: Inquiry[T], key: str) -> None:
    """Show how far it is, and run the page again when it is done."""

    @st.fragment(run_every=0.4)
    def follow() -> None:
        if not inquiry.running:
            st.rerun()
        event = inquiry.event
        st.progress(event.fraction, text=f"{event.stage} …")
        if st.button("Stop", key=f"stop-{key}", icon=":material/stop_circle:"):
            inquiry.cancel()
            inquiry.wait(2.0)
            st.rerun()

    follow()
