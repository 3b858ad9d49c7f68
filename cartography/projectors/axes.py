"""The map on axes that a person chose: concept axes or other numeric columns, each drawn along one side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.columns import columns_of
from cartography.errors import ParameterError
from cartography.parameters import Parameter
from cartography.progress import report
from cartography.projectors.base import Task
from cartography.records import EmbeddingSet, Projection

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
        names = _named(task)
        values = [_numbers(task.embeddings, name) for name in names]
        notes: list[str] = []
        if task.settings["scale"] == "each":
            values = [_standard(one) for one in values]
            notes.append(
                "Each axis has a scale of its own: the middle 98 % of the items are as wide as they are high."
            )
        coordinates = np.column_stack(values).astype(np.float32)
        missing = ~np.isfinite(coordinates).all(axis=1)
        if missing.any():
            middle = np.array([np.nanmedian(one) for one in values], np.float32)
            coordinates = np.where(np.isfinite(coordinates), coordinates, middle)
            few = int(missing.sum())
            who = "1 item has" if few == 1 else f"{few:,} items have"
            notes.append(f"{who} no value on one of the axes; such items stand in its middle.")
        report(task.progress, "Placing the items on axes", 1.0)
        said = (
            f"The map's axes are {' and '.join(names[:2])}{f', and {names[2]} for depth' if len(names) > 2 else ''}."
        )
        return Projection(coordinates, method=self.name, params=task.settings, seed=task.seed, notes=(said, *notes))


def _named(task: Task) -> list[str]:
    chosen = [task.settings[side] for side in _SIDES]
    if chosen[0] is None or chosen[1] is None:
        known = [column.name for column in columns_of(task.embeddings).of_kind("numbers")]
        raise ParameterError(
            "A map on axes needs two columns, x and y.",
            f"Choose from: {', '.join(known[:8])}." if known else "Make a concept axis first, or choose umap.",
        )
    return [name for name in chosen if name is not None]


def _numbers(embeddings: EmbeddingSet, name: str) -> NDArray[np.float64]:
    numbers = columns_of(embeddings).named(name).numbers
    if numbers is None:
        raise ParameterError(
            f"The column {name!r} holds no numbers to place items by.", "Choose a column of numbers."
        )
    if not np.isfinite(numbers).any():
        raise ParameterError(f"No item has a number in the column {name!r}.", "Choose another column.")
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values such that the middle 98 % of them run from -1 to 1."""
    low, high = np.nanpercentile(values, (1, 99))
    return (values - (low + high) / 2) / ((high - low) / 2 if high > low else 1.0)


PROJECTOR = OnAxes()
