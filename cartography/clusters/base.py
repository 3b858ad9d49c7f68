"""What every clustering method is, and how a new one is found: one file here with a module-level `METHOD`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cartography.errors import ParameterError, unknown_name
from cartography.parameters import Parameter
from cartography.progress import Progress
from cartography.records import NeighbourGraph

__all__ = ["Grouping", "Method", "Task", "method", "methods", "wants_graph"]


@dataclass(frozen=True)
class Task:
    """What a method is handed: points (n, d) in the chosen space, and the graph of the original one.

    There always is a graph for methods that want one, where they work in the original space.
    """

    points: NDArray[np.float32]
    space: str
    settings: Mapping[str, Any]
    seed: int = 0
    neighbours: NeighbourGraph | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Grouping:
    """What a method returns: nested labels (n,) coarse to fine, which of them is its answer, and (n,) strengths.

    `persistence` (count,) is that of the main level's clusters, where the method has one.
    """

    levels: tuple[NDArray[np.int32], ...]
    main: int
    strengths: NDArray[np.float32]
    notes: tuple[str, ...] = ()
    persistence: NDArray[np.floating] | None = None


class Method(Protocol):
    """A way to group items. The same task gives the same labels.

    `wants_graph` says whether it works on the neighbour graph when the space is the original one.
    """

    name: str
    title: str
    summary: str
    spaces: tuple[str, ...]
    wants_graph: bool
    parameters: tuple[Parameter, ...]

    def group(self, task: Task) -> Grouping:
        """Return nested labels. Reports progress, lets `Cancelled` pass."""
        ...


@cache
def methods() -> dict[str, Method]:
    """Every clustering method by name. Importing them imports nothing heavy."""
    package = import_module("cartography.clusters")
    modules = (import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__))
    found = [module.METHOD for module in modules if hasattr(module, "METHOD")]
    return {one.name: one for one in sorted(found, key=lambda one: one.name)}


def method(name: str, space: str) -> Method:
    """Return the method called `name`, or raise `ParameterError` when there is none or `space` is not its own."""
    known = methods()
    if name not in known:
        raise unknown_name("clustering method", name, known)
    if space not in known[name].spaces:
        raise ParameterError(
            f"{known[name].title} does not work in the space {space!r}.",
            f"Choose one of: {', '.join(known[name].spaces)}.",
        )
    return known[name]


def wants_graph(name: str, space: str) -> bool:
    """Whether the method called `name` works on the neighbour graph in this space."""
    return space == "original" and method(name, space).wants_graph
