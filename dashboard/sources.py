"""What a person has opened: files on this machine and how to read them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import loaders
from cartography.progress import Progress
from cartography.records import EmbeddingSet, EmbeddingStack, Recipe
from cartography.records.arrays import digest
from dashboard.settings import CAR_LAND, CAR_LAND_RECIPE, Settings

__all__ = ["UPLOADS", "Source", "example_source", "first_source", "usual_recipe"]

UPLOADS = "cartographer-uploads-"
"""How the names of folders for uploads begin."""


@dataclass(frozen=True)
class Source:
    """Files that belong together, and the choices made about reading them.

    `key` names the array, column or tensor; `labels` a side file; `id` the column of ids; `member` one layer of a
    stack; `options` are further (name, value) pairs of `loaders.options.Options`, by name. What is None or missing
    is left to the loader, which says what it chose.
    """

    paths: tuple[str, ...]
    key: str | None = None
    labels: str | None = None
    id: str | None = None
    member: str | None = None
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """The name of the first file."""
        return Path(self.paths[0]).name

    @property
    def identity(self) -> str:
        """Names the files as they are now and the choices, so that a changed file is read again."""
        stats = [Path(path).stat() for path in (*self.paths, *filter(None, (self.labels,)))]
        return digest(self, [(stat.st_size, stat.st_mtime_ns) for stat in stats])

    @property
    def is_upload(self) -> bool:
        """Whether any of the files came from a browser and goes away with its session."""
        files = (*self.paths, *filter(None, (self.labels,)))
        return any(part.startswith(UPLOADS) for path in files for part in Path(path).parts)

    @property
    def whole(self) -> Source:
        """The same files read the same way, all members of a stack."""
        return replace(self, member=None)

    @property
    def where(self) -> str | list[str]:
        """The path, or the paths where there are several, as `loaders` takes them."""
        return self.paths[0] if len(self.paths) == 1 else list(self.paths)

    def probe(self, progress: Progress | None = None) -> list[loaders.Candidate]:
        """List what these files hold, most likely first. Raises `LoadError` with one clear sentence."""
        return loaders.probe(self.where, **{**dict(self.options), "progress": progress})

    def read(self, progress: Progress | None = None) -> EmbeddingSet | EmbeddingStack:
        """Read the embeddings. Raises `LoadError` with one clear sentence."""
        options = {**dict(self.options), "progress": progress}
        return loaders.load(self.where, key=self.key, labels=self.labels, id=self.id, **options)

    def member_of(self, loaded: EmbeddingSet | EmbeddingStack) -> EmbeddingSet:
        """Return what was read, of a stack the member asked for, or the last one, saying so."""
        if isinstance(loaded, EmbeddingSet):
            return loaded
        if self.member is not None:
            return loaded[self.member]
        note = f"These files hold {len(loaded)} members of a series; the map shows the last, {loaded.positions[-1]}."
        last = loaded[len(loaded) - 1]
        return replace(last, notes=(*last.notes, note))

    def choose(self, **changes: str | None) -> Source:
        """Return this source with some choices changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def option(self, name: str) -> Any:
        """Return what was chosen for a further option; None for nothing."""
        return dict(self.options).get(name)

    def with_option(self, name: str, value: Any) -> Source:
        """Return this source with a further option set, or left to the loader by None."""
        options = {**dict(self.options), name: value}
        kept = tuple(sorted((key, choice) for key, choice in options.items() if choice is not None))
        return replace(self, options=kept)


def first_source(settings: Settings) -> tuple[Source, Recipe]:
    """Return what the dashboard opens on: the files it was started with, or Car-Land."""
    source = Source(settings.files) if settings.files else example_source()
    return source, usual_recipe(source)


def example_source() -> Source:
    """Return Car-Land, the example that comes along."""
    return Source((str(CAR_LAND),), key="embedding")


def usual_recipe(source: Source) -> Recipe:
    """Return the recipe that files are opened with: Car-Land has one of its own."""
    return Recipe.read(CAR_LAND_RECIPE) if source == example_source() else Recipe()
