"""Long work in a thread of its own, so that pages stay usable, show how far it is and can stop it."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from cartography.errors import Cancelled, CartographyError
from cartography.progress import ProgressEvent

__all__ = ["Work", "Works"]

_LOG = logging.getLogger(__name__)

T = TypeVar("T")
W = TypeVar("W", bound="Work[Any]")


class Work(Generic[T]):
    """Something being made: subclasses say how in `_make`, and report to `_listen` as they go.

    `result` is what was made when it is done, `event` says how far it has come, `error` why it failed; work that was
    stopped has neither. `best` is what can be shown already.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.event = ProgressEvent("Opening", 0.0)
        self.result: T | None = None
        self.error: CartographyError | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def _make(self) -> T:
        raise NotImplementedError

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

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
    def best(self) -> T | None:
        """The result if it is done, else what stands in for it, if anything does."""
        return self.result

    def _run(self) -> None:
        try:
            self.result = self._make()
        except Cancelled:
            return
        except CartographyError as error:
            error.__cause__ = error.__context__ = None
            self.error = error.with_traceback(None)  # all three would hold what was being worked on
        except MemoryError:
            self.error = CartographyError(
                "There is not enough memory for this.", "Open a sample of the items instead."
            )
        except Exception:  # whatever it was, the page must say so
            _LOG.exception("%s failed", self.name)
            self.error = CartographyError(
                "This failed in a way we did not foresee.",
                "The server's log holds the details; please report them.",
            )

    def _listen(self, event: ProgressEvent) -> None:
        if self._stop.is_set():
            raise Cancelled
        self.event = event


class Works(Generic[W]):
    """The latest works of this process by what they make: asking twice for the same makes it once."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._works: OrderedDict[str, W] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, begin: Callable[[], W]) -> W:
        """Return the work kept under `key`; begin it when there is none."""
        with self._lock:
            work = self._works.get(key)
            if work is None:
                work = self._works[key] = begin()
                work.start()
            self._works.move_to_end(key)
            while len(self._works) > self._capacity:
                self._works.popitem(last=False)[1].cancel()
            return work

    def known(self, key: str) -> W | None:
        """Return the work kept under `key`, if there is one; none is begun."""
        with self._lock:
            return self._works.get(key)

    def again(self, work: Work[Any]) -> None:
        """Forget a work that was stopped or failed, so that asking for it starts anew."""
        with self._lock:
            for key in [key for key, known in self._works.items() if known is work]:
                del self._works[key]

    def any(self, wanted: Callable[[W], bool]) -> bool:
        """Whether a work that is kept is wanted. To be called by `begin` as well, which holds the lock."""
        return any(wanted(work) for work in self._works.values())

    def drop(self, wanted: Callable[[str], bool]) -> None:
        """Stop and forget those whose key is wanted."""
        with self._lock:
            for key in [key for key in self._works if wanted(key)]:
                self._works.pop(key).cancel()

    def drop_unfinished(self, key: str) -> None:
        """Stop and forget the work kept under `key`, unless it is done."""
        with self._lock:
            work = self._works.get(key)
            if work is not None and work.running:
                self._works.pop(key).cancel()
