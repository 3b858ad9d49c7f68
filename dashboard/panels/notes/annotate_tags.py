"""Tags: put on the selection or on one item; a click on a tag lights what has it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from cartography.inspection.wording import counted
from cartography.records import Annotations
from cartography.records.annotations import LONGEST_TAG
from dashboard.desk import Desk
from dashboard.notebook import Notebook, rows_of
from dashboard.panels.markup import label
from dashboard.panels.notes.annotate_parts import Target, choose_target, fresh, renew, typed

__all__ = ["show_tags", "tag_counts"]

_CHIPS = 40


def tag_counts(annotations: Annotations) -> list[tuple[str, int]]:
    """Return the tags and how many items each has, most first."""
    counts = [(tag, len(ids)) for tag, ids in annotations.tags.items()]
    return sorted(counts, key=lambda one: (-one[1], one[0]))


def show_tags(desk: Desk, notebook: Notebook, now: Annotations) -> None:
    """Draw the field for a tag, and the tags there are."""
    target = choose_target(desk)
    counts = tag_counts(now)
    if target:
        _put_on(desk, notebook, target, [tag for tag, _ in counts])
    if not counts:
        st.caption("There are no tags yet.")
        return
    _chips(desk, notebook, now, counts, target)


def _put_on(desk: Desk, notebook: Notebook, target: Target, known: list[str]) -> None:
    key = fresh(desk, "tag-name")

    def put() -> None:
        tag = typed(key)
        if tag:
            notebook.change(f"tag {counted(len(target.ids), 'item')}", lambda now: now.tagged(target.ids, tag))
            renew(desk)

    st.selectbox(
        "Tag",
        known,
        index=None,
        accept_new_options=True,
        placeholder="Type a new tag or choose one",
        help=f"Up to {LONGEST_TAG} letters, no semicolon.",
        key=key,
    )
    st.button(f"Tag {counted(len(target.ids), 'item')}", icon=":material/sell:", on_click=put, width="stretch")


def _chips(desk: Desk, notebook: Notebook, now: Annotations, counts: list[tuple[str, int]], target: Target) -> None:
    key = fresh(desk, "tag-lit")
    sizes = dict(counts)

    def light() -> None:
        tag = typed(key)
        if tag in now.tags:
            desk.pick(rows_of(now.tags[tag], desk.built.embeddings), f"tag: {tag}")
        else:
            desk.choose(replace(desk.chosen, picked=None))

    st.pills(
        "Tags: a click lights them",
        [tag for tag, _ in counts[:_CHIPS]],
        format_func=lambda tag: f"{label(tag)} · {sizes[tag]:,}",
        key=key,
        on_change=light,
    )
    if len(counts) > _CHIPS:
        st.caption(f"The {_CHIPS} largest of {len(counts):,} tags are shown.")
    lit = typed(key)
    if lit in now.tags:
        _take_off(desk, notebook, now, lit, target)


def _take_off(desk: Desk, notebook: Notebook, now: Annotations, tag: str, target: Target) -> None:
    def off(ids: tuple[str, ...] | None) -> None:
        notebook.change(f"take the tag {tag!r} off", lambda latest: latest.untagged(tag, ids))
        renew(desk)

    having = tuple(one for one in target.ids if one in now.tags[tag])
    if having and len(having) < len(now.tags[tag]):
        st.button(f"Take it off {counted(len(having), 'item')}", on_click=off, args=(having,), width="stretch")
    whole = counted(len(now.tags[tag]), "item")
    st.button(f"Take it off all {whole}", icon=":material/delete:", on_click=off, args=(None,), width="stretch")
