"""The formula bar and what a formula comes to."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cartography.concepts.arithmetic.answer import Answer
from cartography.concepts.formulas.tree import FormulaError
from dashboard.desk import Desk
from dashboard.formula_names import own_suggestions
from dashboard.inquiries import Inquiry, inquire
from dashboard.panels.formula.answer import show_answer
from dashboard.panels.formula.asked import Asked, ask_again, asked, drop, history
from dashboard.panels.formula.bar import fault_of, show_bar
from dashboard.panels.formula.examples import example_for
from dashboard.panels.formula.solving import Measure, question_of
from dashboard.panels.markup import label
from dashboard.panels.waiting import awaited
from dashboard.state import component_state

__all__ = ["show_formula"]

_SOLVE, _ANALOGIES = "Solve", "Analogies"
_UNIT, _RAW = "Unit length", "Raw"
_MEANS = {
    _UNIT: "Every vector counts alike: only its direction matters.",
    _RAW: "Vectors count as long as they are: longer ones pull harder.",
}
_FEWEST, _MOST = 10, 100
_MOMENT = 0.3  # seconds that the bar waits for what may be wrong with a formula


def show_formula(desk: Desk) -> None:
    """Draw the bar and the answer when there is one, or whole files of analogies."""
    part = st.segmented_control(
        "What to do",
        [_SOLVE, _ANALOGIES],
        default=_SOLVE,
        required=True,
        key=desk.key("formula-part"),
        label_visibility="collapsed",
    )
    if part == _ANALOGIES:
        _analogies(desk)
    else:
        _solve(desk)


def _analogies(desk: Desk) -> None:
    from dashboard.panels.formula.analogies import show_analogies  # its libraries are not needed before

    show_analogies(desk)


def _solve(desk: Desk) -> None:
    now, measure = asked(desk.visit), _measure(desk)
    inquiry = inquire(question_of(desk, now, measure), desk.visit) if now is not None else None
    fault = _fault(inquiry)
    if now is not None and fault is not None:
        drop(desk.visit, now.text)
    example = example_for(desk.built)
    show_bar(
        desk,
        placeholder=example,
        own=own_suggestions(desk),
        fault=fault_of(now.text, fault) if now is not None and fault is not None else None,
    )
    if inquiry is None:
        _begin(desk, example)
    elif fault is None:
        _controls(desk)
        answer = awaited(inquiry, desk.key("formula"))
        if answer is not None:
            show_answer(desk, answer)
    _earlier(desk, history(desk.visit))


def _fault(inquiry: Inquiry[Answer] | None) -> FormulaError | None:
    """What is wrong with the formula; the bar points at the place."""
    if inquiry is None or not inquiry.wait(_MOMENT):
        return None
    return inquiry.error if isinstance(inquiry.error, FormulaError) else None


def _measure(desk: Desk) -> Measure:
    """What the controls say, which are drawn later."""
    usual = _UNIT if desk.built.recipe.metric == "cosine" else _RAW
    length = component_state(desk.key("formula-length")) or usual
    count = component_state(desk.key("formula-count")) or _FEWEST
    return Measure(length == _UNIT, int(count))


def _controls(desk: Desk) -> None:
    usual = _UNIT if desk.built.recipe.metric == "cosine" else _RAW
    length, count = st.columns([2.6, 1], vertical_alignment="center", gap="small")
    chosen = length.segmented_control(
        "Vectors",
        list(_MEANS),
        default=usual,
        required=True,
        key=desk.key("formula-length"),
        label_visibility="collapsed",
    )
    most = max(_FEWEST, min(_MOST, len(desk.built.embeddings) - 1))
    count.number_input(
        "How many", _FEWEST, most, step=10, key=desk.key("formula-count"), label_visibility="collapsed"
    )
    st.html(f"<p class='ec-aside'>{_MEANS[chosen or usual]}</p>")


def _begin(desk: Desk, example: str) -> None:
    """Say what can be asked, and offer one thing to ask."""
    st.caption(
        "Add and take away items by name; a click on the map puts one in. "
        "Also `mean(a, b)` and `0.7*a + 0.3*b`; `#` begins a town or realm, `@` a bookmark, `@selection` is what is "
        "selected."
    )
    if example:
        st.button(
            label(f"Try {example}"),
            key=desk.key("formula-try"),
            on_click=ask_again,
            args=(desk, Asked(example)),
            width="stretch",
        )


def _earlier(desk: Desk, formulas: Sequence[Asked]) -> None:
    """Draw the formulas asked before as small buttons."""
    now = asked(desk.visit)
    before = [one for one in formulas if now is None or one.text != now.text]
    if not before:
        return
    st.html("<p class='ec-head'>ASKED BEFORE</p>")
    with st.container(horizontal=True, gap="xsmall", key="formula-history"):
        for number, one in enumerate(before):
            st.button(
                label(one.text, 40), key=desk.key(f"formula-before-{number}"), on_click=ask_again, args=(desk, one)
            )
