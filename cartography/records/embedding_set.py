"""Vectors and the items they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.records.arrays import all_finite, digest, frozen, require

__all__ = ["EmbeddingSet"]


@dataclass(frozen=True, eq=False)
class EmbeddingSet:
    """n items in a space of d dimensions.

    Attributes
    ----------
    vectors : (n, d) float32, C-contiguous, finite, read-only
    items : DataFrame with n rows; its index holds unique string ids
    name : what a person calls these embeddings, usually the file's name
    provenance : where they came from (file, key, dtype on disk ...): plain values only
    notes : sentences on what was guessed, repaired or dropped while loading
    roles : column names by role ("label", "text", "image", "x", "y"), as guessed or as chosen

    Raises `ShapeError` when the parts do not fit each other.
    """

    vectors: NDArray[np.float32]
    items: pd.DataFrame
    name: str = "embeddings"
    provenance: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        vectors = frozen(self.vectors, np.float32, "vectors", (None, None))
        n, d = vectors.shape
        require(n > 0 and d > 0, f"vectors has shape {vectors.shape}; at least one row and one column are needed.")
        require(all_finite(vectors), "vectors holds NaN or infinity; an EmbeddingSet holds finite numbers only.")
        require(len(self.items) == n, f"There are {n} vectors but {len(self.items)} items.")
        index = self.items.index
        require(index.is_unique, "The items' ids are not unique.")
        require(pd.api.types.infer_dtype(index, skipna=False) == "string", "The items' ids are not all strings.")
        missing = [column for column in self.roles.values() if column not in self.items.columns]
        require(not missing, f"roles names columns that the items lack: {', '.join(missing)}.")
        items = self.items.copy(deep=False)
        items.index.name = "id"
        object.__setattr__(self, "vectors", vectors)
        object.__setattr__(self, "items", items)
        object.__setattr__(self, "provenance", MappingProxyType(dict(self.provenance)))
        object.__setattr__(self, "roles", MappingProxyType(dict(self.roles)))
        object.__setattr__(self, "notes", tuple(self.notes))

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def dimensions(self) -> int:
        """d, the number of columns of `vectors`."""
        return int(self.vectors.shape[1])

    @property
    def ids(self) -> pd.Index:
        """The items' unique string ids, in row order."""
        return self.items.index

    @cached_property
    def fingerprint(self) -> str:
        """Names the content: vectors, ids and every column. Changing one value changes it."""
        columns = [(str(name), _column_digest(self.items[name])) for name in self.items.columns]
        return digest(self.vectors_fingerprint, _column_digest(self.ids.to_series()), columns)

    @cached_property
    def vectors_fingerprint(self) -> str:
        """Names the vectors alone, for results that do not depend on the items' columns."""
        return digest(self.vectors)

    def take(self, rows: Sequence[int] | NDArray[np.integer], note: str = "") -> EmbeddingSet:
        """Return the set of these rows, in this order, with `note` added to the notes.

        The provenance keeps under `total` of how many items these were taken.
        """
        rows = np.asarray(rows)
        return EmbeddingSet(
            vectors=self.vectors[rows],
            items=self.items.iloc[rows],
            name=self.name,
            provenance={"total": len(self), **self.provenance},
            notes=(*self.notes, note) if note else self.notes,
            roles=self.roles,
        )


def _column_digest(column: pd.Series) -> str:
    """Hash one column by value, whatever its type."""
    try:
        values = pd.util.hash_pandas_object(column, index=False).to_numpy()
    except TypeError:  # lists, dicts and arrays in the cells
        values = pd.util.hash_pandas_object(column.map(repr), index=False).to_numpy()
    return digest(str(column.dtype), values)
