"""How an axis lies to the other axes, beside what chance does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.concepts.axes.axis import Axis
from cartography.concepts.evidence.bench import Bench
from cartography.concepts.evidence.holding_out import effect_of
from cartography.concepts.evidence.members import Sides
from cartography.concepts.evidence.places import correlations_of
from cartography.inspection.borders.scores import auc_of
from cartography.progress import Progress

__all__ = ["alignments"]

_COLUMNS = ["degrees", "cosine", "correlation", "chance", "cosine_chance", "tells", "effect"]

Numbers = NDArray[np.float64]


def alignments(bench: Bench, others: Mapping[str, Axis], progress: Progress | None = None) -> pd.DataFrame:
    """Return the table of `AxisEvidence.angles`: places are those of all items in one pass, chance is a sample's."""
    index = pd.Index(list(others), name="axis", dtype=object)
    if not others:
        return pd.DataFrame(columns=_COLUMNS, index=index, dtype=np.float64)
    axis, sides, random = bench.axis, bench.sides, bench.lists.directions
    along = np.array([other.direction for other in others.values()])  # (k, d)
    cosines = np.clip(along @ axis.direction, -1, 1)
    together = correlations_of(bench.embeddings.vectors, [axis.direction, *along], bench.metric, progress)[0, 1:]
    told = [_told(sides, direction) for direction in along]
    turned = np.abs(random @ along.T)  # (R, k)
    usual = np.maximum(np.quantile(turned, 0.95, axis=0), 1e-9)
    usual *= max(1.0, float(np.quantile((turned / usual).max(axis=1), 0.95)))  # of many axes, one is near by chance
    by_chance = _one_length(bench.random_places).T @ _one_length(bench.sample.places(along))  # (R, k)
    table = [
        np.degrees(np.arccos(cosines)),
        cosines,
        together,
        np.quantile(np.abs(by_chance), 0.95, axis=0),
        usual,
        *zip(*told, strict=True),
    ]
    return pd.DataFrame(dict(zip(_COLUMNS, table, strict=True)), index=index)


def _told(sides: Sides | None, direction: Numbers) -> tuple[float, float]:
    """How often, and how far in deviations, a direction puts members of one pole above those of the other."""
    if sides is None:
        return np.nan, np.nan
    places = sides.high @ direction, sides.low @ direction
    auc = auc_of(*places)
    return max(auc, 1 - auc), abs(effect_of(*places))


def _one_length(places: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(places, axis=0)
    lengths[lengths == 0] = 1
    return places / lengths
