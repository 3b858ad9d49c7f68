"""Corrected cells: a column, a new value, what that would change, and everything corrected so far."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from cartography.errors import ParameterError
from cartography.inspection.correcting.corrections import cells_now, fitted, spelled, with_corrected
from cartography.inspection.wording import counted, cut
from cartography.items import describe, title
from cartography.records import Annotations, Correction, EmbeddingSet
from cartography.records.annotation_kinds import LONGEST_VALUE, Value
from dashboard.desk import Desk
from dashboard.notebook import Notebook
from dashboard.panels.markup import safe
from dashboard.panels.notes.annotate_parts import Action, Target, choose_target, fresh, renew, show_line, typed
from dashboard.panels.refusal import show_refusal

__all__ = ["proposal", "show_corrections"]

_OFFERED = 200
_LISTED = 15


def proposal(
    now: Annotations, embeddings: EmbeddingSet, ids: tuple[str, ...], column: str, text: str | None
) -> tuple[str, str]:
    """Return the question whether to correct, empty when nothing would change, and what the items hold now.

    Raises `ParameterError` when the column cannot hold that.
    """
    cells = cells_now(now, embeddings, ids, column)
    new = spelled(fitted(embeddings.items[column], text))
    held = Counter(_said(cell) for cell in cells)
    before = ", ".join(f"{said} ({count:,})" for said, count in held.most_common(4))
    before += f" and {len(held) - 4:,} more" if len(held) > 4 else ""
    changing = sum(spelled(cell) != new for cell in cells)
    if not changing:
        return "", f"Now: {before}. That is so already."
    what = "no value" if new is None else cut(new)
    return f"Change {cut(column)} of {counted(changing, 'item')} to {what}?", f"Now: {before}."


def show_corrections(desk: Desk, notebook: Notebook, now: Annotations) -> None:
    """Draw the fields for a correction with its preview, and the list of what was corrected."""
    target = choose_target(desk)
    columns = [str(name) for name in notebook.embeddings.items.columns if _correctable(desk, str(name))]
    if not columns:
        st.caption("These items have no columns to correct.")
    elif target:
        _correct(desk, notebook, now, target, columns)
    _listed(desk, notebook, now)


def _correctable(desk: Desk, name: str) -> bool:
    return name not in desk.columns or desk.columns[name].kind != "pictures"


def _correct(desk: Desk, notebook: Notebook, now: Annotations, target: Target, columns: list[str]) -> None:
    usual = notebook.embeddings.roles.get("label") or desk.built.scene.colouring.column
    index = columns.index(usual) if usual in columns else 0
    column = st.selectbox("Column", columns, index=index, key=desk.key("correct-column"))
    key = fresh(desk, f"correct-{columns.index(column)}")
    text = _new_value(desk, column, key)
    if text == "":
        return
    try:
        question, before = proposal(now, notebook.embeddings, target.ids, column, text)
    except ParameterError as error:
        show_refusal(error)
        return

    def confirm() -> None:
        if _given(key) != text:
            return  # something else was typed since this was shown: show that first
        notebook.change(
            f"correct {cut(column)} of {counted(len(target.ids), 'item')}",
            lambda latest: with_corrected(latest, notebook.embeddings, target.ids, column, text),
        )
        renew(desk)

    st.html(f"<p data-testid='correction-preview'>{safe(question)}</p><p class='ec-sub'>{safe(before)}</p>")
    if question:
        st.button("Correct", icon=":material/edit:", on_click=confirm, type="primary", width="stretch")


def _new_value(desk: Desk, column: str, key: str) -> str | None:
    """Draw the field for the new value; "" for nothing typed yet, None for no value at all."""
    none = st.checkbox("No value at all", key=f"{key}-none")
    known = desk.columns.get(column)
    if known is not None and known.kind == "categories":
        st.selectbox(
            "New value",
            list(known.names[:_OFFERED]),
            index=None,
            accept_new_options=True,
            placeholder="Choose or type",
            disabled=none,
            key=key,
        )
    else:
        st.text_input("New value", max_chars=LONGEST_VALUE, disabled=none, key=key)
    return _given(key)


def _given(key: str) -> str | None:
    return None if typed(f"{key}-none") == "True" else typed(key)


def _listed(desk: Desk, notebook: Notebook, now: Annotations) -> None:
    total = sum(map(len, now.corrections.values()))
    if not total:
        st.caption("Nothing was corrected yet.")
        return
    st.html(f"<p class='ec-head'>{counted(total, 'correction').upper()}</p>")
    for place, (column, cells) in enumerate(now.corrections.items()):
        words = f"{cut(column)}: {counted(len(cells), 'item')}"
        key = desk.key(f"corrected-{place}")
        show_line(words, key, Action("undo", "Take back all of these", _uncorrect, (notebook, column, None)))
        for number, (one, cell) in enumerate(list(cells.items())[: -_LISTED - 1 : -1]):
            _one(desk, notebook, (column, one), cell, f"{key}-{number}")
        if len(cells) > _LISTED:
            st.caption(f"These are the last {_LISTED}; the patch holds all {len(cells):,}.")


def _one(desk: Desk, notebook: Notebook, of: tuple[str, str], cell: Correction, key: str) -> None:
    column, one = of
    ids = desk.built.embeddings.ids
    row = int(ids.get_indexer([one])[0])
    name = title(desk.built.embeddings, row) if row >= 0 else one
    show = [Action("my_location", "Show the item", desk.select, (row, False))] if row >= 0 else []
    back = Action("undo", "Take this correction back", _uncorrect, (notebook, column, (one,)))
    show_line(f"{cut(name)}: {_said(cell.old)} → {_said(cell.new)}", key, *show, back)


def _uncorrect(notebook: Notebook, column: str, ids: tuple[str, ...] | None) -> None:
    notebook.change(f"take corrections of {cut(column)} back", lambda latest: latest.uncorrected(column, ids))


def _said(cell: Value) -> str:
    return cut(describe(cell))
