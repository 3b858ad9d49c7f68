"""The items that are selected: how many, what to do with them, what sets them apart, which, and as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from cartography.inspection.nearness.likeness import more_like
from cartography.pipeline import BuiltMap
from dashboard.desk import Desk
from dashboard.item_sets import SETS
from dashboard.joined import joined
from dashboard.notebook import names_of
from dashboard.panels.download import offer_table
from dashboard.panels.item.entries import entry_of
from dashboard.panels.item_list import show_items
from dashboard.panels.markup import bullets, safe
from dashboard.panels.selecting.explanation import show_explanation

__all__ = ["selection_table", "show_selection"]

_LISTED = 50
_ALIKE = 50
_HINT = (
    "Nothing is selected. Hold Shift and draw a loop around items on the map, or use the lasso button; search for "
    "items, or set filters."
)


def show_selection(desk: Desk) -> None:
    """Draw what is selected; without a selection, how to make one."""
    lit, built = desk.lit, desk.built
    if lit is None:
        st.caption(_HINT)
        _offer_all(desk)
        return
    rows, total = desk.rows, len(built.embeddings)
    says = f"<p class='ec-sub'>{safe(desk.says, 300)}</p>" if desk.says else ""
    st.html(
        f"<p class='ec-item' data-testid='selection-count'>{len(rows):,} of {total:,} items "
        f"({len(rows) / total:.1%})</p>{says}"
    )
    if not len(rows):
        st.caption("No item is in all that is chosen.")
        _offer_all(desk)
        return
    _actions(desk, lit)
    show_explanation(desk, lit, "these items")
    _list(desk, rows)
    _files(desk, rows)


def _actions(desk: Desk, lit: NDArray[np.bool_]) -> None:
    """Draw the buttons; what they do takes effect before the page runs again."""
    all_of_them = bool(lit.all())
    with st.container(horizontal=True, gap="xsmall", key="selection-actions"):
        for words, name, then in (
            ("Only these", "only-these", _isolate),
            ("Hide these", "hide-these", _hide),
            ("Invert", "invert", _invert),
        ):
            st.button(
                words, key=desk.key(name), on_click=then, args=(desk, lit), disabled=all_of_them, width="stretch"
            )
        st.button(
            "More like these",
            key=desk.key("more-like-these"),
            on_click=_more,
            args=(desk,),
            disabled=all_of_them,
            width="stretch",
            help=f"The {_ALIKE} other items nearest to the middle of these, in the original space.",
        )
        _offer_all(desk)


def _offer_all(desk: Desk) -> None:
    """Draw the button that shows hidden items again, where there are some."""
    if desk.chosen.kept is not None:
        st.button("Show all", key=desk.key("show-all"), on_click=_show_all, args=(desk,), width="stretch")


def _isolate(desk: Desk, lit: NDArray[np.bool_]) -> None:
    desk.isolate(lit & _shown(desk), desk.says or "the selection")


def _hide(desk: Desk, lit: NDArray[np.bool_]) -> None:
    """Take the items off the map, and with them the conditions that would dim all others."""
    desk.choose(replace(desk.chosen, filters=(), picked=None))
    desk.isolate(~lit & _shown(desk), f"all but {desk.says or 'the selection'}")


def _invert(desk: Desk, lit: NDArray[np.bool_]) -> None:
    _pick(desk, ~lit & _shown(desk), f"not {desk.says or 'the selection'}")


def _more(desk: Desk) -> None:
    rows, _ = more_like(desk.built.prepared, desk.rows, _ALIKE, str(desk.built.recipe.metric))
    _pick(desk, rows, f"{len(rows)} like {desk.says or 'the selection'}")


def _pick(desk: Desk, rows: NDArray[np.generic], says: str) -> None:
    """Light these items; conditions that the former selection fulfilled no longer hold."""
    desk.choose(replace(desk.chosen, filters=()))
    desk.pick(rows, says)


def _show_all(desk: Desk) -> None:
    desk.choose(replace(desk.chosen, kept=None))


def _shown(desk: Desk) -> NDArray[np.bool_]:
    """Return (n,) bool, the items that are not hidden."""
    total, kept = len(desk.built.embeddings), desk.chosen.kept
    mask = SETS.mask(kept.key, total) if kept is not None else None
    return np.ones(total, dtype=bool) if mask is None else mask


def _list(desk: Desk, rows: NDArray[np.intp]) -> None:
    entries = [entry_of(desk, row, "", 0.0) for row in rows[:_LISTED]]
    first = f"THE FIRST {_LISTED} OF {len(rows):,}" if len(rows) > _LISTED else "WHICH THEY ARE"
    st.html(f"<p class='ec-head'>{first}</p>")
    show_items(entries, "Selected items", desk.key("selected-items"), lambda row: desk.select(row, turn=False))


def _files(desk: Desk, rows: NDArray[np.intp]) -> None:
    built = desk.built
    names = names_of(desk, built.clustering.levels[built.clustering.main])
    _, notes = selection_table(built, rows[:1], names)
    offer_table(lambda: selection_table(built, rows, names)[0], "selection", key="selection-file", index=True)
    st.html(bullets(["The files hold place on the map, cluster and columns, but no vectors.", *notes]))


def selection_table(built: BuiltMap, rows: NDArray[np.intp], names: Sequence[str]) -> tuple[pd.DataFrame, list[str]]:
    """Return one row per item (index `id`): x, y, the cluster's name, the items' own columns; and notes on names.

    `names` are those of the clusters of the map's main level.
    """
    level = built.clustering.levels[built.clustering.main]
    places = built.scene.coordinates[rows]
    ours = pd.DataFrame(
        {"x": places[:, 0], "y": places[:, 1], "cluster": np.array([*names, ""], dtype=object)[level.labels[rows]]},
        index=built.embeddings.ids[rows],
    )
    return joined(ours, built.embeddings.items.iloc[rows])
