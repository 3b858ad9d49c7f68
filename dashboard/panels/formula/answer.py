"""What a formula comes to: the nearest items, the inputs left out, and how much speaks for it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import streamlit as st

from cartography.concepts.arithmetic.answer import Answer
from cartography.inspection.wording import cut
from dashboard.desk import Desk
from dashboard.inquiries import inquire
from dashboard.panels.formula.in_sight import draw_in_sight
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
        places = "" if _has_one_input(answer) else " · place by one name"
        st.html(f"<p class='ec-head'>{len(answer.neighbours):,} NEAREST · {answer.metric} distance{places}</p>")
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
    said = evidence_words(answer)
    if said:
        st.html(f"<p class='ec-head'>HOW MUCH THIS SAYS</p>{bullets(said)}")
    _draw(desk, answer)


def _headline(answer: Answer) -> None:
    best = (*_names(answer.neighbours), "Nothing")[0]
    understood = f"<span data-testid='formula-understood'>{safe(answer.formula, 300)}</span>"
    st.html(
        f"<p class='ec-item' data-testid='formula-answer'>{safe(best, 120)}</p>"
        f"<p class='ec-sub'>is nearest to {understood}</p>"
    )


def _names(found: pd.DataFrame) -> list[str]:
    """What items are called; where some are called alike, with their ids."""
    names = [cut(str(name), _SAID) for name in found["name"]]
    alike = {name for name, count in Counter(names).items() if count > 1}
    return [
        f"{name} · {cut(str(one), _SAID)}" if name in alike else name
        for name, one in zip(names, found.index, strict=True)
    ]


def _light(desk: Desk, answer: Answer) -> None:
    rows = answer.neighbours["row"].to_numpy()
    if not len(rows):
        return
    st.button(
        "Light these",
        icon=":material/lightbulb:",
        key=desk.key("formula-light"),
        help="Select these items on the map; under Notes they can be kept as a bookmark, which formulas may name.",
        on_click=desk.pick,
        args=(rows, f"near {cut(answer.formula)}"),
        width="stretch",
    )


def _draw(desk: Desk, answer: Answer) -> None:
    """Draw rings and arrows over the map, and say how the sums were placed."""
    way = None
    desk.draw(overlay_of(answer, None))
    if len(answer.steps):
        question = way_over(desk.built, answer)
        way = awaited(inquire(question, desk.visit), desk.key("formula-way"))
        if way is not None:
            draw_in_sight(desk, overlay_of(answer, way), question.key)
    said = () if way is None else (f"The arrows lead from sum to sum. {way.said}",)
    with st.expander("How it was worked out"):
        st.html(bullets((*answer.notes, *said)))


def answer_entries(desk: Desk, answer: Answer) -> list[Entry]:
    """Return the nearest items as lines: distance, and the place each has among the neighbours of one input alone."""
    furthest = float(np.abs(answer.neighbours["distance"]).max()) or 1.0
    lone = _has_one_input(answer)
    lines = []
    for near in answer.neighbours.itertuples():
        place = ordinal(int(near.alone))
        beside = "" if lone else f"; {place} nearest to {_alone(near.input)}"
        lines.append(
            entry_of(
                desk,
                int(near.row),
                _figure(float(near.distance)),
                abs(float(near.distance)) / furthest,
                aside="" if lone else place,
                tip=f"{near.distance:.6g} {answer.metric} distance{beside}",
            )
        )
    return lines


def _figure(distance: float) -> str:
    """Three digits that count, zeros among them, so that a column of them is even."""
    return f"{distance:#.3g}" if 0.001 <= abs(distance) < 100 else f"{distance:.3g}"


def _has_one_input(answer: Answer) -> bool:
    """Whether the formula is a single name, whose own neighbours are the answer."""
    return len(answer.excluded) < 2 or (len(answer.steps) < 2 and answer.formula[:1] in ("#", "@"))


def _alone(name: str) -> str:
    return f"{cut(name, _SAID)} alone"


def left_out_words(answer: Answer) -> str:
    """Return which inputs were left out, and the places that they would have had."""
    left = answer.excluded.sort_values("rank", kind="stable")
    said: list[str] = []
    for name, rank in zip(_names(left)[:_NAMED], left["rank"][:_NAMED], strict=True):
        would = "" if said else "would be "
        said.append(f"{name} ({would}{ordinal(int(rank))})")
    more = f" and {len(left) - _NAMED:,} more" if len(left) > _NAMED else ""
    return f"Left out: {', '.join(said)}{more}." if said else ""


def evidence_words(answer: Answer) -> list[str]:
    """Return what speaks for the best match, and against it."""
    said = [_chance_words(answer), _best_alone_words(answer), _length_words(answer)]
    return [sentence for sentence in said if sentence]


def _chance_words(answer: Answer) -> str:
    chance = answer.chance
    if chance is None or not len(chance.similarities):
        return ""
    count, ahead = len(chance.similarities), chance.percentile
    than = "each" if ahead >= 100 else f"{_share(ahead)}%"
    sure = "" if ahead >= _SURE else " That is no more than chance often does."
    return f"It is nearer than the best match of {than} of {count:,} random formulas of this form.{sure}"


def _share(percentile: float) -> str:
    """A percentage that is never truer than it is."""
    return f"{percentile:.0f}" if percentile < 99 else f"{np.floor(percentile * 10) / 10:g}"


def _best_alone_words(answer: Answer) -> str:
    if _has_one_input(answer) or not len(answer.neighbours):
        return ""
    best = answer.neighbours.iloc[0]
    whom = _alone(str(best["input"]))
    alone, name = int(best["alone"]), _names(answer.neighbours)[0]
    if alone == 1:
        return f"{name} is the nearest to {whom} as well: the formula adds nothing to that."
    return f"{name} is {'already ' if alone <= 10 else ''}the {ordinal(alone)} nearest to {whom}."


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
