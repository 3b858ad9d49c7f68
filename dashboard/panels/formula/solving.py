"""A formula as a question about a map, whose answer is found in the background and kept for a while."""

from __future__ import annotations

from dataclasses import dataclass

from cartography.concepts.arithmetic.answer import Answer
from cartography.concepts.arithmetic.evaluating import evaluate
from cartography.concepts.formulas.names import Names
from cartography.pipeline import BuiltMap
from cartography.progress import Progress
from cartography.records.arrays import digest
from dashboard.desk import Desk
from dashboard.formula_names import own_groups, places_of
from dashboard.inquiries import Question
from dashboard.panels.formula.asked import Asked

__all__ = ["Measure", "question_of"]


@dataclass(frozen=True)
class Measure:
    """How a formula is counted: with vectors of length 1 (`unit`) or as they are; and how many items are listed."""

    unit: bool
    top: int


def question_of(desk: Desk, asked: Asked, measure: Measure) -> Question[Answer]:
    """Return the question what a formula comes to on this map; its errors point into the formula.

    The formula is read with its answer, in the background: the names of many items take a while to be known.
    """
    built, text = desk.built, asked.text
    own = own_groups(desk, asked.selection) if "@" in text else {}
    metric, seed = str(built.recipe.metric), built.recipe.seed

    def find(progress: Progress) -> Answer:
        names = Names(built.embeddings, {**places_of(built), **own})
        return evaluate(
            built.prepared,
            text,
            names=names,
            metric=metric,
            unit=measure.unit,
            top=measure.top,
            seed=seed,
            progress=progress,
        )

    groups = [part for name, rows in sorted(own.items()) for part in (name, rows)]
    return Question("formula", digest(_map(built), text, metric, measure, seed, *groups), find, private=bool(own))


def _map(built: BuiltMap) -> str:
    """Names the vectors, what the items are called, and the places of the map."""
    return digest(built.prepared.vectors_fingerprint, built.embeddings.fingerprint, built.recipe.undressed.fingerprint)
