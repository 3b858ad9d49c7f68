"""What a formula comes to: the nearest items, the inputs left out, and how much speaks for it."""

from __future__ import annotations

from math import isnan

import numpy as np
import streamlit as st

from cartography.concepts.arithmetic.answer import Answer
from cartography.inspection.wording import cut
from dashboard.desk import Desk
from dashboard.inquiries import inquire
from dashboard.panels.formula.steps import overlay_of, way_over
from dashboard.panels.item.entries import entry_of
from dashboard.panels.item_list import Entry, show_items
from dashboard.panels.markup import bullets, safe
from dashboard.panels.waiting import awaited

__all__ = ["answer_entries", "evidence_words", "left_out_words", "ordinal", "show_answer"]

_SAID = 40  # characters of a name within a sentence
_NAMED = 12  # inputs left out that are named
_SURE = 95  # percent of random formulas that an answer should be ahead of


def show_answer(desk: Desk, answer: Answer) -> None:
    """Draw the answer; its neighbours are ringed on the map and its steps are drawn as arrows."""
    _headline(answer)
    if len(answer.neighbours):
        st.html(bullets(evidence_words(answer)))
        head = f"{len(answer.neighbours):,} NEAREST · {answer.metric} distance · place beside one input alone"
        st.html(f"<p class='ec-head'>{head}</p>")
        show_items(
            answer_entries(desk, answer),
            "Nearest to the formula",
            desk.key("formula-nearest"),
            lambda row: desk.select(row, turn=False),
        )
    left_out = left_out_words(answer)
    if left_out:
        st.html(f"<p class='ec-sub' data-testid='formula-left-out'>{safe(left_out)}</p>")
    _light(desk, answer)
    _draw(desk, answer)


def _headline(answer: Answer) -> None:
    best = cut(str(answer.neighbours["name"].iloc[0]), 120) if len(answer.neighbours) else "Nothing"
    st.html(
        f"<p class='ec-item' data-testid='formula-answer'>{safe(best)}</p>"
        f"<p class='ec-sub'>is nearest to <span data-testid='formula-understood'>{safe(answer.formula, 300)}</span></p>"
    )


def _light(desk: Desk, answer: Answer) -> None:
    rows = answer.neighbours["row"].to_numpy()
    if not len(rows):
        return
    st.button(
        "Light these",
        icon=":material/lightbulb:",
        key=desk.key("formula-light"),
        help="Select these items on the map. The selection can be kept as a bookmark under Notes, and named here then.",
        on_click=desk.pick,
        args=(rows, f"near {cut(answer.formula)}"),
        width="stretch",
    )


def _draw(desk: Desk, answer: Answer) -> None:
    """Draw rings and arrows over the map, and say how the sums were placed."""
    way = None
    desk.draw(overlay_of(answer, None))
    if len(answer.steps):
        way = awaited(inquire(way_over(desk.built, answer), desk.visit), desk.key("formula-way"))
    if way is not None:
        desk.draw(overlay_of(answer, way))
    said = () if way is None else (f"The arrows lead from sum to sum. {way.said}",)
    with st.expander("How it was worked out"):
        st.html(bullets((*answer.notes, *said)))


def answer_entries(desk: Desk, answer: Answer) -> list[Entry]:
    """Return the nearest items as lines: distance, and the place each has among the neighbours of one input alone."""
    near = answer.neighbours
    furthest = float(np.abs(near["distance"]).max()) or 1.0
    return [
        entry_of(
            desk,
            int(row),
            f"{distance:.3g}",
            abs(float(distance)) / furthest,
            aside="" if isnan(alone) else ordinal(int(alone)),
            tip=f"{distance:.6g} {answer.metric} distance" + _alone_words(alone),
        )
        for row, distance, alone in zip(near["row"], near["distance"], near["alone"].astype(float), strict=True)
    ]


def _alone_words(alone: float) -> str:
    return "" if isnan(alone) else f"; {ordinal(int(alone))} nearest to one of the inputs alone"


def left_out_words(answer: Answer) -> str:
    """Return which inputs were left out, and the places that they would have had."""
    left = answer.excluded.sort_values("rank", kind="stable")
    if not len(left):
        return ""
    said = [f"{cut(str(name), _SAID)} ({ordinal(int(rank))})" for name, rank in zip(left["name"], left["rank"], strict=True)]
    said[0] = said[0].replace(" (", " (would be ", 1) if " (" in said[0] else said[0]
    more = f" and {len(said) - _NAMED:,} more" if len(said) > _NAMED else ""
    return f"Left out: {', '.join(said[:_NAMED])}{more}."


def evidence_words(answer: Answer) -> list[str]:
    """Return what speaks for the best match, and against it."""
    said = [_chance_words(answer), _best_alone_words(answer), _length_words(answer)]
    return [sentence for sentence in said if sentence]


def _chance_words(answer: Answer) -> str:
    chance = answer.chance
    if chance is None or not len(chance.similarities):
        return ""
    count, ahead = len(chance.similarities), chance.percentile
    than = "each" if ahead >= 100 else f"{_share(ahead)} %"
    sure = "" if ahead >= _SURE else " That is no more than chance often does."
    return f"It is nearer than the best match of {than} of {count:,} random formulas of this form.{sure}"


def _share(percentile: float) -> str:
    """A percentage that is never truer than it is."""
    return f"{percentile:.0f}" if percentile < 99 else f"{np.floor(percentile * 10) / 10:g}"


def _best_alone_words(answer: Answer) -> str:
    best = answer.neighbours.iloc[0]
    alone = float(best["alone"])
    if isnan(alone):
        return ""
    name, input_ = cut(str(best["name"]), _SAID), best.get("input")
    whom = f"{cut(str(input_), _SAID)} alone" if isinstance(input_, str) else "one of the inputs alone"
    if alone == 1:
        return f"{name} is the nearest to {whom} as well: the formula adds nothing to that."
    return f"{name} is {'already ' if alone <= 10 else ''}the {ordinal(int(alone))} nearest to {whom}."


def _length_words(answer: Answer) -> str:
    offset, whole = answer.evidence.get("offset norm"), answer.evidence.get("vector norm")
    if offset is None or whole is None or len(answer.steps) < 2:
        return ""
    of = "where every item has length 1" if answer.unit else "in the lengths of the file"
    return f"What is added to the first term is {offset:.3g} long, the sum {whole:.3g}, {of}."


def ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 4th, 11th, 1,021st."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"
