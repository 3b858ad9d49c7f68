"""What was done to the vectors, told so that new ones can go through the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import rows_at_once
from cartography.errors import ShapeError
from cartography.progress import Progress, part_of, report
from cartography.records.projection import Placer

__all__ = ["STAGE", "InTurn", "PreparedFirst", "Transform", "Transformation"]

STAGE = "Preparing vectors"

Floats = NDArray[np.floating]


class Transform(Protocol):
    """Turns new vectors (m, d) into ones (m, k) such as a map was made from."""

    def __call__(self, vectors: NDArray[np.float32], progress: Progress | None = None, /) -> NDArray[np.float32]:
        """Return (m, k) float32."""


@dataclass(frozen=True, eq=False)
class Transformation:
    """x -> (x - mean), without its parts along `removed` (t, d), read off along `axes` (k, d), scaled to length 1.

    What is None is left out. `axes` hold the division by the spread along each, where there is one. It is computed in
    double precision and rounded once, so that a new vector equal to an item lands on it, however many go together.
    """

    dimensions: int
    mean: NDArray[np.float64] | None = None
    removed: NDArray[np.float64] | None = None
    axes: NDArray[np.float64] | None = None
    unit: bool = False

    def __call__(self, vectors: NDArray[np.float32], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return prepared vectors (m, k) float32 for raw ones (m, d). Raises `ShapeError` when d is another."""
        if vectors.shape[1] != self.dimensions:
            raise ShapeError(
                f"The new vectors have {vectors.shape[1]} dimensions; the map was made from {self.dimensions}."
            )
        n = len(vectors)
        width = self.dimensions if self.axes is None else len(self.axes)
        prepared = np.empty((n, width), np.float32)
        step = rows_at_once(self.dimensions)
        for start in range(0, n, step):
            report(progress, STAGE, start / n)
            prepared[start : start + step] = self._block(vectors[start : start + step])
        report(progress, STAGE, 1.0)
        return prepared

    def _block(self, vectors: NDArray[np.float32]) -> Floats:
        block: Floats = vectors.astype(np.float64)
        if self.mean is not None:
            block -= self.mean
        if self.removed is not None:
            block -= (block @ self.removed.T) @ self.removed
        if self.axes is not None:
            block = block @ self.axes.T
        if self.unit:
            lengths = np.linalg.norm(block, axis=1, keepdims=True)
            block /= np.where(lengths > 0, lengths, 1)  # a zero vector has no direction and stays zero
        return block


@dataclass(frozen=True, eq=False)
class InTurn:
    """One transformation after the other."""

    first: Transform
    then: Transform

    def __call__(self, vectors: NDArray[np.float32], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return what both make of vectors (m, d)."""
        return self.then(self.first(vectors, part_of(progress, 0.0, 0.5)), part_of(progress, 0.5, 1.0))


@dataclass(frozen=True, eq=False)
class PreparedFirst:
    """Places raw vectors on a map that was made from prepared ones."""

    transformation: Transform
    placer: Placer

    @property
    def metric(self) -> str | None:
        """The placer's metric, if it looks for nearest items."""
        return getattr(self.placer, "metric", None)

    def __call__(self, new_vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return coordinates for raw vectors (m, d)."""
        return self.placer(self.transformation(new_vectors))
