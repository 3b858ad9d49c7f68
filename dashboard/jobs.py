"""Maps being made: in threads of their own, so that pages stay usable, show progress and can stop the work."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict

from cartography.errors import Cancelled, CartographyError
from cartography.pipeline import BuiltMap, build_map
from cartography.progress import Progress, ProgressEvent, part_of
from cartography.records import EmbeddingSet, Recipe
from cartography.store import MemoryStore
from dashboard.sources import Source

__all__ = ["Job", "Jobs", "JOBS"]

_LOG = logging.getLogger(__name__)

_QUICK = "pca"
_SLOW_FROM = 1_000  # items from which another method keeps a person waiting long enough to want a first picture


class Job:
    """One map being made from a source by a recipe.

    `result` is the map when it is done; until then `preview` may hold a first, quick one. `event` says how far it
    has come, `error` why it failed; a job that was stopped is neither.
    """

    def __init__(self, source: Source, recipe: Recipe, sources: MemoryStore, store: MemoryStore) -> None:
        self.source = source
        self.recipe = recipe
        self.event = ProgressEvent("Opening", 0.0)
        self.preview: BuiltMap | None = None
        self.result: BuiltMap | None = None
        self.error: CartographyError | None = None
        self._sources = sources
        self._store = store
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"map of {source.name}", daemon=True)

    def start(self) -> Job:
        """Begin the work; returns at once."""
        self._thread.start()
        return self

    def wait(self, seconds: float) -> bool:
        """Give the work this long to finish; returns whether it has."""
        self._thread.join(seconds)
        return not self.running

    def cancel(self) -> None:
        """Ask the work to stop; it does so at its next report, within a fraction of a second."""
        self._stop.set()

    @property
    def running(self) -> bool:
        """Whether the work still goes on."""
        return self._thread.is_alive()

    @property
    def stopped(self) -> bool:
        """Whether it was stopped before it was done."""
        return self._stop.is_set() and self.result is None

    @property
    def best(self) -> BuiltMap | None:
        """The map if it is done, else its preview, if any."""
        return self.result or self.preview

    def _run(self) -> None:
        try:
            embeddings = self._load(part_of(self._listen, 0.0, 0.1))
            self._sketch(embeddings)
            self.result = build_map(embeddings, self.recipe, part_of(self._listen, 0.15, 1.0), self._store)
        except Cancelled:
            return
        except CartographyError as error:
            self.error = error
        except MemoryError:
            self.error = CartographyError(
                "There is not enough memory for this map.", "Draw a sample of the items instead."
            )
        except Exception:  # whatever it was, the page must say so
            _LOG.exception("making the map of %s failed", self.source.name)
            self.error = CartographyError(
                "This map failed in a way we did not foresee.",
                "The server's log holds the details; please report them.",
            )

    def _load(self, progress: Progress | None) -> EmbeddingSet:
        key = (self.source.identity,)
        return self._sources.get_or_make(key, lambda: self.source.load(progress))

    def _sketch(self, embeddings: EmbeddingSet) -> None:
        """Show principal components first where the method asked for takes long."""
        slow = self.recipe.method in (None, "umap", "tsne") and len(embeddings) >= _SLOW_FROM
        if slow and embeddings.dimensions > 3 and not {"x", "y"} <= set(embeddings.roles):
            quick = self.recipe.replace(method=_QUICK, method_params={})
            self.preview = build_map(embeddings, quick, part_of(self._listen, 0.1, 0.15), self._store)

    def _listen(self, event: ProgressEvent) -> None:
        if self._stop.is_set():
            raise Cancelled
        self.event = event


class Jobs:
    """The jobs of this process by source and recipe: asking twice for the same map makes it once."""

    def __init__(self, capacity: int = 12) -> None:
        self._capacity = capacity
        self._sources = MemoryStore(4)  # embeddings may be large
        self._store = MemoryStore(48)
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, source: Source, recipe: Recipe) -> Job:
        """Return the job that makes this map, started if it is new or was stopped or failed before."""
        key = f"{source.identity}-{recipe.fingerprint}"
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(source, recipe, self._sources, self._store).start()
            self._jobs.move_to_end(key)
            self._forget_oldest()
            return job

    def again(self, job: Job) -> None:
        """Forget a job that was stopped or failed, so that asking for its map starts anew."""
        with self._lock:
            for key in [key for key, known in self._jobs.items() if known is job]:
                del self._jobs[key]

    def _forget_oldest(self) -> None:
        while len(self._jobs) > self._capacity:
            _, job = self._jobs.popitem(last=False)
            job.cancel()


JOBS = Jobs()
"""The jobs of this server."""
