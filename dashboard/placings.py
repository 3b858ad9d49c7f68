"""New vectors that a visit brings, and the question where they stand on a map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.inspection.placing.newcomers import Newcomers
from cartography.pipeline import BuiltMap
from cartography.progress import Progress, part_of
from cartography.records import EmbeddingSet
from cartography.records.arrays import digest
from dashboard.inquiries import Question
from dashboard.sources import Source

__all__ = ["Placed", "fitting_key", "place_file", "place_vector"]

_KIND = "newcomers"


@dataclass(frozen=True, eq=False)
class Placed:
    """Newcomers with their ids (m,), what they are called together, and what was assumed when they were read."""

    name: str
    ids: pd.Index
    found: Newcomers
    notes: tuple[str, ...] = ()


def fitting_key(source: Source, known: EmbeddingSet) -> str | None:
    """Return which vectors in these files have the map's dimensions: those called alike, the only ones, or None."""
    keys = [one.key for one in source.probe() if len(one.shape) == 2 and one.shape[1] == known.dimensions]
    alike = known.provenance.get("key")
    if alike in keys:
        return str(alike)
    return keys[0] if len(keys) == 1 else None


def place_file(built: BuiltMap, source: Source) -> Question[Placed]:
    """Return the question where the vectors in these files stand on this map."""

    def find(progress: Progress) -> Placed:
        chosen = source.choose(key=fitting_key(source, built.embeddings))
        new = source.member_of(chosen.read(part_of(progress, 0.0, 0.3)))
        return Placed(new.name, new.ids, built.place(new.vectors, part_of(progress, 0.3, 1.0)), new.notes)

    return Question(_KIND, _key(built, source.identity), find, private=True)


def place_vector(built: BuiltMap, vector: NDArray[np.float32]) -> Question[Placed]:
    """Return the question where this vector (d,) stands on this map."""

    def find(progress: Progress) -> Placed:
        return Placed("a pasted vector", pd.Index(["pasted"]), built.place(vector, progress))

    return Question(_KIND, _key(built, digest(vector)), find, private=True)


def _key(built: BuiltMap, given: str) -> str:
    return digest(built.embeddings.fingerprint, built.recipe.undressed.fingerprint, given)
