"""In which order a column puts the items: numbers by size, texts by letters whatever their case, nothing last."""

from __future__ import annotations

from threading import RLock
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.columns import Column, columns_of, factorised
from cartography.records import EmbeddingSet
from cartography.remembering import remembered

__all__ = ["Ranks", "ranks_of"]

_KEPT = 8
_COMPARED = 256  # characters of a text that count for its place


class Ranks:
    """The ranks of n items by the columns last asked for. Safe to use from many threads."""

    def __init__(self) -> None:
        self._kept: dict[str | None, NDArray[np.int32]] = {}
        self._lock = RLock()

    def by(self, embeddings: EmbeddingSet, column: str | None) -> NDArray[np.int32]:
        """(n,) int32 ranks from 0, equal for what is equal and -1 for nothing, by a column, or by id for None.

        Raises `ParameterError` when there is no such column.
        """
        with self._lock:
            found = self._kept.pop(column, None)
            if found is None:
                found = _ranked(embeddings, column)
            self._kept[column] = found  # the latest stands last
            while len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
            return found


@remembered
def ranks_of(_embeddings: EmbeddingSet) -> Ranks:
    """Return the ranks of these items; the same object whenever it is asked for."""
    return Ranks()


def _ranked(embeddings: EmbeddingSet, name: str | None) -> NDArray[np.int32]:
    if name is None:
        return _by_letters(embeddings.ids.to_series())
    column = columns_of(embeddings).named(name)
    if column.numbers is not None:
        return _by_size(column.numbers)
    return _by_groups(column) if _has_groups(column.values) else _by_letters(column.values)


def _by_size(numbers: NDArray[np.float64]) -> NDArray[np.int32]:
    """Dense ranks of numbers, infinities included, NaN as -1."""
    order = np.argsort(numbers)  # equal ones share a rank, so that their own order is of no matter
    ordered = numbers[order]
    steps = np.zeros(len(numbers), dtype=np.int32)
    np.cumsum(ordered[1:] != ordered[:-1], out=steps[1:], dtype=np.int32)
    steps[np.isnan(ordered)] = -1
    ranks = np.empty(len(numbers), dtype=np.int32)
    ranks[order] = steps
    return ranks


def _has_groups(values: pd.Series) -> bool:
    """Whether values are known to be few, or are no texts: lists, truth values, mixtures."""
    return isinstance(values.dtype, pd.CategoricalDtype) or not pd.api.types.is_string_dtype(values)


def _by_groups(column: Column) -> NDArray[np.int32]:
    codes, names = (column.codes, list(column.names)) if not column.pictured else factorised(column.values)
    if not names:
        return np.full(len(column.values), -1, dtype=np.int32)
    of_name = _by_letters(pd.Series(names, dtype="str"))
    return np.append(of_name, np.int32(-1))[codes].astype(np.int32)


def _by_letters(texts: pd.Series) -> NDArray[np.int32]:
    """Dense ranks of texts, whatever their case; of texts that are all numbers, by size."""
    import pyarrow as pa
    import pyarrow.compute as pc

    held = _arrow_texts(texts)
    try:
        numbers = pc.cast(held, pa.float64())
    except pa.ArrowInvalid:
        pass
    else:
        return _by_size(numbers.to_numpy(zero_copy_only=False).astype(np.float64))
    compared = pc.utf8_lower(pc.utf8_slice_codeunits(pc.utf8_ltrim_whitespace(held), 0, _COMPARED))
    ranks = pc.rank(compared, sort_keys="ascending", tiebreaker="dense")
    found = ranks.to_numpy(zero_copy_only=False).astype(np.int32) - 1
    found[held.is_null().to_numpy(zero_copy_only=False)] = -1
    return found


def _arrow_texts(texts: pd.Series) -> Any:
    """The texts as one Arrow array; what is no valid text is written with question marks."""
    import pyarrow as pa

    try:
        held = pa.array(texts.array.astype("str"), type=pa.large_string(), from_pandas=True)
    except UnicodeEncodeError:
        mended = [None if pd.isna(text) else str(text).encode("utf-8", "replace").decode() for text in texts]
        held = pa.array(mended, type=pa.large_string())
    return held.combine_chunks() if isinstance(held, pa.ChunkedArray) else held
