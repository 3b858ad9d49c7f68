"""Where every item stands on the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.errors import ParameterError
from cartography.records.arrays import all_finite, digest, frozen, require

__all__ = ["Placer", "Projection"]

Placer = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Takes new vectors (m, d) float32 and returns their coordinates (m, 2 or 3) float32."""


@dataclass(frozen=True, eq=False)
class Projection:
    """Coordinates of n items in two or three dimensions. The axes share one scale: never stretch them apart.

    Attributes
    ----------
    coordinates : (n, 2) or (n, 3) float32, finite, read-only
    method, params, seed : what made them, enough to make them again
    seconds : how long it took
    losses : the method's own loss over time, where it has one
    evidence : numbers worth showing beside the map, such as `variance_explained`
    notes : sentences on what was approximated or chosen for the user
    placer : places new vectors without moving the map; see `transform`
    """

    coordinates: NDArray[np.float32]
    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    seconds: float = 0.0
    losses: tuple[float, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    placer: Placer | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        coordinates = frozen(self.coordinates, np.float32, "coordinates", (None, None))
        require(
            coordinates.shape[1] in (2, 3),
            f"coordinates has shape {coordinates.shape}; expected 2 or 3 columns.",
        )
        require(all_finite(coordinates), "coordinates holds NaN or infinity.")
        object.__setattr__(self, "coordinates", coordinates)
        object.__setattr__(self, "params", MappingProxyType(dict(self.params)))
        object.__setattr__(self, "evidence", MappingProxyType(dict(self.evidence)))

    def __len__(self) -> int:
        return len(self.coordinates)

    @property
    def fingerprint(self) -> str:
        """Names the coordinates, whatever made them."""
        return digest(self.coordinates)

    @property
    def placing_metric(self) -> str | None:
        """The metric under which new vectors are placed among their nearest items; None when they are not."""
        return getattr(self.placer, "metric", None)

    def transform(self, new_vectors: ArrayLike) -> NDArray[np.float32]:
        """Place new vectors (m, d) on this map without moving it; returns (m, 2 or 3) float32.

        Raises `ParameterError` when this map cannot place new vectors, `ShapeError` when d is another.
        """
        if self.placer is None:
            raise ParameterError(
                f"A {self.method} map made of given coordinates cannot place new vectors.",
                "Project the vectors with umap, tsne or pca first.",
            )
        vectors = np.atleast_2d(np.asarray(new_vectors, dtype=np.float32))
        return self.placer(vectors)
