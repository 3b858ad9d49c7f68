"""The way of a formula over the map: every partial sum has a place, and arrows lead from each to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.arithmetic.answer import Answer
from cartography.inspection.placing.prepared import place_prepared
from cartography.pipeline import BuiltMap
from cartography.progress import Progress, part_of
from cartography.records.arrays import digest
from dashboard.inquiries import Question
from dashboard.map_view.overlay import Leg, Overlay, Pin

__all__ = ["Way", "overlay_of", "way_over"]

_MOST = 60  # steps that are drawn
_FEW = 100  # items of a formula that have no say in where its sums stand; of larger groups all have
_LENGTHS = 2_000  # items whose lengths say how long vectors are


@dataclass(frozen=True, eq=False)
class Way:
    """Where the partial sums stand, (m, 2) float32 in map units, and a sentence on how that was found."""

    places: NDArray[np.float32]
    said: str = ""


def way_over(built: BuiltMap, answer: Answer) -> Question[Way]:
    """Return the question where the steps of an answer stand on a map."""
    vectors = np.array([step.vector for step in answer.steps[:_MOST]], np.float32)
    inputs = answer.excluded["row"].tolist()
    inputs = inputs if len(inputs) <= _FEW else []

    def find(progress: Progress) -> Way:
        stops = _as_long_as_items(built, answer, vectors)
        start, said = place_prepared(stops[:1], built.known, progress=part_of(progress, 0.0, 0.5))
        if len(stops) < 2:
            return Way(start, said)
        others, said = place_prepared(stops[1:], built.known, inputs, part_of(progress, 0.5, 1.0))
        return Way(np.concatenate([start, others]), said)

    made = (built.projection.fingerprint, built.scene.turn, built.prepared.vectors_fingerprint)
    key = digest(*made, vectors, inputs)
    return Question("steps of a formula", key, find, private=True)


def overlay_of(answer: Answer, way: Way | None) -> Overlay:
    """Return what an answer draws over the map: its neighbours ringed, its steps as arrows, a pin where they end."""
    ringed = tuple(int(row) for row in answer.neighbours["row"])
    if way is None or not len(way.places):
        return Overlay(ringed=ringed)
    stops = [(float(x), float(y)) for x, y in way.places.tolist()]
    legs = [
        Leg(start, end, step.says)
        for start, end, step in zip(stops, stops[1:], answer.steps[1 : len(stops)], strict=False)
    ]
    return Overlay(ringed=ringed, legs=tuple(legs), pins=(Pin(*stops[-1], answer.formula),))


def _as_long_as_items(built: BuiltMap, answer: Answer, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sums of vectors of length 1, made as long as items usually are: maps that go by distance need that."""
    items = built.prepared.vectors
    if not answer.unit or not len(items):
        return vectors
    some = items[:: max(1, len(items) // _LENGTHS)].astype(np.float64)
    return (vectors * np.median(np.linalg.norm(some, axis=1))).astype(np.float32)
