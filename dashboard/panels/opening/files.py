"""Where files come from: an upload, a folder, or the server's own data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from cartography.errors import CartographyError
from dashboard.browsing import list_folder, path_within
from dashboard.panels.markup import safe
from dashboard.panels.refusal import show_refusal
from dashboard.state import Session
from dashboard.uploads import keep, release

__all__ = ["choose_files", "said_size", "show_files"]

_UP = "↑ up"
_FROM_HERE = "Upload"
_A_FOLDER = "Upload a folder"
_ON_THE_SERVER = "On the server"


def choose_files(visit: Session) -> tuple[str, ...]:
    """Draw the ways in and return the paths of files that have just come."""
    ways = [_FROM_HERE, _A_FOLDER, *([_ON_THE_SERVER] if visit.settings.data_dir else [])]
    way = st.segmented_control(
        "Where from", ways, default=ways[0], required=True, key="way-in", label_visibility="collapsed"
    )
    if way == _ON_THE_SERVER:
        return _from_server(visit, str(visit.settings.data_dir))
    return _uploaded(visit, way == _A_FOLDER)


def _uploaded(visit: Session, folder: bool) -> tuple[str, ...]:
    """Take over what was uploaded, once, and give its memory back."""
    uploads: Any = st.file_uploader(
        "A folder" if folder else "Files",
        accept_multiple_files="directory" if folder else True,
        key=f"uploads-{folder}-{visit.uploads}",
        label_visibility="collapsed",
    )
    if visit.settings.data_dir is None:
        st.caption("Larger files need no upload: start with `python -m dashboard open FILE`, or with `--data-dir`.")
    if not uploads:
        return ()
    place = visit.intake_folder()
    paths = keep(uploads, place)
    release(uploads)
    visit.uploads += 1
    return (str(place),) if folder else paths


def _from_server(visit: Session, root: str) -> tuple[str, ...]:
    """Walk through the server's folder."""
    try:
        listing = list_folder(root, *visit.where)
    except CartographyError as error:
        visit.where = ()
        show_refusal(error)
        return ()
    st.html(f"<p class='ec-sub'>{safe('/'.join((Path(root).name, *visit.where)), 400)}</p>")
    level = f"{len(visit.where)}-{'/'.join(visit.where)}"
    turns = [*([_UP] if visit.where else []), *listing.folders]
    if turns:
        turn = st.pills("Folders", turns, key=f"folder-{level}", label_visibility="collapsed")
        if turn:
            visit.where = visit.where[:-1] if turn == _UP else (*visit.where, turn)
            st.rerun()
    sizes = dict(listing.files)
    chosen = st.multiselect(
        "Files here",
        list(sizes),
        format_func=lambda name: f"{name} · {said_size(sizes[name])}",
        key=f"files-{level}",
        placeholder="Choose one or several" if sizes else "No files here",
    )
    if listing.more:
        st.caption(f"{listing.more:,} more are not listed.")
    names = [path_within(root, *visit.where, name) for name in chosen]
    if names and st.button("Look into these", icon=":material/search:", type="primary"):
        return tuple(map(str, names))
    if visit.where and not names and st.button("Look into this whole folder", icon=":material/folder_open:"):
        return (str(path_within(root, *visit.where)),)
    return ()


def show_files(paths: tuple[str, ...]) -> str | None:
    """Draw the files that are open, each with a way to put it aside; return the one put aside."""
    aside = None
    with st.container(horizontal=True, gap="small", key="open-files"):
        for place, path in enumerate(map(Path, paths)):
            with st.container(
                horizontal=True, border=True, width="content", vertical_alignment="center", gap="small"
            ):
                size = "folder" if path.is_dir() else said_size(path.stat().st_size)
                st.html(f"<p class='ec-file-name'>{safe(path.name, 80)} <span>{size}</span></p>", width="content")
                if st.button("", key=f"drop-{place}", icon=":material/close:", help="Put it aside", type="tertiary"):
                    aside = paths[place]
    return aside


def said_size(nbytes: float) -> str:
    """Return a number of bytes as people say it."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if nbytes < 1000 or unit == "GB":
            return f"{nbytes:,.0f} {unit}" if unit == "bytes" or nbytes >= 100 else f"{nbytes:.1f} {unit}"
        nbytes /= 1000
    raise AssertionError
