"""From a formula to the items nearest to what it comes to, in one look through all vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.concepts.arithmetic.answer import Answer, Chance, Step
from cartography.concepts.arithmetic.chance import RandomFormulas, compare, draw_formulas
from cartography.concepts.arithmetic.inputs import Inputs, inputs_of
from cartography.concepts.arithmetic.steps import steps_of
from cartography.concepts.formulas.names import Names
from cartography.concepts.formulas.reading import read_formula
from cartography.concepts.formulas.tree import Formula
from cartography.concepts.formulas.writing import written
from cartography.errors import ParameterError, unknown_name
from cartography.items import title
from cartography.neighbours.lookup import Lookup, places_in
from cartography.neighbours.metrics import METRICS
from cartography.neighbours.together import look_together
from cartography.progress import Progress, report
from cartography.records import EmbeddingSet

__all__ = ["evaluate"]

_ALONE = 8  # names that are looked up alone as well
_EXCLUDED = 500  # inputs listed
_STAGE = "Working out the formula"

Rows = NDArray[np.int64]


def evaluate(
    embeddings: EmbeddingSet,
    formula: str,
    *,
    names: Names | None = None,
    metric: str = "cosine",
    unit: bool | None = None,
    top: int = 10,
    seed: int | None = 0,
    exclude_inputs: bool = True,
    progress: Progress | None = None,
) -> Answer:
    """Return the `top` items nearest to what a formula comes to, as "king - man + woman", and how much that says.

    `names` tells what its names stand for, the items' own names by default. With `unit` (None: under "cosine") every
    vector counts with length 1; nearness is then that of directions, whatever the metric. Items of the formula are
    left out of the answer unless `exclude_inputs` is False. Random formulas of the same form, drawn by `seed`, say
    what is usual: as many as there is time for, none with `seed` None.

    Raises `FormulaError`, which points at the place, for a formula that cannot be read or names what is not there,
    and `ParameterError` for one that comes to zero and for other choices that cannot be.
    """
    if not isinstance(formula, str):
        raise ParameterError(f"The formula is a {type(formula).__name__}; expected text such as king - man + woman.")
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    if top < 1:
        raise ParameterError(f"top is {top}; at least one neighbour can be asked for.")
    if seed is not None and seed < 0:
        raise ParameterError(f"seed is {seed}; it cannot be below 0.")
    report(progress, _STAGE, 0)
    names = Names(embeddings) if names is None else names
    tree = read_formula(formula, names.knows)
    unit = metric == "cosine" if unit is None else unit
    inputs = inputs_of(embeddings, tree, names.rows, unit, lambda done: report(progress, _STAGE, done / 2))
    asked = _Asked(embeddings, tree, inputs, "cosine" if unit else metric, unit, exclude_inputs)
    looked = _look(asked, seed, progress)
    neighbours = _neighbours(looked, top)
    chance = _chance(looked, neighbours)
    steps = steps_of(tree, inputs)
    return Answer(
        formula=written(tree),
        vector=looked.vector,
        metric=asked.metric,
        unit=unit,
        neighbours=neighbours,
        excluded=_excluded(looked),
        chance=chance,
        evidence=_evidence(looked.vector, steps[0], chance),
        steps=steps,
        notes=tuple(_notes(looked, metric)),
    )


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked, understood."""

    embeddings: EmbeddingSet
    formula: Formula
    inputs: Inputs
    metric: str
    unit: bool
    exclude: bool

    @property
    def left_out(self) -> Rows:
        return self.inputs.all_rows if self.exclude else np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class _Looked:
    """All items ranked by the whole formula and by its first names alone; the nearest to each random formula."""

    asked: _Asked
    vector: NDArray[np.float32]
    whole: Lookup
    alone: list[Lookup]
    drawn: RandomFormulas | None
    nearest: Rows


