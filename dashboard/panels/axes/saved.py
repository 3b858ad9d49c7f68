"""The axes there are: their verdicts, the one that is looked at, its colours on the map, its name, its end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.in_recipes import renamed_axis, without_axis
from cartography.concepts.evidence.axis_evidence import AxisEvidence
from cartography.errors import CartographyError
from cartography.records import AxisSpec
from cartography.records.arrays import digest
from cartography.records.axis_spec import LONGEST_NAME
from dashboard.desk import Desk
from dashboard.inquiries import Inquiry, inquire
from dashboard.panels.axes.asking import evidence_of
from dashboard.panels.axes.draft import kept, switch
from dashboard.panels.axes.evidence import show_evidence, show_verdict, verdict_sign
from dashboard.panels.axes.ranking import show_by_group, show_ranking
from dashboard.panels.axes.specs import usual_name
from dashboard.panels.markup import label
from dashboard.panels.waiting import awaited
from dashboard.permalink import axes_too_long
from dashboard.state import component_state

__all__ = ["forget", "rename", "show_saved"]

_MANY = 5  # axes from which the list scrolls
_MOMENT = 0.3  # seconds that the list waits for the verdict on the axis looked at
_TOO_LONG = "The page's address leaves these axes out: they are too long for it. Keep this view under Notes instead."
_DRAWING = "The map is being drawn with it; one moment."


def show_saved(desk: Desk) -> None:
    """Draw the list of axes, and of the one chosen its verdict and what else is asked about it."""
    judged = _judged(desk)
    spec = _choose(desk, judged)
    if axes_too_long(desk.link, desk.visit.settings):
        st.caption(_TOO_LONG)
    axis = desk.built.axes.get(spec.name)
    if spec.name not in desk.columns or (axis is None and spec.kind != "rest"):
        st.caption(_DRAWING)
        return
    _actions(desk, spec, axis)
    if axis is None:
        st.caption(
            f"How much of each item lies outside {', '.join(map(label, spec.of))}: 0% is all explained, 100% nothing."
        )
        show_ranking(desk, spec, None)
        return
    found = awaited(judged[spec.name], desk.key("axes-evidence"))
    if found is not None:
        show_verdict(found)
    view = switch(desk, "view", "View", ["Ranking", "By group", "Evidence"])
    if view == "Ranking":
        show_ranking(desk, spec, axis)
    elif view == "By group":
        show_by_group(desk, spec)
    elif found is not None:
        show_evidence(found)


def _judged(desk: Desk) -> dict[str, Inquiry[AxisEvidence]]:
    """The inquiries into axes: the one looked at, and then one more at a time."""
    axes, chosen = desk.built.axes, kept(desk).get("chosen")
    names = sorted(axes, key=lambda name: name != chosen)
    found: dict[str, Inquiry[AxisEvidence]] = {}
    for name in names:
        found[name] = inquire(evidence_of(desk.built, axes[name], axes), desk.visit)
        if not found[name].wait(_MOMENT if name == chosen else 0.0):  # the list says what stands below it
            break
    if chosen not in found and names:
        found.setdefault(names[0], inquire(evidence_of(desk.built, axes[names[0]], axes), desk.visit))
    return found


def _choose(desk: Desk, judged: dict[str, Inquiry[AxisEvidence]]) -> AxisSpec:
    """Draw the list and return the axis that is chosen: the latest, unless a person chose another."""
    specs = {spec.name: spec for spec in desk.visit.recipe.specs}
    names, here = list(specs), kept(desk)
    now = here.get("chosen")
    now = now if now in specs else names[-1]
    here["chosen"] = now
    lines = [_said(spec, judged.get(name)) for name, spec in specs.items()]
    captions = [_ends(spec) for spec in specs.values()]
    key = desk.key(f"axes-list-{digest(*lines)}-{names.index(now)}")  # another list must not go on as the former

    def turn() -> None:
        here["chosen"] = component_state(key) or now

    with st.container(height=260 if len(names) > _MANY else "content", border=False, key="ec-axes-list"):
        st.radio(
            "Axes",
            names,
            names.index(now),
            format_func=lambda name: lines[names.index(name)],
            captions=captions if any(captions) else None,
            key=key,
            on_change=turn,
            label_visibility="collapsed",
        )
    return specs[now]


def _said(spec: AxisSpec, inquiry: Inquiry[AxisEvidence] | None) -> str:
    """The name of an axis and its verdict, as Markdown."""
    found = inquiry.result if inquiry is not None else None
    if spec.kind == "rest":
        return label(spec.name)
    if found is None:
        return f"{label(spec.name)} · :gray[not judged yet]"
    return f"{label(spec.name)} · :{'green' if found.sound else 'red'}[{verdict_sign(found.sound)}]"


def _ends(spec: AxisSpec) -> str:
    """The ends of an axis, where its name does not say them."""
    if spec.kind == "rest":
        return f"what is left of {', '.join(label(name, 30) for name in spec.of)}"
    if spec.low is None:  # along a column: from less of it to more
        return ""
    return "" if spec.name == usual_name(*spec.ends) else " → ".join(label(end, 30) for end in spec.ends)


def _actions(desk: Desk, spec: AxisSpec, axis: Axis | None) -> None:
    """Draw the buttons of the axis that is looked at."""
    coloured = desk.visit.recipe.color_by == spec.name
    with st.container(horizontal=True, gap="xsmall", key="ec-axes-actions"):
        st.button(
            "Coloured by it" if coloured else "Colour by it",
            key=desk.key("axes-colour"),
            disabled=coloured,
            on_click=_colour,
            args=(desk, spec.name),
        )
        if axis is not None and spec.has_poles:
            st.button(
                "Light the poles",
                key=desk.key("axes-poles"),
                on_click=_light,
                args=(desk, axis),
            )
        with st.popover("", icon=":material/more_horiz:", help="Rename or forget this axis"):
            _offer_changes(desk, spec)


def _offer_changes(desk: Desk, spec: AxisSpec) -> None:
    here = kept(desk)
    key = desk.key(f"axes-rename-{desk.visit.redraws}-{spec.name}")
    st.text_input(
        "Rename",
        spec.name,
        max_chars=LONGEST_NAME,
        key=key,
        on_change=lambda: rename(desk, spec.name, str(component_state(key) or "")),
    )
    if here.pop("refused", None):
        st.caption("There is a column or an axis of that name already.")
    st.button(
        "Forget this axis",
        key=desk.key("axes-forget"),
        icon=":material/delete:",
        help="Its colour and its place on the map go with it.",
        on_click=forget,
        args=(desk, spec.name),
    )


def rename(desk: Desk, name: str, new: str) -> None:
    """Call an axis something else, wherever it is used; where that is taken, the panel says so."""
    new = new.strip()
    if not new or new == name:
        return
    try:
        if new in desk.columns:
            raise CartographyError("taken")
        recipe = renamed_axis(desk.visit.recipe, name, new)
    except CartographyError:
        kept(desk)["refused"] = True
        return
    chosen = desk.chosen
    filters = tuple(replace(one, column=new) if one.column == name else one for one in chosen.filters)
    desk.choose(replace(chosen, filters=filters))
    kept(desk)["chosen"] = new
    desk.visit.redraw(recipe)


def forget(desk: Desk, name: str) -> None:
    """Take an axis away, with the colours, sizes, conditions and the map that use it."""
    here = kept(desk)
    recipe = without_axis(desk.visit.recipe, name, here.get("before") or (None, {}))
    gone = {spec.name for spec in desk.visit.recipe.specs} - {spec.name for spec in recipe.specs}
    chosen = desk.chosen
    filters = tuple(one for one in chosen.filters if one.column not in gone)
    desk.choose(replace(chosen, filters=filters))
    here.pop("chosen", None)
    desk.visit.redraw(recipe)


def _colour(desk: Desk, name: str) -> None:
    desk.visit.redraw(desk.visit.recipe.replace(color_by=name))


def _light(desk: Desk, axis: Axis) -> None:
    desk.pick(np.concatenate([axis.low_rows, axis.high_rows]), f"the poles of {axis.name}")
