"""Concepts in a space of vectors: sums of items, axes that a person names, and what speaks for or against them.

>>> from cartography.concepts import evaluate, axis, place_on_axes, remove_direction
>>> evaluate(embeddings, "king - man + woman").neighbours
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cartography.doors import door

if TYPE_CHECKING:
    from cartography.concepts.analogies.questions import AnalogySet as AnalogySet
    from cartography.concepts.analogies.questions import read_questions as read_questions
    from cartography.concepts.analogies.results import AnalogyResults as AnalogyResults
    from cartography.concepts.analogies.solving import solve_analogies as solve_analogies
    from cartography.concepts.arithmetic.answer import Answer as Answer
    from cartography.concepts.arithmetic.evaluating import evaluate as evaluate
    from cartography.concepts.axes.axis import Axis as Axis
    from cartography.concepts.axes.making import axis as axis
    from cartography.concepts.axes.placing import place_on_axes as place_on_axes
    from cartography.concepts.evidence.axis_evidence import AxisEvidence as AxisEvidence
    from cartography.concepts.evidence.axis_evidence import Separation as Separation
    from cartography.concepts.evidence.judging import judge_axis as judge_axis
    from cartography.concepts.formulas.names import Names as Names
    from cartography.concepts.formulas.reading import read_formula as read_formula
    from cartography.concepts.formulas.tree import FormulaError as FormulaError
    from cartography.concepts.formulas.writing import written as written
    from cartography.concepts.removal.before_after import BeforeAfter as BeforeAfter
    from cartography.concepts.removal.before_after import before_and_after as before_and_after
    from cartography.concepts.removal.removing import remove_direction as remove_direction

_HOME = {
    "AnalogyResults": "analogies.results",
    "AnalogySet": "analogies.questions",
    "Answer": "arithmetic.answer",
    "Axis": "axes.axis",
    "AxisEvidence": "evidence.axis_evidence",
    "BeforeAfter": "removal.before_after",
    "FormulaError": "formulas.tree",
    "Names": "formulas.names",
    "Separation": "evidence.axis_evidence",
    "axis": "axes.making",
    "before_and_after": "removal.before_after",
    "evaluate": "arithmetic.evaluating",
    "judge_axis": "evidence.judging",
    "place_on_axes": "axes.placing",
    "read_formula": "formulas.reading",
    "read_questions": "analogies.questions",
    "remove_direction": "removal.removing",
    "solve_analogies": "analogies.solving",
    "written": "formulas.writing",
}

__all__ = sorted(_HOME)
__getattr__, __dir__ = door(__name__, _HOME)
