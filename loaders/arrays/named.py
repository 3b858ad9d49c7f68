"""Named arrays that may belong together, whatever file holds them: which are vectors, which describe the items."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from loaders.base import Candidate, Reading
from loaders.items.roles import LABEL_NAMES
from loaders.tables.columns import Choice, Column, choices, guessed_roles

__all__ = ["ArrayInfo", "array_candidates", "column_of", "items_beside", "read_array", "read_together"]

_BEST_NAMES = ("embedding", "embeddings", "vectors", "emb", "vector", "x", "x_train", "features", "data")
_MAP_NAMES = re.compile(
    r"^(umap|tsne|t_sne|pca2|pca_2d|xy|coords?|coordinates|projection|layout|map|pos(itions)?|2d)", re.I
)
_MOST_COLUMNS = 64


@dataclass(frozen=True)
class ArrayInfo:
    """An array as its header describes it. `usable` is False when it cannot be read safely; `why` says why."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    usable: bool = True
    why: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether it holds real numbers."""
        return self.usable and self.dtype.kind in "fiub"

    @property
    def is_map(self) -> bool:
        """Whether it is, by its name, a map made earlier from other vectors."""
        return len(self.shape) == 2 and self.shape[1] == 2 and bool(_MAP_NAMES.match(self.name))


def array_candidates(arrays: Sequence[ArrayInfo]) -> list[Candidate]:
    """Return what could be the vectors, best first; with several, one that stands alone is less likely."""
    found = [_candidate(one, arrays) for one in arrays if one.is_numeric and one.shape and 0 not in one.shape]
    found = [candidate for candidate in found if len(candidate.shape) > 1 or not _is_column(candidate, arrays)]
    if not any(candidate.likelihood >= 0.5 for candidate in found):
        found += [_together(choice, arrays) for choice in _column_choices(arrays)]
    return sorted(found, key=lambda candidate: -candidate.likelihood)


def read_array(key: str, arrays: Sequence[ArrayInfo], fetch: Callable[[str], NDArray[Any]]) -> Reading:
    """Read the array called `key` with the columns beside it; `fetch` reads one array by its name."""
    vectors = fetch(key)
    beside = items_beside(key, arrays)
    columns = {name: column_of(fetch(name)) for name in beside}
    rows = len(vectors) if vectors.ndim else 0
    items = pd.DataFrame(columns, index=pd.RangeIndex(rows))
    maps = [one.name for one in arrays if one.is_map and one.name != key and one.usable and one.shape[0] == rows]
    notes = []
    if maps and not {"x", "y"} & set(items.columns):
        made = fetch(maps[0])
        items = items.assign(x=made[:, 0], y=made[:, 1])
        notes.append(f"The array {maps[0]!r} is a map made earlier; it gives x and y.")
    notes += _unused(key, [*beside, *maps[:1]], arrays)
    return Reading(vectors, items, notes=tuple(notes), provenance={"dtype": str(vectors.dtype)})


def read_together(key: str, arrays: Sequence[ArrayInfo], fetch: Callable[[str], NDArray[Any]]) -> Reading | None:
    """Read several one-dimensional arrays as one dimension each, or None when `key` does not name that."""
    choice = next((choice for choice in _column_choices(arrays) if choice.key == key), None)
    if choice is None:
        return None
    vectors = np.stack([np.asarray(fetch(name), dtype=np.float64) for name in choice.columns], axis=1)
    others = [name for name in items_beside(choice.columns[0], arrays) if name not in choice.columns]
    items = pd.DataFrame({name: column_of(fetch(name)) for name in others}, index=pd.RangeIndex(len(vectors)))
    return Reading(vectors, items, notes=(choice.note,), provenance={"dtype": choice.dtype})


def items_beside(key: str, arrays: Sequence[ArrayInfo]) -> list[str]:
    """Return the one-dimensional arrays that are as long as the array called `key`: columns of the items."""
    rows = next((one.shape[0] for one in arrays if one.name == key and one.shape), -1)
    columns = [
        one.name
        for one in arrays
        if one.name != key and one.usable and one.shape == (rows,) and one.dtype.kind in "fiubUSMm"
    ]
    return columns[:_MOST_COLUMNS]


def column_of(array: NDArray[Any]) -> pd.Series:
    """Return a one-dimensional array as a column in its natural type."""
    if array.dtype.kind == "S":
        return pd.Series([value.decode("utf-8", "replace") for value in array.tolist()], dtype="str")
    if array.dtype.kind in "UO":
        return pd.Series(array.tolist(), dtype="str")
    if array.dtype.kind in "Mm":
        return pd.Series(array)
    native = array.dtype.newbyteorder("=")
    return pd.Series(np.ascontiguousarray(array, dtype=np.float64 if native.itemsize > 8 else native))


def _candidate(one: ArrayInfo, arrays: Sequence[ArrayInfo]) -> Candidate:
    beside = items_beside(one.name, arrays)
    items = f" Items get the columns {', '.join(beside[:5])}." if beside else ""
    kind, likelihood, note = _read_as(one)
    return Candidate(
        key=one.name,
        shape=one.shape,
        dtype=str(one.dtype),
        nbytes=prod(one.shape) * one.dtype.itemsize,
        note=note + items,
        kind=kind,
        likelihood=likelihood,
        columns=tuple(beside),
        roles=guessed_roles(beside),
    )


def _read_as(one: ArrayInfo) -> tuple[str, float, str]:
    """Return kind, likelihood and note for an array of numbers."""
    n, *inner = one.shape
    name = one.name.lower()
    bonus = 0.1 - 0.005 * _BEST_NAMES.index(name) if name in _BEST_NAMES else 0.0
    if not inner:
        low = 0.05 if name in LABEL_NAMES else 0.1
        return "numbers", low, f"{n:,} single numbers: items on a line."
    d = prod(inner)
    if len(inner) > 1:
        picture = one.dtype == np.uint8 or "image" in name
        what = " × ".join(map(str, inner))
        note = f"{n:,} {'pictures' if picture else 'blocks'} of {what}, each laid out as {d:,} numbers."
        return ("pictures" if picture else "vectors"), 0.55 + bonus, note
    if d == 2 and _MAP_NAMES.match(one.name):
        return "coordinates", 0.5, f"A map of {n:,} items made earlier, shown as it is."
    size = 0.2 if d == 1 else 0.6 if n < 3 else 0.8
    return "vectors", size + bonus, f"{n:,} vectors of {d:,} dimensions, one per row."


def _is_column(candidate: Candidate, arrays: Sequence[ArrayInfo]) -> bool:
    """Whether a one-dimensional array only describes the rows of another."""
    return any(len(one.shape) > 1 and one.is_numeric and one.shape[0] == candidate.shape[0] for one in arrays)


def _column_choices(arrays: Sequence[ArrayInfo]) -> list[Choice]:
    """Return how one-dimensional arrays of equal length could be read together, as a table is."""
    lengths: dict[int, list[ArrayInfo]] = {}
    for one in arrays:
        if one.is_numeric and len(one.shape) == 1 and one.shape[0] > 0:
            lengths.setdefault(one.shape[0], []).append(one)
    same = max(lengths.values(), key=len, default=[])
    columns = [Column(one.name, "number", dtype=str(one.dtype)) for one in same]
    return choices(columns) if len(columns) > 1 else []


def _together(choice: Choice, arrays: Sequence[ArrayInfo]) -> Candidate:
    known: Mapping[str, ArrayInfo] = {one.name: one for one in arrays}
    first = known[choice.columns[0]]
    n = first.shape[0]
    shape = (n, len(choice.columns))
    return Candidate(
        choice.key,
        shape,
        choice.dtype,
        prod(shape) * first.dtype.itemsize,
        choice.note,
        choice.kind,
        choice.likelihood,
    )


def _unused(key: str, used: Sequence[str], arrays: Sequence[ArrayInfo]) -> list[str]:
    """Say which arrays were not read, and cannot be opened by their key either."""
    rest = [one for one in arrays if one.name != key and one.name not in used]
    rest = [one for one in rest if not (one.is_numeric and len(one.shape) > 1)]
    if not rest:
        return []
    listed = [f"{one.name} ({one.why or ' × '.join(map(str, one.shape)) or 'a single value'})" for one in rest[:8]]
    return [f"Other arrays in this file: {', '.join(listed)}{' …' if len(rest) > 8 else ''}."]
