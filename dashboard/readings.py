"""Files being read, and what is inside them: in the background, and once for all pages."""

from __future__ import annotations

from dataclasses import dataclass

import loaders
from cartography.progress import Progress
from cartography.records import EmbeddingSet, EmbeddingStack
from cartography.store import MemoryStore
from dashboard.sources import Source
from dashboard.work import Work, Works

__all__ = [
    "Census",
    "Inside",
    "Looking",
    "Reading",
    "again",
    "census_of",
    "embeddings_of",
    "look_into",
    "read",
    "whole",
]

_KEPT = MemoryStore(4)  # embeddings may be large


@dataclass(frozen=True)
class Inside:
    """What a source holds: its candidates, most likely first."""

    candidates: tuple[loaders.Candidate, ...]


class Looking(Work[Inside]):
    """Headers being read, to see what could be opened."""

    def __init__(self, source: Source) -> None:
        super().__init__(f"look into {source.name}")
        self._source = source

    def _make(self) -> Inside:
        return Inside(tuple(self._source.probe(self._listen)))


class Census(Work[tuple[loaders.TensorRow, ...]]):
    """Every tensor of a checkpoint, with the share of it that is zero or no number."""

    def __init__(self, source: Source) -> None:
        super().__init__(f"census of {source.name}")
        self._source = source

    def _make(self) -> tuple[loaders.TensorRow, ...]:
        return tuple(loaders.tensors(self._source.where, sampled=True, progress=self._listen))


class Reading(Work[EmbeddingSet | EmbeddingStack]):
    """Embeddings being read whole, to be looked at before they are drawn."""

    def __init__(self, source: Source) -> None:
        super().__init__(f"read {source.name}")
        self._source = source

    def _make(self) -> EmbeddingSet | EmbeddingStack:
        return whole(self._source, self._listen)


_READINGS: Works[Reading] = Works(6)
_LOOKINGS: Works[Looking] = Works(12)
_CENSUSES: Works[Census] = Works(6)


def look_into(source: Source) -> Looking:
    """Return the work that finds out what is in these files."""
    return _LOOKINGS.get(source.identity, lambda: Looking(source))


def census_of(source: Source) -> Census:
    """Return the work that counts what the tensors of these files hold."""
    return _CENSUSES.get(Source(source.paths).identity, lambda: Census(source))


def read(source: Source) -> Reading:
    """Return the work that reads these files as this source says."""
    return _READINGS.get(source.whole.identity, lambda: Reading(source.whole))


def again(work: Looking | Reading) -> None:
    """Forget a work that was stopped or failed, so that it can start anew."""
    _READINGS.again(work)
    _LOOKINGS.again(work)


def whole(source: Source, progress: Progress | None) -> EmbeddingSet | EmbeddingStack:
    """Read a source, all members of a stack included; what was read before is not read again."""
    return _KEPT.get_or_make((source.whole.identity,), lambda: source.read(progress))


def embeddings_of(source: Source, progress: Progress | None) -> EmbeddingSet:
    """Read the embeddings of a source: of a stack, the member it names."""
    return source.member_of(whole(source, progress))
