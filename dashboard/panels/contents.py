"""What is inside a file: its arrays, columns or tensors as a table to search and to choose from."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.panels.files import said_size
from loaders import Candidate

__all__ = ["OPTIMISER", "choose_candidate", "found_by"]

OPTIMISER = "optimiser state"
_SEARCHED_FROM = 8
_ALL_ROWS = 10
_HEIGHT = 420


def choose_candidate(candidates: Sequence[Candidate], chosen: str | None, key: str) -> Candidate:
    """Draw the table and return the candidate that is chosen: the first, until a person turns to another."""
    folded = [one for one in candidates if one.kind == OPTIMISER]
    offered = [one for one in candidates if one.kind != OPTIMISER] or folded
    words = ""
    if len(candidates) > _SEARCHED_FROM:
        search, fold = st.columns([3, 2], vertical_alignment="bottom")
        words = search.text_input("Search", key=f"search-{key}", placeholder="part of a name, a kind, a shape")
        if folded and offered is not folded:
            more = fold.toggle(f"Optimiser state too ({len(folded)})", key=f"fold-{key}")
            offered = [*offered, *folded] if more else offered
    shown = found_by(offered, words)
    if not shown:
        st.caption("Nothing in this file is called like that.")
        shown = offered
    keys = [one.key for one in shown]
    first = keys.index(chosen) if chosen in keys else 0
    state = st.dataframe(
        _table(shown),
        hide_index=True,
        width="stretch",
        height="auto" if len(shown) <= _ALL_ROWS else _HEIGHT,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [first], "columns": [], "cells": []}},
        key=f"contents-{key}-{words}-{len(shown)}",
        column_config={"how it would be read": st.column_config.TextColumn(width="large")},
    )
    rows = state["selection"]["rows"]
    return shown[rows[0]] if rows and rows[0] < len(shown) else shown[first]


def found_by(candidates: Sequence[Candidate], words: str) -> list[Candidate]:
    """Return the candidates in whose name, kind, shape or type every word occurs."""
    wanted = words.lower().split()
    texts = {one.key: f"{one.key} {one.kind} {_shape(one)} {one.dtype}".lower() for one in candidates}
    return [one for one in candidates if all(word in texts[one.key] for word in wanted)]


def _table(candidates: Sequence[Candidate]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": [one.key for one in candidates],
            "kind": [one.kind for one in candidates],
            "shape": [_shape(one) for one in candidates],
            "type": [one.dtype for one in candidates],
            "size": [said_size(one.nbytes) for one in candidates],
            "how it would be read": [one.note for one in candidates],
        }
    )


def _shape(one: Candidate) -> str:
    return " × ".join(map(str, one.shape))
