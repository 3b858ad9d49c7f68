"""What is inside a file: its arrays, columns or tensors as a table to search and to choose from."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.panels.opening.files import said_size
from dashboard.readings import Census
from loaders import Candidate, TensorRow

__all__ = ["choose_candidate", "follow_census", "found_by", "is_checkpoint", "show_other_tensors"]

_OPTIMISER = "optimiser state"
_NO_TENSOR = {"vectors", "pictures", "numbers", "coordinates", "stack"}
_SEARCHED_FROM = 8
_ALL_ROWS = 10
_HEIGHT = 340

Rows = Sequence[TensorRow]


def is_checkpoint(candidates: Sequence[Candidate]) -> bool:
    """Whether these are a model's tensors."""
    return any(one.kind not in _NO_TENSOR for one in candidates)


def choose_candidate(candidates: Sequence[Candidate], chosen: str | None, rows: Rows, key: str) -> Candidate:
    """Draw the table and return the candidate that is chosen: the first, until a person turns to another.

    `rows` tell more about tensors, as far as it is known.
    """
    folded = [one for one in candidates if one.kind == _OPTIMISER]
    offered = [one for one in candidates if one.kind != _OPTIMISER] or folded
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
        _table(shown, rows),
        hide_index=True,
        width="stretch",
        height="auto" if len(shown) <= _ALL_ROWS else _HEIGHT,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [first], "columns": [], "cells": []}},
        key=f"contents-{key}-{words}-{len(shown)}",
        column_config={
            "how it would be read": st.column_config.TextColumn(width="large"),
            "zeros": st.column_config.NumberColumn(format="percent", help="In a sample of the numbers."),
            "NaN": st.column_config.NumberColumn(format="percent", help="In a sample of the numbers."),
        },
    )
    picked = state["selection"]["rows"]
    return shown[picked[0]] if picked and picked[0] < len(shown) else shown[first]


def found_by(candidates: Sequence[Candidate], words: str) -> list[Candidate]:
    """Return the candidates in whose name, kind, shape or type every word occurs."""
    wanted = words.lower().split()
    texts = {one.key: f"{one.key} {one.kind} {_shape(one.shape)} {one.dtype}".lower() for one in candidates}
    return [one for one in candidates if all(word in texts[one.key] for word in wanted)]


def follow_census(work: Census) -> Rows:
    """Return what is known of the tensors; while they are still being counted, say so and look again."""
    if work.result is not None:
        return work.result
    if work.running:
        _wait_for(work)
    return ()


@st.fragment(run_every=0.5)
def _wait_for(work: Census) -> None:
    if not work.running:
        st.rerun()
    st.caption("Counting zeros …")


def show_other_tensors(rows: Rows) -> None:
    """List the tensors that are no lists of items: biases, norms, counters."""
    others = [row for row in rows if not row.opens]
    if not others:
        return
    with st.expander(f"{len(others):,} more tensors that are no lists of items"):
        table = {
            "name": [row.name for row in others],
            "kind": [row.kind for row in others],
            "shape": [_shape(row.shape) or "one number" for row in others],
            "type": [row.dtype for row in others],
            "size": [said_size(row.nbytes) for row in others],
            "zeros": [row.zeros for row in others],
        }
        percent = {"zeros": st.column_config.NumberColumn(format="percent")}
        st.dataframe(pd.DataFrame(table), hide_index=True, width="stretch", column_config=percent)


def _table(candidates: Sequence[Candidate], rows: Rows) -> pd.DataFrame:
    by_name = {row.name: row for row in rows} | {f"{row.file}::{row.name}": row for row in rows}
    names = [(one.key, *one.aliases) for one in candidates]
    known = [next((by_name[name] for name in all_of if name in by_name), None) for all_of in names]
    table = pd.DataFrame(
        {
            "name": [one.key for one in candidates],
            "kind": [one.kind for one in candidates],
            "shape": [_shape(one.shape) for one in candidates],
            "type": [one.dtype for one in candidates],
            "size": [said_size(one.nbytes) for one in candidates],
        }
    )
    if rows:
        table["zeros"] = [row.zeros if row else None for row in known]
        if any(row and row.nans for row in known):
            table["NaN"] = [row.nans if row else None for row in known]
    table["how it would be read"] = [one.note for one in candidates]
    return table


def _shape(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape))
