"""What was asked about items of a map a moment ago is not computed again: pages run many times on one answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from cartography.inspection.nearness.neighbourhood import Neighbourhood, neighbourhood
from cartography.inspection.nearness.paths import Between, between
from cartography.inspection.nearness.query import Query
from cartography.pipeline import BuiltMap
from cartography.records import Projection
from cartography.remembering import remembered

__all__ = ["between_of", "neighbourhood_of"]

T = TypeVar("T")

_LATEST = 32


def neighbourhood_of(built: BuiltMap, query: Query, metric: str, k: int) -> Neighbourhood:
    """Return what is near a query in the space of this map, and what the map makes of it."""
    vector = None if query.vector is None else query.vector.tobytes()
    graph, coordinates = built.neighbours, built.scene.coordinates
    return _answers(built.projection).get(
        ("near", query.rows, vector, query.place, metric, k),
        lambda: neighbourhood(built.prepared, query, k, metric, graph=graph, coordinates=coordinates),
    )


def between_of(built: BuiltMap, ends: tuple[int, int]) -> Between:
    """Return what lies between two items in the space and the metric of this map."""
    metric = str(built.recipe.metric)
    return _answers(built.projection).get(
        ("between", ends, metric), lambda: between(built.prepared, ends, metric, graph=built.neighbours)
    )


class _Answers:
    """The latest answers by question. Safe to use from many threads; equal questions at once are answered twice."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, question: Hashable, answer: Callable[[], T]) -> T:
        with self._lock:
            if question in self._known:
                self._known.move_to_end(question)
                return self._known[question]
        found = answer()
        with self._lock:
            self._known[question] = found
            while len(self._known) > _LATEST:
                self._known.popitem(last=False)
        return found


@remembered
def _answers(_: Projection) -> _Answers:
    return _Answers()
