"""How the files are read: every guess with a control that changes it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from cartography.records import EmbeddingSet
from dashboard.sources import Source
from loaders import Candidate

__all__ = ["change_guesses"]

_GUESS = "\0"  # no column is called so; None would be shown as an empty box
_ROLES = {
    "label": ("Labels", "What the items are called or which group they belong to."),
    "text": ("Text", "Long text, shown on an item's card."),
    "image": ("Pictures", "Addresses or contents of pictures."),
    "x": ("x on the map", "Coordinates made elsewhere are shown as they are."),
    "y": ("y on the map", "Coordinates made elsewhere are shown as they are."),
}
_TEXTS = (".csv", ".tsv", ".txt", ".tab", ".dat", ".vec")
_PACKED = (".gz", ".bz2", ".xz", ".zst")
_HEADERS = {_GUESS: "Guess", True: "First line holds names", False: "No header"}
_DELIMITERS = {_GUESS: "Guess", ",": "comma", "\t": "tab", ";": "semicolon", " ": "space", "|": "bar"}
_ENCODINGS = (_GUESS, "utf-8", "utf-16", "latin-1", "cp1252", "gbk", "shift_jis")
_SHIFTS = {0: "As it is", -1: "Leave its first line out", 1: "It begins at the second row"}


def change_guesses(source: Source, candidate: Candidate, embeddings: EmbeddingSet | None, key: str) -> Source:
    """Draw the controls and return the source as the person wants it read."""
    columns = _columns(candidate, embeddings, source)
    with st.container(key=f"guesses-{key}"):
        source = _who(source, columns, embeddings, key)
        source = _rows(source, candidate, key)
        if _is_text(source):
            source = _written(source, key)
    return source


def _columns(candidate: Candidate, embeddings: EmbeddingSet | None, source: Source) -> list[str]:
    known = [*candidate.columns, *(embeddings.items.columns if embeddings is not None else ())]
    chosen = [source.id, *(source.option(role) for role in _ROLES)]
    return list(dict.fromkeys(str(name) for name in [*known, *chosen] if name))


def _who(source: Source, columns: Sequence[str], embeddings: EmbeddingSet | None, key: str) -> Source:
    """Ids and roles, three to a line."""
    if not columns:
        return source
    places = [*st.columns(3), *st.columns(3)]
    ids = [_GUESS, *columns]
    chosen = places[0].selectbox(
        "Ids",
        ids,
        ids.index(source.id or _GUESS),
        format_func=_id_name,
        key=f"id-{key}",
        help="What tells items apart.",
    )
    source = source.choose(id=None if chosen == _GUESS else chosen)
    guessed = embeddings.roles if embeddings is not None else {}
    for place, (role, (label, what)) in zip(places[1:], _ROLES.items(), strict=True):
        options = [_GUESS, "", *columns]
        settled = source.option(role)
        found = guessed.get(role) if settled is None else None
        wanted = place.selectbox(
            label,
            options,
            options.index(settled) if settled in options else 0,
            format_func=partial(_role_name, found=found),
            key=f"{role}-{key}",
            help=what,
        )
        source = source.with_option(role, None if wanted == _GUESS else wanted)
    return source


def _rows(source: Source, candidate: Candidate, key: str) -> Source:
    """What is one item, what happens to bad ones, and how many are read."""
    across, bad, sample, shift = st.columns(4, vertical_alignment="bottom")
    by = across.selectbox(
        "Each item is",
        ["rows", "columns"],
        ["rows", "columns"].index(source.option("by") or "rows"),
        format_func=lambda way: _way(way, candidate),
        key=f"by-{key}",
    )
    source = source.with_option("by", None if by == "rows" else by)
    keep = bad.selectbox(
        "Rows without a usable vector",
        ["drop", "error"],
        ["drop", "error"].index(source.option("keep") or "drop"),
        format_func={"drop": "Leave out, and count", "error": "Refuse the file"}.__getitem__,
        key=f"keep-{key}",
    )
    source = source.with_option("keep", None if keep == "drop" else keep)
    most = sample.number_input(
        "Read at most", 0, 2**31 - 1, source.option("sample") or 0, key=f"sample-{key}", help="0 reads all rows."
    )
    source = source.with_option("sample", int(most) or None)
    if len(source.paths) < 2 and source.labels is None:
        return source
    shifts = list(_SHIFTS)
    chosen = shift.selectbox(
        "The label file",
        shifts,
        shifts.index(source.option("label_shift") or 0),
        format_func=_SHIFTS.__getitem__,
        key=f"shift-{key}",
    )
    return source.with_option("label_shift", chosen or None)


def _written(source: Source, key: str) -> Source:
    """How a text table is written."""
    places = st.columns(3)
    for place, name, label, choices in (
        (places[0], "header", "Header", _HEADERS),
        (places[1], "delimiter", "Values are parted by", _DELIMITERS),
        (places[2], "encoding", "Encoding", {one: _id_name(one) for one in _ENCODINGS}),
    ):
        options: list[Any] = list(choices)
        settled = source.option(name)
        chosen = place.selectbox(
            label,
            options,
            options.index(settled) if settled in options else 0,
            format_func=choices.__getitem__,
            key=f"{name}-{key}",
        )
        source = source.with_option(name, None if chosen == _GUESS else chosen)
    return source


def _is_text(source: Source) -> bool:
    suffixes = [Path(path).suffixes for path in source.paths]
    return any(one in _TEXTS for names in suffixes for one in names if one not in _PACKED)


def _id_name(name: str) -> str:
    return "Guess" if name == _GUESS else name


def _role_name(name: str, *, found: str | None) -> str:
    if name == _GUESS:
        return f"Guess: {found}" if found else "Guess: none"
    return name or "None"


def _way(way: str, candidate: Candidate) -> str:
    if len(candidate.shape) > 2:
        return "a filter (its first axis)" if way == "rows" else "a position (all other axes)"
    return f"a {way[:-1]}"
