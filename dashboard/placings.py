"""New vectors being placed on a map, in the background; what a visit brought goes away with the visit."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.inspection.newcomers import Newcomers
from cartography.pipeline import BuiltMap
from cartography.progress import part_of
from cartography.records import EmbeddingSet
from cartography.records.arrays import digest
from dashboard.sources import Source
from dashboard.state import Session
from dashboard.work import Work, Works

__all__ = ["Placed", "Placing", "again", "place_file", "place_vector"]

_KEPT = 2  # placings of one visit
_BY_VISIT: dict[str, Works[Placing]] = {}


@dataclass(frozen=True, eq=False)
class Placed:
    """Newcomers with their ids (m,), what they are called together, and what was assumed when they were read."""

    name: str
    ids: pd.Index
    found: Newcomers
    notes: tuple[str, ...] = ()


class Placing(Work[Placed]):
    """Vectors being read from a visit's own files, or given as they are, and placed on a map."""

    def __init__(self, built: BuiltMap, given: Source | NDArray[np.float32]) -> None:
        super().__init__(f"newcomers on {built.embeddings.name}")
        self._built, self._given = built, given

    def _make(self) -> Placed:
        if not isinstance(self._given, Source):
            found = self._built.place(self._given, self._listen)
            return Placed("a pasted vector", pd.Index(["pasted"]), found)
        new = self._read(self._given)
        found = self._built.place(new.vectors, part_of(self._listen, 0.3, 1.0))
        return Placed(new.name, new.ids, found, new.notes)

    def _read(self, source: Source) -> EmbeddingSet:
        fitting = fitting_key(source, self._built.embeddings)
        return source.member_of(source.choose(key=fitting).read(part_of(self._listen, 0.0, 0.3)))


def fitting_key(source: Source, known: EmbeddingSet) -> str | None:
    """Return which vectors in these files have the map's dimensions: those called alike, the only ones, or None."""
    keys = [one.key for one in source.probe() if len(one.shape) == 2 and one.shape[1] == known.dimensions]
    alike = known.provenance.get("key")
    if alike in keys:
        return str(alike)
    return keys[0] if len(keys) == 1 else None


def place_file(visit: Session, built: BuiltMap, source: Source) -> Placing:
    """Return the work that places what is in these files on this map, begun if it is new."""
    return _works(visit).get(_key(built, source.identity), lambda: Placing(built, source))


def place_vector(visit: Session, built: BuiltMap, vector: NDArray[np.float32]) -> Placing:
    """Return the work that places this vector (d,) on this map, begun if it is new."""
    return _works(visit).get(_key(built, digest(vector)), lambda: Placing(built, vector))


def again(visit: Session, placing: Placing) -> None:
    """Forget a placing that was stopped, so that it can start anew."""
    _works(visit).again(placing)


def _key(built: BuiltMap, given: str) -> str:
    return digest(built.embeddings.fingerprint, built.recipe.undressed.fingerprint, given)


def _works(visit: Session) -> Works[Placing]:
    """This visit's placings, which are stopped and forgotten when the visit is."""
    if visit.token not in _BY_VISIT:
        works = _BY_VISIT[visit.token] = Works[Placing](_KEPT)
        weakref.finalize(visit, _forget, visit.token, works)
    return _BY_VISIT[visit.token]


def _forget(token: str, works: Works[Placing]) -> None:
    works.close()
    _BY_VISIT.pop(token, None)
