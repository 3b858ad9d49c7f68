"""Selections being explained: in the background, and once for all who look at the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.columns import columns_of
from cartography.inspection.explain import Explanation, explain
from cartography.progress import part_of
from cartography.records import EmbeddingSet
from cartography.records.arrays import digest
from dashboard.panels.difference_charts import Pictured, pictured
from dashboard.work import Work, Works

__all__ = ["Explaining", "again", "explaining"]


class Explaining(Work[tuple[Explanation, tuple[Pictured, ...]]]):
    """One selection (n,) bool being explained, with what its charts show."""

    def __init__(self, embeddings: EmbeddingSet, selected: NDArray[np.bool_]) -> None:
        super().__init__("explain a selection")
        self._asked: tuple[EmbeddingSet, NDArray[np.bool_]] | None = embeddings, selected

    def _make(self) -> tuple[Explanation, tuple[Pictured, ...]]:
        assert self._asked is not None, "work is made once"  # noqa: S101
        (embeddings, selected), self._asked = self._asked, None  # so that what is done holds no vectors
        found = explain(embeddings, selected, progress=part_of(self._listen, 0.0, 0.95))
        return found, pictured(columns_of(embeddings), selected, found)


_WORKS: Works[Explaining] = Works(64)


def explaining(embeddings: EmbeddingSet, selected: NDArray[np.bool_]) -> Explaining:
    """Return the work that explains a selection, started if it is new."""
    key = digest(embeddings.fingerprint, np.packbits(selected))
    return _WORKS.get(key, lambda: Explaining(embeddings, selected))


def again(work: Explaining) -> None:
    """Forget a work that was stopped or failed, so that it can start anew."""
    _WORKS.again(work)
