"""Opening files: bring them, see what is inside and how it was read, change that, draw the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

import loaders
from cartography.records import EmbeddingStack
from dashboard.navigation import go_to
from dashboard.panels.frame import brand
from dashboard.panels.opening.contents import choose_candidate, follow_census, is_checkpoint, show_other_tensors
from dashboard.panels.opening.files import choose_files, show_files
from dashboard.panels.opening.guesses import change_guesses
from dashboard.panels.opening.reading import show_count, show_reading
from dashboard.panels.progress import show_progress, show_stopped
from dashboard.panels.refusal import show_refusal
from dashboard.readings import Looking, Reading, again, census_of, look_into, read
from dashboard.settings import Settings
from dashboard.sources import Source, first_source
from dashboard.state import Session, session

__all__ = ["render"]

_MOMENT = 0.5  # seconds that a page may wait before it shows progress
_INTRODUCTION = (
    "Embeddings, tables with a vector column, or a checkpoint. Files that belong together, such as vectors and their "
    "labels, go in together. Nothing leaves this machine."
)


def render() -> None:
    """Draw the page."""
    visit = session()
    with st.sidebar:
        brand()
        if st.button("Back to the map", icon=":material/map:", width="stretch"):
            go_to("map")
        if st.button("Car-Land, the example", icon=":material/directions_car:", width="stretch"):
            visit.open(*first_source(Settings()))
            go_to("map")
        if visit.draft is not None and st.button("Start over", icon=":material/restart_alt:", width="stretch"):
            visit.draft = None
            st.rerun()
    with st.container(width=980):
        st.html("<h1 class='ec-title'>Open your embeddings</h1>")
        if visit.settings.read_only:
            st.info("This server shows what it was started with; uploads are switched off.", icon=":material/lock:")
            return
        _bring(visit)
        if visit.draft is None:
            _formats()
        else:
            _look(visit, visit.draft)


def _bring(visit: Session) -> None:
    """Take in files; later ones join those that are being looked into."""
    if visit.draft is None:
        st.html(f"<p class='ec-sub'>{_INTRODUCTION}</p>")
        fresh = choose_files(visit)
    else:
        with st.expander("Add files that belong to these", icon=":material/add:"):
            fresh = choose_files(visit)
    if fresh:
        known = visit.draft.paths if visit.draft else ()
        visit.draft = Source(tuple(dict.fromkeys((*known, *fresh))))
        st.rerun()


def _look(visit: Session, draft: Source) -> None:
    """Say what is in the files, let a person choose, and read it."""
    aside = show_files(draft.paths)
    if aside is not None:
        left = tuple(path for path in draft.paths if path != aside)
        visit.draft = Source(left) if left else None
        st.rerun()
    looking = look_into(replace(draft.whole, key=None, id=None, labels=None))
    if not _done(looking, "What is inside is not known yet."):
        return
    if looking.error is not None:
        show_refusal(looking.error)
    if looking.result is not None:
        _read(visit, draft, looking.result)


def _read(visit: Session, draft: Source, candidates: Sequence[loaders.Candidate]) -> None:
    place = f"{visit.visit}-{visit.uploads}-{len(draft.paths)}"
    chosen = candidates[0]
    if len(candidates) > 1:
        st.html(f"<p class='ec-head'>WHAT IS INSIDE: {len(candidates):,} THAT CAN BE OPENED</p>")
        rows = follow_census(census_of(draft)) if is_checkpoint(candidates) else ()
        chosen = choose_candidate(candidates, draft.key, rows, place)
        show_other_tensors(rows)
    wanted = draft if draft.key == chosen.key else Source(draft.paths, key=chosen.key)
    reading = read(wanted)
    done = _done(reading, "Nothing was read.")
    loaded = reading.result if done else None
    place = f"{place}-{chosen.key}"
    if isinstance(loaded, EmbeddingStack):
        wanted = _member(wanted, loaded, place)
    shown = wanted
    embeddings = shown.member_of(loaded) if loaded is not None else None
    head = st.container()
    with st.expander("Read it another way", icon=":material/tune:", expanded=reading.error is not None):
        visit.draft = change_guesses(shown, chosen, embeddings, place)
    with head:  # filled last: what is drawn is what the controls say now, also when both were touched at once
        if embeddings is not None:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                show_count(embeddings)
                _draw(visit, visit.draft)
            show_reading(embeddings)
        elif reading.error is not None:
            show_refusal(reading.error)
    if visit.draft != shown:
        st.rerun()


def _draw(visit: Session, source: Source) -> None:
    if st.button("Draw the map", type="primary", icon=":material/brush:"):
        visit.open(source)
        go_to("map")


def _member(source: Source, stack: EmbeddingStack, place: str) -> Source:
    """Choose one member of a series; the last when nobody does."""
    last = len(stack) - 1
    index = stack.positions.index(source.member) if source.member in stack.positions else last
    member = st.selectbox(
        f"This is a series of {len(stack)}: which {stack.axis} is drawn first?",
        stack.positions,
        index,
        key=f"member-{place}",
    )
    return source.choose(member=member)


def _done(work: Looking | Reading, left: str) -> bool:
    """Give work a moment; show how far it is, or that it was stopped. Returns whether it is over."""
    work.wait(_MOMENT)
    if work.running:
        show_progress(work)
        return False
    if work.stopped:
        show_stopped(left, lambda: again(work))
        return False
    return True


def _formats() -> None:
    """List what can be opened, so that nobody has to guess."""
    with st.expander("What can be opened", icon=":material/list:", expanded=True):
        known = [
            {"format": one.name, "files": " ".join(one.suffixes), "needs": "" if one.available else one.install_hint}
            for one in loaders.formats()
        ]
        st.dataframe(pd.DataFrame(known), hide_index=True, width="stretch", height="auto")
