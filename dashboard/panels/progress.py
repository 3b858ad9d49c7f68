"""Long work: how far it is, and the button that stops it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.work import Work

__all__ = ["show_progress", "show_stopped"]


def show_progress(work: Work[Any], shown: Any = None, key: str = "stop", wide: bool = True) -> None:
    """Follow running work; runs the page again when there is something newer than what is `shown`.

    `key` tells the buttons apart where several works are followed on one page. Where it is not `wide` the button is
    below the bar.
    """

    @st.fragment(run_every=0.4)
    def follow() -> None:
        if not work.running or work.best is not shown:
            st.rerun()
        event = work.event
        words = f"{event.stage}: {event.message}" if event.message else event.stage
        bar, button = st.columns([4, 1], vertical_alignment="center") if wide else (st.container(), st.container())
        bar.progress(event.fraction, text=f"{words} …")
        if button.button("Stop", key=key, icon=":material/stop_circle:", width="stretch"):
            work.cancel()
            work.wait(2.0)
            st.rerun()

    follow()


def show_stopped(left: str, again: Callable[[], None]) -> None:
    """Say that the work was stopped and what is left of it, and offer to go on."""
    words, button = st.columns([4, 1], vertical_alignment="center")
    words.html(f"<p class='ec-sub' role='status'>Stopped, as you asked. {left}</p>")
    if button.button("Go on", key="again", icon=":material/play_circle:", width="stretch"):
        again()
        st.rerun()
