"""Coordinates that are already there: nothing is projected twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import ParameterError
from cartography.parameters import Parameter
from cartography.progress import report
from cartography.projectors.base import Task
from cartography.records import EmbeddingSet, Projection

__all__ = ["PROJECTOR", "Given", "has_coordinates"]


class Given:
    """The items' own x and y: two columns, or vectors that have two or three dimensions."""

    name = "given"
    title = "As given"
    summary = "The coordinates in the file, shown as they are."
    parameters: tuple[Parameter, ...] = ()

    def neighbours_needed(self, settings: Mapping[str, Any], n: int) -> int:
        """None: nothing is computed."""
        return 0

    def fit(self, task: Task) -> Projection:
        """Return the given coordinates. Raises `ParameterError` when there are none."""
        coordinates, note = _coordinates(task.embeddings)
        report(task.progress, "Reading coordinates", 1.0)
        return Projection(coordinates, method=self.name, seed=task.seed, notes=(note,))


def has_coordinates(embeddings: EmbeddingSet) -> bool:
    """Whether the items come with coordinates worth showing as they are."""
    return embeddings.dimensions in (2, 3) or {"x", "y"} <= set(embeddings.roles)


def _coordinates(embeddings: EmbeddingSet) -> tuple[NDArray[np.float32], str]:
    if {"x", "y"} <= set(embeddings.roles):
        columns = [embeddings.roles["x"], embeddings.roles["y"]]
        return _from_columns(embeddings.items[columns]), f"Coordinates are the columns {' and '.join(columns)}."
    if embeddings.dimensions in (2, 3):
        return (
            embeddings.vectors,
            f"The vectors have {embeddings.dimensions} dimensions and are shown as they are.",
        )
    raise ParameterError(
        f"These items have no coordinates of their own: the vectors have {embeddings.dimensions} dimensions.",
        "Choose umap, tsne or pca, or name the columns that hold x and y.",
    )


def _from_columns(columns: pd.DataFrame) -> NDArray[np.float32]:
    values = columns.apply(pd.to_numeric, errors="coerce").to_numpy(np.float32)
    bad = ~np.isfinite(values).all(axis=1)
    if bad.any():
        raise ParameterError(
            f"{int(bad.sum())} of {len(values)} items have no usable {columns.columns[0]} or {columns.columns[1]}, "
            f"the first being {columns.index[int(bad.argmax())]!r}.",
            "Fill these values or project the vectors instead.",
        )
    return values


PROJECTOR = Given()
