"""What every projector is, and how a new one is found: one file here with a module-level `PROJECTOR`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cartography.errors import unknown_name
from cartography.parameters import Parameter
from cartography.progress import Progress
from cartography.projectors.standing import Standing
from cartography.records import EmbeddingSet, NeighbourGraph, Projection

__all__ = ["Projector", "Task", "projector", "projectors"]


@dataclass(frozen=True)
class Task:
    """What a projector is handed.

    `settings` holds every parameter, checked. `neighbours` holds at least as many neighbours as the projector
    asked for, or all there are; None when it asked for none. `start` (n, 2 or 3) float32 may give first coordinates.
    `standing` may tell how far a layout that was stopped had come, and hears where this one is stopped.
    """

    embeddings: EmbeddingSet
    settings: Mapping[str, Any]
    seed: int = 0
    neighbours: NeighbourGraph | None = None
    progress: Progress | None = None
    start: NDArray[np.float32] | None = None
    standing: Standing = field(default_factory=Standing)

    @property
    def graph(self) -> NeighbourGraph:
        """The neighbours, for a projector that asked for them."""
        assert self.neighbours is not None, "this projector asked for no neighbours"  # noqa: S101
        return self.neighbours


class Projector(Protocol):
    """A way to lay items out in the plane. The same task gives the same coordinates, to the bit."""

    name: str
    title: str
    summary: str
    parameters: tuple[Parameter, ...]

    def neighbours_needed(self, settings: Mapping[str, Any], n: int) -> int:
        """How many neighbours per item `fit` wants for n items; 0 for none."""
        ...

    def fit(self, task: Task) -> Projection:
        """Return the coordinates. Reports progress, lets `Cancelled` pass."""
        ...


@cache
def projectors() -> dict[str, Projector]:
    """Every projector by name. Importing them imports nothing heavy."""
    package = import_module("cartography.projectors")
    modules = (import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__))
    found = [module.PROJECTOR for module in modules if hasattr(module, "PROJECTOR")]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}


def projector(name: str) -> Projector:
    """Return the projector called `name`, or raise `ParameterError` with the nearest name."""
    known = projectors()
    if name not in known:
        raise unknown_name("projection method", name, known)
    return known[name]
