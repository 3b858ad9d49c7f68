"""Borders between groups: which are taken for one another, and two of them in detail."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from cartography.inspection.borders.confusion import SAMPLE, Confusion, confusion, confusion_of_sample
from cartography.pipeline import BuiltMap
from cartography.progress import Progress
from cartography.records.arrays import digest
from dashboard.desk import Desk
from dashboard.inquiries import Question, inquire
from dashboard.panels.grouping.borders_charts import confusion_chart, confusion_table, groups_table
from dashboard.panels.grouping.borders_groups import Groups, choose_groups
from dashboard.panels.grouping.borders_pair import Pair, show_pair
from dashboard.panels.grouping.own_pick import OwnPick
from dashboard.panels.waiting import awaited
from dashboard.state import component_state

__all__ = ["pick_cell", "show_borders"]


def show_borders(desk: Desk) -> None:
    """Draw the confusion of all groups, and below it the border between two of them."""
    groups = choose_groups(desk)
    if groups is None:
        st.caption("Nothing divides these items into groups: no column does, and the map has no two clusters.")
        return
    built = desk.built
    key = digest(built.prepared.vectors_fingerprint, groups.codes, groups.names, built.recipe.metric)
    neighbours = built.neighbours.n_neighbors if built.neighbours is not None else 0
    question = Question("confusion of groups", f"{key}-{neighbours}", partial(_confused, built, groups))
    found = awaited(inquire(question, desk.visit), desk.key("borders-confusion"))
    if found is None:
        return
    _show_confusion(desk, found, key)
    show_pair(desk, groups, found, key)


def _confused(built: BuiltMap, groups: Groups, progress: Progress) -> Confusion:
    graph, metric = built.neighbours, str(built.recipe.metric)
    if graph is None:
        return confusion_of_sample(built.prepared, groups.codes, groups.names, metric, progress=progress)
    return confusion(groups.codes, groups.names, graph, progress=progress)


def _show_confusion(desk: Desk, found: Confusion, key: str) -> None:
    own = OwnPick(desk, "borders-cells")
    chart = f"{desk.key('borders-cells')}-{key}-{own.epoch}"

    def clicked() -> None:
        if not own.current:
            return
        state = component_state(chart) or {}
        pick_cell(desk, found, (state.get("selection") or {}).get("cell"))
        own.remember()

    st.html("<p class='ec-head'>LABELLED AS ONE, NEAR ANOTHER · original space</p>")
    table = confusion_table(found)
    st.altair_chart(confusion_chart(table), width="stretch", on_select=clicked, selection_mode="cell", key=chart)
    st.caption(_confusion_words(desk.built, found))
    with st.expander("Group by group"):
        shares = {name: st.column_config.NumberColumn(format="percent") for name in ("at home", "pure")}
        st.dataframe(groups_table(found), hide_index=True, width="stretch", column_config=shares)
        st.caption("At home: share of its items that lie in it (recall). Pure: share in it labelled so (precision).")


def _confusion_words(built: BuiltMap, found: Confusion) -> str:
    words = [
        f"{found.accuracy:.0%} of the items lie in their own group, by a vote of their {found.k} nearest; shuffled "
        f"labels would give {found.shuffled:.0%}, the largest group alone is {found.majority:.0%}.",
        "Click a cell to light its items.",
    ]
    if built.neighbours is None:
        words.append(f"Looked at {min(SAMPLE, len(built.prepared)):,} items drawn at random.")
    elif not built.neighbours.exact:
        words.append("Neighbours are approximate.")
    if found.left_out:
        words.append(f"{found.left_out:,} items have no labelled neighbour.")
    return " ".join(words)


def pick_cell(desk: Desk, found: Confusion, selected: object) -> None:
    """Light the items of the cell that was clicked, and make its two groups the pair under discussion.

    `selected` is what the chart sent: a list of one mapping with the cell's `a` and `b`; nothing when a click took
    the choice back, and then nothing is lit any more.
    """
    size = len(found.names)
    cell = selected[0] if isinstance(selected, list) and selected else {}
    a, b = (cell.get(name) for name in ("a", "b")) if hasattr(cell, "get") else (None, None)
    if not (isinstance(a, int) and isinstance(b, int) and 0 <= a < size and 0 <= b < size):
        desk.choose(replace(desk.chosen, picked=None))
        return
    rows = found.cell(a, b)
    if len(rows):
        same = f"labelled {found.names[a]}, and near it"
        desk.pick(np.asarray(rows), same if a == b else f"labelled {found.names[a]}, near {found.names[b]}")
    first, second = found.groups[a], found.groups[b]
    if first != second and min(first, second) >= 0:
        Pair.of(desk, found).chosen(first, second).keep(desk)
