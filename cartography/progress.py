"""How long work reports where it stands, and how it is asked to stop.

A stage calls `report(progress, ...)` a few times per second. The callback may raise
`Cancelled`; every stage lets it pass, so that one exception unwinds the whole pipeline.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Pace", "Progress", "ProgressEvent", "part_of", "report", "rising"]


@dataclass(frozen=True)
class ProgressEvent:
    """One report.

    `stage` names the work in a user's words, `fraction` runs from 0 to 1 within it, `message` adds
    detail. `coordinates` (n, 2) float32 may carry the map as it stands, for a picture that sharpens.
    """

    stage: str
    fraction: float
    message: str = ""
    coordinates: np.ndarray | None = None


class Pace:
    """Says when a long loop should report: every so many steps, and sooner where steps are slow."""

    def __init__(self, steps: int, seconds: float = 0.2) -> None:
        self._steps = steps
        self._seconds = seconds
        self._last = time.monotonic()

    def due(self, step: int | None = None) -> bool:
        """Whether to report before this step, or within one; what it answers must not matter to the result."""
        now = time.monotonic()
        in_turn = step is not None and step % self._steps == 0
        if not in_turn and now - self._last < self._seconds:
            return False
        self._last = now
        return True


Progress = Callable[[ProgressEvent], None]


def report(
    progress: Progress | None,
    stage: str,
    fraction: float,
    message: str = "",
    coordinates: np.ndarray | None = None,
) -> None:
    """Tell `progress`, if anyone listens, that `stage` stands at `fraction`. May raise `Cancelled`."""
    if progress is not None:
        progress(ProgressEvent(stage, min(1.0, max(0.0, fraction)), message, coordinates))


def part_of(progress: Progress | None, start: float, end: float) -> Progress | None:
    """Return a callback whose 0..1 is `start`..`end` of the whole, for a stage inside a longer job."""
    if progress is None:
        return None

    def forward(event: ProgressEvent) -> None:
        fraction = start + (end - start) * event.fraction
        progress(ProgressEvent(event.stage, fraction, event.message, event.coordinates))

    return forward


def rising(progress: Progress | None) -> Progress | None:
    """Return a callback whose fractions never fall, for work in rounds that nobody can count beforehand."""
    if progress is None:
        return None
    reached = 0.0

    def forward(event: ProgressEvent) -> None:
        nonlocal reached
        reached = max(reached, event.fraction)
        progress(ProgressEvent(event.stage, reached, event.message, event.coordinates))

    return forward
