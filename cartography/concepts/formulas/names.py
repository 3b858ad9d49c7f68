"""What the names in a formula stand for, and how an item is named in one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.formulas.faults import short
from cartography.concepts.formulas.name_index import name_index
from cartography.concepts.formulas.tree import FormulaError, Name
from cartography.concepts.formulas.writing import quoted
from cartography.records import EmbeddingSet

__all__ = ["Names"]

_LONGEST = 200  # characters of a title that stands in a formula


class Names:
    """The names of items and of groups of them.

    `groups` are written with their sign, "#Mercedes" or "@my selection", and hold rows (m,). An item is called by its
    id or its title; of several items with one title all are meant.
    """

    def __init__(self, embeddings: EmbeddingSet, groups: Mapping[str, NDArray[np.int64]] | None = None) -> None:
        self.embeddings = embeddings
        self.groups = {name: np.asarray(rows, dtype=np.int64) for name, rows in (groups or {}).items()}
        self._called = {name.casefold(): name for name in reversed(self.groups)}
        self._index = name_index(embeddings)

    def rows(self, name: Name) -> NDArray[np.int64]:
        """Return the rows (m,) that a name stands for, at least one; `FormulaError` where there is none."""
        group = self._group(name.sign + name.text) if name.sign else None
        if group is not None:
            return self._of_group(group, name)
        rows = self._index.rows(name.sign + name.text)
        if len(rows):
            return rows
        raise self._unknown(name)

    def knows(self, text: str) -> bool:
        """Whether an item, or with its sign a group, is called so."""
        return self._group(text) is not None or len(self._index.rows(text)) > 0

    def name_of(self, row: int) -> str:
        """Return how an item is written in a formula that means it alone: its title, else its id."""
        index = self._index
        title = index.titles.texts[int(row)].as_py()
        alone = len(index.titles.rows(title)) == 1 and index.row(title) in (None, row)
        return quoted(title if alone and len(title) <= _LONGEST else str(index.ids[row]))

    def _group(self, text: str) -> str | None:
        return text if text in self.groups else self._called.get(text.casefold())

    def _of_group(self, group: str, name: Name) -> NDArray[np.int64]:
        rows = self.groups[group]
        if len(rows):
            return rows
        said = f"Nothing is in {short(group)}."
        raise FormulaError(said, "Choose another group.", start=name.start, end=name.end)

    def _unknown(self, name: Name) -> FormulaError:
        what = {"#": "town", "@": "bookmark or selection"}.get(name.sign, "item")
        said = f"No {what} is called “{short(name.text)}”."
        return FormulaError(said, "", start=name.start, end=name.end)
