"""A map being made: how far it is, and the button that stops it."""

from __future__ import annotations

import streamlit as st

from dashboard.jobs import JOBS, Job

__all__ = ["show_progress", "show_stopped"]


def show_progress(job: Job) -> None:
    """Follow a running job; runs the page again when there is something new to show."""
    shown = job.best

    @st.fragment(run_every=0.4)
    def follow() -> None:
        if not job.running or job.best is not shown:
            st.rerun()
        event = job.event
        words = f"{event.stage}: {event.message}" if event.message else event.stage
        bar, button = st.columns([4, 1], vertical_alignment="center")
        bar.progress(event.fraction, text=f"{words} …")
        if button.button("Stop", key="stop", icon=":material/stop_circle:", width="stretch"):
            job.cancel()
            job.wait(2.0)
            st.rerun()

    follow()


def show_stopped(job: Job) -> None:
    """Say that the map is not the one asked for, and offer to go on."""
    words, button = st.columns([4, 1], vertical_alignment="center")
    first = "This is a first sketch by PCA." if job.preview else "There is no map yet."
    words.html(f"<p class='ec-sub' role='status'>Stopped, as you asked. {first}</p>")
    if button.button("Go on", key="again", icon=":material/play_circle:", width="stretch"):
        JOBS.again(job)
        st.rerun()
