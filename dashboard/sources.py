"""What a person has opened: files on this machine and how to read them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import loaders
from cartography.progress import Progress
from cartography.records import EmbeddingSet, EmbeddingStack, Recipe
from cartography.records.arrays import digest
from dashboard.settings import CAR_LAND, CAR_LAND_RECIPE, Settings

__all__ = ["Source", "first_source"]


@dataclass(frozen=True)
class Source:
    """Files that belong together, and the choices made about reading them.

    `key` names the array, column or tensor; `labels` a side file; `id` the column of ids; `member` one layer of a
    stack. None leaves the choice to the loader, which says what it chose.
    """

    paths: tuple[str, ...]
    key: str | None = None
    labels: str | None = None
    id: str | None = None
    member: str | None = None

    @property
    def name(self) -> str:
        """The name of the first file."""
        return Path(self.paths[0]).name

    @property
    def identity(self) -> str:
        """Names the files as they are now and the choices, so that a changed file is read again."""
        stats = [Path(path).stat() for path in (*self.paths, *filter(None, (self.labels,)))]
        return digest(self, [(stat.st_size, stat.st_mtime_ns) for stat in stats])

    def load(self, progress: Progress | None = None) -> EmbeddingSet:
        """Read the embeddings. Raises `LoadError` with one clear sentence."""
        where = self.paths[0] if len(self.paths) == 1 else list(self.paths)
        loaded = loaders.load(where, key=self.key, labels=self.labels, id=self.id, progress=progress)
        return loaded if isinstance(loaded, EmbeddingSet) else self._member_of(loaded)

    def _member_of(self, stack: EmbeddingStack) -> EmbeddingSet:
        """Return the member asked for, or the last one, saying so."""
        if self.member is not None:
            return stack[self.member]
        note = f"These files hold {len(stack)} members of a series; the map shows the last, {stack.positions[-1]}."
        last = stack[len(stack) - 1]
        return replace(last, notes=(*last.notes, note))

    def choose(self, **changes: str | None) -> Source:
        """Return this source with some choices changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def first_source(settings: Settings) -> tuple[Source, Recipe]:
    """Return what the dashboard opens on: the files it was started with, or Car-Land."""
    if settings.files:
        return Source(settings.files), Recipe()
    return Source((str(CAR_LAND),), key="embedding"), Recipe.read(CAR_LAND_RECIPE)
