"""What a panel shows while something is found out in the background: how far it is, and the button that stops it."""

from __future__ import annotations

from typing import Any, TypeVar

import streamlit as st

from dashboard.groupings import begin_again
from dashboard.panels.refusal import show_refusal
from dashboard.work import Work

__all__ = ["awaited"]

T = TypeVar("T")

_MOMENT = 0.3  # seconds that a panel may wait before it shows progress


def awaited(work: Work[T], key: str) -> T | None:
    """Return what a work has made, or draw how far it is, with the button that stops it, or why it failed."""
    if work.wait(_MOMENT) and work.result is not None:
        return work.result
    if work.error is not None:
        show_refusal(work.error)
    elif work.stopped:
        st.caption("Stopped, as you asked.")
        if st.button("Go on", key=f"{key}-again", icon=":material/play_circle:", width="stretch"):
            begin_again(work)
            st.rerun()
    else:
        _follow(work, key)
    return None


def _follow(work: Work[Any], key: str) -> None:
    @st.fragment(run_every=0.4)
    def follow() -> None:
        if not work.running:
            st.rerun()
        event = work.event
        words = f"{event.stage}: {event.message}" if event.message else event.stage
        st.progress(event.fraction, text=f"{words} …")
        if st.button("Stop", key=f"{key}-stop", icon=":material/stop_circle:", width="stretch"):
            work.cancel()
            work.wait(2.0)
            st.rerun()

    follow()
