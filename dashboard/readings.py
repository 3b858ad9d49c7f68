"""Files being read, and what is inside them: in the background, and once for all pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import loaders
from cartography.progress import Progress
from cartography.records import EmbeddingSet, EmbeddingStack
from cartography.store import MemoryStore
from dashboard.sources import Source
from dashboard.work import Work, Works

__all__ = [
    "Census",
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


Loaded = EmbeddingSet | EmbeddingStack
T = TypeVar("T")


class FileWork(Work[T]):
    """Something being found out from a source's files."""

    def __init__(self, what: str, source: Source, find_out: Callable[[Source, Progress], T]) -> None:
        super().__init__(f"{what} {source.name}")
        self._source = source
        self._find_out = find_out

    def _make(self) -> T:
        return self._find_out(self._source, self._listen)


Looking = FileWork[tuple[loaders.Candidate, ...]]
Reading = FileWork[Loaded]
Census = FileWork[tuple[loaders.TensorRow, ...]]

_READINGS: Works[Reading] = Works(6)
_LOOKINGS: Works[Looking] = Works(12)
_CENSUSES: Works[Census] = Works(6)


def look_into(source: Source) -> Looking:
    """Return the work that finds out, from headers, what could be opened; most likely first."""
    return _LOOKINGS.get(source.identity, lambda: FileWork("look into", source, _candidates))


def census_of(source: Source) -> Census:
    """Return the work that counts what the tensors of these files hold."""
    plain = Source(source.paths)
    return _CENSUSES.get(plain.identity, lambda: FileWork("census of", plain, _tensors))


def read(source: Source) -> Reading:
    """Return the work that reads these files whole as this source says, to be looked at before they are drawn."""
    return _READINGS.get(source.whole.identity, lambda: FileWork("read", source.whole, whole))


def _candidates(source: Source, progress: Progress) -> tuple[loaders.Candidate, ...]:
    return tuple(source.probe(progress))


def _tensors(source: Source, progress: Progress) -> tuple[loaders.TensorRow, ...]:
    return tuple(loaders.tensors(source.where, sampled=True, progress=progress))


def again(work: Looking | Reading) -> None:
    """Forget a work that was stopped or failed, so that it can start anew."""
    _READINGS.again(work)
    _LOOKINGS.again(work)


def whole(source: Source, progress: Progress | None) -> Loaded:
    """Read a source, all members of a stack included; what was read before is not read again."""
    return _KEPT.get_or_make((source.whole.identity,), lambda: source.read(progress))


def embeddings_of(source: Source, progress: Progress | None) -> EmbeddingSet:
    """Read the embeddings of a source: of a stack, the member it names."""
    return source.member_of(whole(source, progress))
