"""Making an axis: a way to say it, a glance at what it would be, its name."""

from __future__ import annotations

import streamlit as st

from cartography.concepts.axes.in_recipes import free_name, with_axis
from cartography.errors import CartographyError, ParameterError
from cartography.inspection.wording import cut
from cartography.items import title
from cartography.records import AxisSpec
from cartography.records.axis_spec import LONGEST_NAME
from dashboard.desk import Desk
from dashboard.inquiries import inquire
from dashboard.panels.axes.asking import Tried, evidence_of, tried
from dashboard.panels.axes.draft import begin_anew, field, kept, said, switch, turn_to
from dashboard.panels.axes.evidence import show_verdict
from dashboard.panels.axes.ways import WAYS
from dashboard.panels.markup import safe
from dashboard.panels.refusal import show_refusal
from dashboard.panels.waiting import awaited

__all__ = ["show_making"]

_SHOWN = 6
_TRIED = "evidence for an axis tried out"


def show_making(desk: Desk) -> None:
    """Draw the choice of a way and its fields, then what the axis would be and the button that saves it."""
    way = WAYS[switch(desk, "way", "Way", list(WAYS))]
    way.draw(desk)
    if not way.ready(desk):
        return
    try:
        spec = way.spec(desk)
    except CartographyError as error:
        show_refusal(error)
        return
    if _show_trial(desk, spec):
        _offer_to_save(desk, spec)


def _show_trial(desk: Desk, spec: AxisSpec) -> bool:
    """Draw what the axis would be; return whether it runs anywhere."""
    found = awaited(inquire(tried(desk.built, spec), desk.visit), desk.key("axes-trying"))
    if found is None:
        return False
    st.html(ends_words(desk, found))
    question = evidence_of(desk.built, found.axis, desk.built.axes, kind=_TRIED)
    evidence = awaited(inquire(question, desk.visit), desk.key("axes-judging"))
    if evidence is not None:
        show_verdict(evidence)
    return True


def ends_words(desk: Desk, found: Tried) -> str:
    """Return who stands at the ends, in HTML: one line for each."""
    lines = []
    for end, rows in zip(found.axis.ends, (found.ends.low, found.ends.high), strict=True):
        names = dict.fromkeys(cut(title(desk.built.embeddings, int(row)), 28) for row in rows)
        lines.append(f"<p class='ec-told'><b>{safe(end, 60)}</b> · {safe(', '.join(list(names)[:_SHOWN]))}</p>")
    beside = ", BESIDE THE POLES THEMSELVES" if found.axis.spec.has_poles else ""
    return f"<div data-testid='axes-ends'><p class='ec-head'>AT THE ENDS{beside}</p>{''.join(lines)}</div>"


def _offer_to_save(desk: Desk, spec: AxisSpec) -> None:
    usual = _named(desk, spec, "")
    name = field(desk, "name", st.text_input, "Name of the axis", placeholder=usual.name, max_chars=LONGEST_NAME)
    refusal = None
    try:
        _named(desk, spec, name)
    except CartographyError as error:
        refusal = error
        show_refusal(error)
    st.button(
        "Save the axis",
        key=desk.key("axes-save"),
        type="primary",
        icon=":material/add:",
        width="stretch",
        disabled=refusal is not None,
        on_click=_save,
        args=(desk,),
    )


def _named(desk: Desk, spec: AxisSpec, name: str) -> AxisSpec:
    """The axis by a name, or by its own, numbered where that is taken. Raises `ParameterError`."""
    taken = [*map(str, desk.columns), *(one.name for one in desk.visit.recipe.specs)]
    wanted = name.strip()
    if wanted in taken:
        raise ParameterError(f"There is a column or an axis called {wanted!r} already.", "Choose another name.")
    return AxisSpec.of_mapping({**spec.to_mapping(), "name": wanted or free_name(spec.name, taken)})


def _save(desk: Desk) -> None:
    """Add the axis that the fields say by now; where they say none, the panel tells why."""
    try:
        spec = _named(desk, WAYS[kept(desk)["way"]].spec(desk), str(said(desk, "name", "")))
        recipe = with_axis(desk.visit.recipe, spec)
    except CartographyError:
        return
    desk.visit.redraw(recipe)
    begin_anew(desk)
    kept(desk)["chosen"] = spec.name
    turn_to(desk, "step", "Look")
