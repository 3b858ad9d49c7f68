"""Opening files: upload, see what is inside, choose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

import loaders
from cartography.errors import CartographyError
from dashboard.navigation import go_to
from dashboard.panels.frame import brand
from dashboard.panels.markup import safe
from dashboard.panels.refusal import show_refusal
from dashboard.settings import Settings
from dashboard.sources import Source, first_source
from dashboard.state import Session, session
from dashboard.uploads import keep

__all__ = ["render"]

_INTRODUCTION = (
    "Embeddings, tables with a vector column, or a checkpoint. Files that belong together, such as vectors and their "
    "labels, go in at once. Nothing leaves this machine."
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
    with st.container(width=860):
        _intake(visit)


def _intake(visit: Session) -> None:
    st.html("<h1 class='ec-title'>Open your embeddings</h1>")
    if visit.settings.read_only:
        st.info("This server shows what it was started with; uploads are switched off.", icon=":material/lock:")
        return
    st.html(f"<p class='ec-sub'>{_INTRODUCTION}</p>")
    uploads = st.file_uploader(
        "Files", accept_multiple_files=True, key=f"uploads-{visit.visit}", label_visibility="collapsed"
    )
    if uploads:
        _offer(visit, keep(uploads, visit.upload_folder()))
    else:
        _formats()


def _offer(visit: Session, paths: tuple[str, ...]) -> None:
    """Open what can be opened in one way; ask where there are several."""
    try:
        candidates = loaders.probe(paths[0] if len(paths) == 1 else list(paths))
    except CartographyError as error:
        show_refusal(error)
        return
    candidates = [
        one for one in candidates if one.kind != "stack"
    ] or candidates  # its members are offered one by one
    if len(candidates) == 1:
        _open(visit, Source(paths, key=candidates[0].key))
    names = ", ".join(Path(path).name for path in paths)
    st.html(f"<p class='ec-item'>{safe(names, 300)} holds {len(candidates)} embeddings. Which one?</p>")
    st.dataframe(_table(candidates), hide_index=True, width="stretch")
    keys = [candidate.key for candidate in candidates]
    chosen = st.selectbox("Vectors", keys, help="The first is our guess.")
    if st.button("Draw the map", type="primary", icon=":material/brush:"):
        _open(visit, Source(paths, key=chosen))


def _open(visit: Session, source: Source) -> None:
    visit.open(source)
    go_to("map")


def _table(candidates: Sequence[loaders.Candidate]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "vectors": [candidate.key for candidate in candidates],
            "kind": [candidate.kind for candidate in candidates],
            "shape": [" × ".join(map(str, candidate.shape)) for candidate in candidates],
            "type": [candidate.dtype for candidate in candidates],
            "how it would be read": [candidate.note for candidate in candidates],
        }
    )


def _formats() -> None:
    """List what can be opened, so that nobody has to guess."""
    with st.expander("What can be opened", icon=":material/list:", expanded=True):
        known = [
            {"format": one.name, "files": " ".join(one.suffixes), "needs": "" if one.available else one.install_hint}
            for one in loaders.formats()
        ]
        st.dataframe(pd.DataFrame(known), hide_index=True, width="stretch")
