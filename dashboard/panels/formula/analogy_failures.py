"""What the panel of analogies says and shows of the answers: sentences, the table, the failures and their arrows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cartography.concepts import AnalogyResults
from cartography.concepts.analogies.results import TOP
from cartography.inspection.wording import counted, share_words
from cartography.pipeline import BuiltMap
from dashboard.map_view.overlay import Leg, Overlay
from dashboard.panels.item_list import Entry

__all__ = [
    "METHODS",
    "SHOWN",
    "baseline_words",
    "exclusion_words",
    "failure_entries",
    "failure_overlay",
    "headline",
    "sections_frame",
    "way",
]

METHODS = {"add": "3CosAdd", "mul": "3CosMul"}
SHOWN = 200
"""How many failures are listed."""

_NO_SECTION = "(no section)"


def way(method: str, excluded: bool) -> str:
    """Return the name that a method has in the tables, by whether the three inputs are excluded."""
    return method if excluded else f"{method}_with_inputs"


def headline(found: AnalogyResults, excluded: bool) -> str:
    """Return how many hold by each method."""
    add, mul = (share_words(found.all[way(method, excluded)]) for method in METHODS)
    asked = counted(len(found.questions), "question")
    return f"Of {asked}, adding (3CosAdd) gets {add} right, multiplying (3CosMul) {mul}"


def baseline_words(found: AnalogyResults) -> str:
    """Return what is right without any analogy, in plain words."""
    whole = found.all
    return (
        f"Without any analogy, the nearest to c alone is right in {share_words(whole['only_c'])}, the nearest to b "
        f"alone in {share_words(whole['only_b'])}; guessing among {counted(found.candidates, 'item')} in "
        f"{share_words(whole['chance'])}."
    )


def exclusion_words(found: AnalogyResults, excluded: bool) -> str:
    """Return what the rule that the given words are no answers is worth."""
    whole = found.all
    bare = [share_words(whole[way(method, False)]) for method in METHODS]
    if excluded:
        return (
            f"The words a, b and c may not be the answer. If they may, 3CosAdd comes to {bare[0]} and 3CosMul to "
            f"{bare[1]}."
        )
    table = found.questions[~found.questions["add_with_inputs_right"]]
    given = table[["a_row", "b_row", "c_row"]].eq(table["add_with_inputs_row"], axis=0).any(axis=1)
    says = ["The words a, b and c may be the answer.", "The columns “c alone” and “b alone” still exclude them."]
    if len(table):
        says.insert(1, f"{share_words(float(given.mean()))} of 3CosAdd's failures answer with one of them.")
    return " ".join(says)


def sections_frame(found: AnalogyResults, excluded: bool) -> pd.DataFrame:
    """Return the sections as the panel's table shows them: right answers in percent."""
    table = found.sections
    shown = pd.DataFrame({"section": table["section"].replace("", _NO_SECTION)})
    shares = {title: way(method, excluded) for method, title in METHODS.items()}
    shares |= {"c alone": "only_c", "b alone": "only_b"}
    shown = shown.assign(**{title: 100 * table[name] for title, name in shares.items()})
    shown["questions"], shown["left out"] = table["questions"], table["left_out"]
    for method, title in METHODS.items():
        shown[f"{title}, top {TOP}"] = 100 * table[f"{way(method, excluded)}_top{TOP}"]
    return shown.assign(chance=100 * table["chance"])


def failure_entries(failures: pd.DataFrame, by: str) -> list[Entry]:
    """Return the first failures as lines of a list: `row` is the number of the question in the table of all."""
    return [_entry(int(number), question, by) for number, question in failures.iloc[:SHOWN].iterrows()]


def _entry(number: int, question: Any, by: str) -> Entry:
    a, b, c, d, came = (question[name] for name in (*"abcd", f"{by}_answer"))
    place = int(question[f"{by}_place"])
    where = f"{d} has place {place:,}" if place else f"{d} is one of the given words"
    return Entry(
        number,
        f"{c} : {came or 'nothing'}, not {d}",
        f"{place:,}" if place else "–",
        1 / place if place else 0.0,
        aside=f"{a} : {b}",
        tip=f"{a} : {b} = {c} : {d} was expected, {came or 'nothing'} came; {where}. Line {question['line']:,}.",
    )


def failure_overlay(built: BuiltMap, question: Any, by: str) -> Overlay:
    """Return the arrows of one question: from a to b, from c to the expected d, and from c to what came instead."""
    a, b, c, d, came = (int(question[f"{name}_row"]) for name in (*"abcd", by))
    ends = [(a, b, f"{question['a']} → {question['b']}"), (c, d, f"{question['c']} → {question['d']}, expected")]
    if came >= 0:
        ends.append((c, came, f"{question[f'{by}_answer']} came"))
    legs = [Leg(_place(built, start), _place(built, end), says) for start, end, says in ends if start != end]
    ringed = dict.fromkeys(row for row in (a, b, c, d, came) if row >= 0)
    return Overlay(legs=tuple(legs), ringed=tuple(ringed))


def _place(built: BuiltMap, row: int) -> tuple[float, float]:
    x, y = np.asarray(built.scene.coordinates[row, :2], dtype=float).tolist()
    return x, y
