"""Maps being made: with a quick sketch first where the map asked for takes long."""

from __future__ import annotations

from dataclasses import replace

from cartography.pipeline import BuiltMap, build_map
from cartography.progress import ProgressEvent, part_of
from cartography.projectors import BY_COLUMNS
from cartography.records import EmbeddingSet, Recipe
from cartography.store import DiskStore, MemoryStore
from dashboard.map_view.frames import FRAMES, Frames
from dashboard.readings import embeddings_of
from dashboard.sources import Source
from dashboard.work import Work, Works

__all__ = ["Job", "Jobs", "JOBS"]

Layout = tuple[object, ...]

_QUICK = "pca"
_SLOW_FROM = 1_000  # items from which another method keeps a person waiting long enough to want a first picture


class Job(Work[BuiltMap]):
    """One map being made from a source by a recipe.

    Until it is done, `preview` may hold a first, quick one, and `frames` shows its items on the way to their places.
    `layout` says where its items will be. It `is_quick` where they are `laid_out` already, for another map; then no
    sketch is needed.
    """

    def __init__(self, source: Source, recipe: Recipe, store: MemoryStore, layout: Layout, laid_out: bool) -> None:
        super().__init__(f"map of {source.name}")
        self.layout = layout
        self.is_quick = laid_out or recipe.method in BY_COLUMNS
        self.source = source
        self.recipe = recipe
        self.preview: BuiltMap | None = None
        self.frames = Frames()
        FRAMES[self.frames.token] = self.frames
        self._store = store

    @property
    def best(self) -> BuiltMap | None:
        """The map if it is done, else its preview, if any."""
        return self.result or self.preview

    def _make(self) -> BuiltMap:
        embeddings = embeddings_of(self.source, part_of(self._listen, 0.0, 0.1))
        self._sketch(embeddings)
        try:
            return build_map(embeddings, self.recipe, part_of(self._listen, 0.15, 1.0), self._store)
        finally:
            self.frames.close()

    def _listen(self, event: ProgressEvent) -> None:
        """Keep the picture apart from the words, which pages read often."""
        if event.coordinates is not None:
            self.frames.offer(event.coordinates, event.message)
        else:
            self.frames.settle()  # layouts send a picture with every report, until they are done
        super()._listen(replace(event, coordinates=None))

    def _sketch(self, embeddings: EmbeddingSet) -> None:
        """Show principal components first where the method asked for takes long."""
        slow = self.recipe.method in (None, "umap", "tsne") and len(embeddings) >= _SLOW_FROM
        if slow and not self.is_quick and embeddings.dimensions > 3 and not {"x", "y"} <= set(embeddings.roles):
            quick = self.recipe.replace(
                method=_QUICK, method_params={}, cluster_method=None, cluster_space="map", cluster_params={}
            )
            self.preview = build_map(embeddings, quick, part_of(self._listen, 0.1, 0.15), self._store)
            self.frames.begin(self.preview.scene.order)


def _layout(identity: str, recipe: Recipe) -> Layout:
    """All that says where the items of a map will be; the source is named by what it was when the map was begun."""
    reduced = recipe.axes if recipe.without or recipe.only else ()
    how = (recipe.method, recipe.method_params, recipe.preparation, recipe.metric, recipe.n_neighbors)
    return identity, how, recipe.seed, recipe.sample, recipe.without, recipe.only, reduced


class Jobs:
    """The jobs of this process by source and recipe.

    What is made goes to `disk` as well, where there is one; but of uploads nothing outlives the process.
    """

    def __init__(self, capacity: int = 12, disk: DiskStore | None = None) -> None:
        self._lasting = MemoryStore(48, disk)
        self._passing = MemoryStore(48)
        self._works: Works[Job] = Works(capacity)

    def get(self, source: Source, recipe: Recipe) -> Job:
        """Return the job that makes this map, started if it is new; one that was stopped comes back as it is.

        What only dresses the map's picture is no concern of the job: `dashboard.worlds.dressed` puts it on.
        Raises `OSError` where a file of the source is no longer there.
        """
        plain, identity = recipe.undressed, source.identity
        layout, store = _layout(identity, plain), self._passing if source.is_upload else self._lasting

        def begin() -> Job:
            laid_out = self._works.any(lambda job: job.result is not None and job.layout == layout)
            return Job(source, plain, store, layout, laid_out)

        return self._works.get(_key(identity, plain), begin)

    def made(self, source: Source, recipe: Recipe) -> BuiltMap | None:
        """Return the finished map of an earlier job, if it is still kept."""
        job = self._works.known(_key(source.identity, recipe.undressed))
        return job.result if job is not None else None

    def again(self, job: Work[BuiltMap]) -> None:
        """Forget a job that was stopped or failed, so that asking for its map starts anew."""
        self._works.again(job)


def _key(identity: str, plain: Recipe) -> str:
    return f"{identity}-{plain.fingerprint}"


JOBS = Jobs(disk=DiskStore.from_environment())
"""The jobs of this server."""