def _look(asked: _Asked, seed: int | None, progress: Progress | None) -> _Looked:
    embeddings, inputs = asked.embeddings, asked.inputs
    total = inputs.checked_total(asked.formula)

    def lookup(query: NDArray[np.floating]) -> Lookup:
        return Lookup(embeddings, np.asarray(query, np.float32), asked.metric)

    whole = lookup(total / np.linalg.norm(total) if asked.metric == "cosine" else total)
    alone = [lookup(vector) for vector in inputs.vectors[:_ALONE]]
    drawn, others = None, []
    if seed is not None:
        rng = np.random.default_rng(seed)
        drawn = draw_formulas(embeddings, inputs, inputs.factors(asked.formula), unit=asked.unit, rng=rng)
        others = [lookup(vector) for vector in drawn.vectors]
    exclude = list(drawn.rows) if drawn and asked.exclude else []
    nearest = look_together([whole, *alone], others, exclude, lambda done: report(progress, _STAGE, (1 + done) / 2))
    return _Looked(asked, total.astype(np.float32), whole, alone, drawn, nearest)


def _neighbours(looked: _Looked, top: int) -> pd.DataFrame:
    left_out = looked.asked.left_out
    rows, distances = looked.whole.nearest(top, left_out)
    table = _table(looked.asked.embeddings, rows)
    table["distance"] = distances
    closest = np.stack([one.measured(rows) for one in looked.alone]).argmin(axis=0)
    alone = np.empty(len(rows), np.int64)
    for place, one in enumerate(looked.alone):
        its = closest == place
        if its.any():
            alone[its] = places_in(one.ranks, rows[its], left_out)
    table["alone"] = alone
    called = [written(name) for name in looked.asked.inputs.names[: len(looked.alone)]]
    table["input"] = pd.array([called[place] for place in closest], dtype="str")
    return table


def _excluded(looked: _Looked) -> pd.DataFrame:
    rows = looked.asked.left_out
    rows = rows[np.argsort(looked.whole.ranks[rows], kind="stable")[:_EXCLUDED]]
    table = _table(looked.asked.embeddings, rows)
    table["distance"] = looked.whole.distances(rows)
    table["rank"] = looked.whole.places(rows)
    return table


def _table(embeddings: EmbeddingSet, rows: Rows) -> pd.DataFrame:
    called = [title(embeddings, int(row)) for row in rows]
    return pd.DataFrame({"row": rows, "name": pd.array(called, dtype="str")}, index=embeddings.ids[rows])


def _chance(looked: _Looked, neighbours: pd.DataFrame) -> Chance | None:
    if looked.drawn is None or not len(neighbours):
        return None
    distance = float(neighbours["distance"].iloc[0])
    return compare(looked.asked.embeddings, looked.drawn, looked.nearest, looked.asked.metric, distance)


def _evidence(vector: NDArray[np.float32], first: Step, chance: Chance | None) -> dict[str, float]:
    numbers = {
        "offset norm": float(np.linalg.norm(vector - first.vector)),
        "vector norm": float(np.linalg.norm(vector)),
    }
    if chance is None:
        return numbers
    return {"percentile": chance.percentile, "random formulas": float(len(chance.similarities)), **numbers}


def _notes(looked: _Looked, metric: str) -> list[str]:
    asked = looked.asked
    notes = ["Vectors count with length 1." if asked.unit else "Vectors count as long as they are."]
    if metric != asked.metric:
        notes.append(
            f"Among vectors of length 1, {metric} nearness is that of directions: distances are cosine ones."
        )
    for name, rows in zip(asked.inputs.names, asked.inputs.rows, strict=True):
        if len(rows) > 1:
            notes.append(f"{written(name)} stands for {len(rows):,} items: their mean counts.")
    aimless = [
        name for name, vector in zip(asked.inputs.names, asked.inputs.vectors, strict=True) if not vector.any()
    ]
    notes += [f"The vector of {written(name)} is zero: it adds nothing." for name in aimless]
    if len(asked.inputs.names) > _ALONE:
        notes.append(f"Places among the neighbours of one input are told for the first {_ALONE} names.")
    if looked.drawn is not None and looked.drawn.largest:
        notes.append(f"In random formulas {looked.drawn.largest:,} items stand for a larger group.")
    if asked.exclude and len(asked.inputs.all_rows) > _EXCLUDED:
        notes.append(
            f"{len(asked.inputs.all_rows):,} items go into the formula and are left out; the nearest "
            f"{_EXCLUDED} of them are listed."
        )
    return notes
