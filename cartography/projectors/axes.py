"""The map on axes that a person chose: concept axes or other numeric columns, each drawn along one side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cartography.columns import columns_of
from cartography.errors import ParameterError
from cartography.parameters import Parameter
from cartography.progress import report
from cartography.projectors.base import Task
from cartography.records import Projection
from cartography.sides import numbers_of, placed_by

__all__ = ["PROJECTOR", "OnAxes"]

_SIDES = ("x", "y", "z")


class OnAxes:
    """Two or three numeric columns of the items as coordinates; a concept axis is one of them."""

    name = "axes"
    title = "On axes"
    summary = "Every item where two columns say: concept axes that you made, or any numbers of the items."
    parameters = (
        Parameter("x", None, "The column drawn from west to east.", kind=str, label="West to east"),
        Parameter("y", None, "The column drawn from south to north.", kind=str, label="South to north"),
        Parameter(
            "z", None, "The column that rises towards you, for the view in three dimensions.", kind=str, label="Depth"
        ),
        Parameter(
            "scale",
            "shared",
            "One unit for all axes, as for concept axes, or each stretched to the same width.",
            choices=("shared", "each"),
        ),
    )

    def neighbours_needed(self, settings: Mapping[str, Any], n: int) -> int:
        """None: the columns say where items are."""
        return 0

    def fit(self, task: Task) -> Projection:
        """Return the columns as coordinates. Raises `ParameterError` for one that is missing or holds no numbers."""
        report(task.progress, "Placing the items on axes", 0.0)
        columns = columns_of(task.embeddings)
        sides = [(name, numbers_of(columns, name)) for name in _named(task)]
        coordinates, notes = placed_by(sides, task.settings["scale"])
        report(task.progress, "Placing the items on axes", 1.0)
        return Projection(coordinates, method=self.name, params=task.settings, seed=task.seed, notes=notes)


def _named(task: Task) -> list[str]:
    chosen = [task.settings[side] for side in _SIDES]
    if chosen[0] is None or chosen[1] is None:
        known = [column.name for column in columns_of(task.embeddings).of_kind("numbers")]
        raise ParameterError(
            "A map on axes needs two columns, x and y.",
            f"Choose from: {', '.join(known[:8])}." if known else "Make a concept axis first, or choose umap.",
        )
    return [name for name in chosen if name is not None]


PROJECTOR = OnAxes()
