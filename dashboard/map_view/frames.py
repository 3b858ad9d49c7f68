"""A layout as it stands while it is being made: the newest picture of it, for browsers to fetch."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from cartography.drawing.browser.wire import frame_blob

__all__ = ["FRAMES", "MOST_POINTS", "Frames"]

MOST_POINTS = 50_000
"""Items in a frame at most; more could not be told apart while they move."""
_SETTLED = "The layout is done; the land comes next"
_BETWEEN = 0.2  # seconds between two frames that are kept, at least


@dataclass(frozen=True, eq=False)
class _Frame:
    number: int
    xy: NDArray[np.float32]
    said: str


class Frames:
    """The newest frame of one layout. The thread that lays out offers, requests take; neither waits for the other.

    `token` is the name under which it is served. Only the items to be shown are copied, at most five times per
    second, and bytes are made when a browser asks for them.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.token = secrets.token_urlsafe(24)
        self._clock = clock
        self._order: NDArray[np.int32] | None = None
        self._kept_at = -np.inf
        self._newest: _Frame | None = None
        self._written: tuple[int, bytes] = (0, b"")
        self._lock = threading.Lock()

    def begin(self, order: NDArray[np.int32]) -> None:
        """Show items in the order (n,) of the map on which they will be seen moving, as many as a frame holds."""
        self._order = order

    def offer(self, coordinates: NDArray[np.float32], step: str) -> None:
        """Keep where all items (n, 2) stand at a step, unless a frame was kept a moment ago."""
        now = self._clock()
        if self._order is None or len(self._order) != len(coordinates) or now - self._kept_at < _BETWEEN:
            return
        xy = coordinates[self._order[:MOST_POINTS], :2].astype(np.float32, copy=False)
        if np.isfinite(xy).all():
            self._kept_at = now
            self._keep(xy, f"The layout is forming: {step}" if step else "The layout is forming")

    def settle(self) -> None:
        """Say, once, that the items have found their places and what comes next."""
        if self._newest is not None and self._newest.said != _SETTLED:
            self._keep(self._newest.xy, _SETTLED)

    def _keep(self, xy: NDArray[np.float32], said: str) -> None:
        number = self._newest.number if self._newest else 0
        self._newest = _Frame(number + 1, xy, said)

    def newer(self, after: int) -> bytes | None:
        """Return the newest frame as `frame_blob` writes it, or None where `after` is the newest already."""
        frame = self._newest
        if frame is None or frame.number <= after:
            return None
        with self._lock:
            if self._written[0] != frame.number:
                self._written = frame.number, frame_blob(frame.number, frame.xy, frame.said)
            return self._written[1]

    def close(self) -> None:
        """Let go of everything: the layout is done, and nothing newer will come."""
        self._order = self._newest = None
        self._written = (0, b"")


FRAMES: WeakValueDictionary[str, Frames] = WeakValueDictionary()
"""What the routes serve, by token. Frames live as long as the job they belong to."""
