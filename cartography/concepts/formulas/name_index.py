"""What the items of an embedding are called, found quickly among a million: by hash, by beginning, by any part."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.concepts.formulas.spellings import Spellings
from cartography.items import title_column
from cartography.records import EmbeddingSet
from cartography.remembering import remembered

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["NameIndex", "Titles", "folded", "name_index"]

_AT_ONCE = 1 << 16  # texts whose hashes are taken at once
_NO_ROWS = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Titles:
    """Texts (n,), some perhaps equal, by their hashes: `order` (n,) are the rows sorted by `hashes` (n,)."""

    texts: Any = field(repr=False)
    order: NDArray[np.int64] = field(repr=False)
    hashes: NDArray[np.int64] = field(repr=False)

    @classmethod
    def of(cls, texts: pa.Array) -> Titles:
        """Return the index over an Arrow array of strings, none of them missing."""
        hashes = np.empty(len(texts), dtype=np.int64)
        for first in range(0, len(texts), _AT_ONCE):
            part = texts.slice(first, _AT_ONCE).to_pylist()
            hashes[first : first + len(part)] = np.fromiter(map(hash, part), np.int64, len(part))
        order = np.argsort(hashes, kind="stable")
        return cls(texts, order, hashes[order])

    def rows(self, text: str) -> NDArray[np.int64]:
        """Return the rows whose text is this one, in rising order; none for what is not here."""
        value = np.int64(hash(text))
        first, end = np.searchsorted(self.hashes, value), np.searchsorted(self.hashes, value, "right")
        rows = self.order[first:end]
        return rows if len(rows) and self.texts[int(rows[0])].as_py() == text else _NO_ROWS

    @cached_property
    def firsts(self) -> NDArray[np.int64]:
        """The first row of each distinct text, in rising order."""
        begins = np.append(True, self.hashes[1:] != self.hashes[:-1])
        return np.sort(self.order[begins])


@dataclass(frozen=True, eq=False)
class NameIndex:
    """The items' `ids`, their `titles` (ids where they have none), and whether these are other than the ids."""

    ids: pd.Index = field(repr=False)
    titles: Titles
    titled: bool

    def row(self, text: str) -> int | None:
        """Return the row of the item with this id."""
        try:
            return int(self.ids.get_loc(text))
        except KeyError:
            return None

    def rows(self, text: str) -> NDArray[np.int64]:
        """Return the rows that a text names: by id, else by title, else by either in any case; none for no name."""
        for one in dict.fromkeys(
            (text, text.strip(), *(unicodedata.normalize(form, text) for form in ("NFC", "NFD")))
        ):
            row = self.row(one)
            if row is not None:
                return np.array([row], dtype=np.int64)
            rows = self.titles.rows(one)
            if len(rows):
                return rows
        if not text.isprintable():
            return _NO_ROWS
        small = folded(text.strip())
        rows = self._small.rows(small)
        return rows if len(rows) or not self.titled else self._small_ids.rows(small)

    @cached_property
    def spellings(self) -> Spellings:
        """The distinct titles in small letters."""
        firsts, small = self.titles.firsts, self._small.texts
        return Spellings.of(small if len(firsts) == len(small) else small.take(firsts), firsts)

    @cached_property
    def small_ids(self) -> pa.Array:
        """The ids (n,) in small letters."""
        return _lower(_strings(self.ids.to_series()))

    @cached_property
    def _small(self) -> Titles:
        small = _lower(self.titles.texts)
        return self.titles if small.equals(self.titles.texts) else Titles.of(small)

    @cached_property
    def _small_ids(self) -> Titles:
        return Titles.of(self.small_ids)


def folded(text: str) -> str:
    """Return a text in small letters, as the index lowers its own."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.utf8_lower(pa.scalar(text, pa.large_string())).as_py()
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return text


@remembered
def name_index(embeddings: EmbeddingSet) -> NameIndex:
    """Return the index over the names of these items, built once."""
    import pyarrow.compute as pc

    ids = _strings(embeddings.ids.to_series())
    column = title_column(embeddings)
    if column is None:
        return NameIndex(embeddings.ids, Titles.of(ids), titled=False)
    texts = pc.utf8_trim_whitespace(_strings(embeddings.items[column]))
    missing = pc.fill_null(pc.equal(texts, ""), True)
    return NameIndex(embeddings.ids, Titles.of(pc.if_else(missing, ids, texts)), titled=True)


def _strings(values: pd.Series) -> pa.Array:
    """Cells as one Arrow array of strings, without a copy where pandas has one."""
    import pyarrow as pa

    array = values.array if isinstance(values.dtype, pd.StringDtype) else values.to_numpy()
    texts = pa.array(array, type=pa.large_string(), from_pandas=True)
    return texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts


def _lower(texts: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.utf8_lower(texts)
