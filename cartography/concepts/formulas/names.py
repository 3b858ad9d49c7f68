"""What the names in a formula stand for, and how an item is named in one."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.formulas.completing import Completion, Known, complete
from cartography.concepts.formulas.faults import short
from cartography.concepts.formulas.name_index import folded, name_index
from cartography.concepts.formulas.tree import FormulaError, Name
from cartography.concepts.formulas.writing import quoted
from cartography.records import EmbeddingSet

__all__ = ["Names"]

_LONGEST = 200  # characters of a title that stands in a formula
_COMPARED = 2000  # groups whose spelling is compared
_LISTED = 5


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

    def complete(self, text: str, cursor: int, most: int = 12) -> Completion:
        """Return what the name at the cursor of an unfinished formula may become, the likeliest first."""
        sizes = {name: len(rows) for name, rows in self.groups.items()}
        return complete(Known(self._index, self.name_of, sizes), text, cursor, most)

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
        return FormulaError(said, self._hint(name), start=name.start, end=name.end)

    def _hint(self, name: Name) -> str:
        """What may be meant instead: another kind of name, or one that is spelled nearly so."""
        others = [self._group(sign + name.text) for sign in ("#", "@")]
        close = [quoted(one[1:], one[0]) for one in others if one]
        if name.sign and len(self._index.rows(name.text)):
            close.append(quoted(name.text))
        close = close or self._near(name)
        if close:
            *more, last = close
            return f"Did you mean {', '.join(more)}{' or ' if more else ''}{last}?"
        if name.sign:
            known = [quoted(one[1:], name.sign) for one in self.groups if one.startswith(name.sign)]
            if known:
                return f"There is {', '.join(known[:_LISTED])}."
            return "Select items on the map first." if name.sign == "@" else "This map has none."
        return "Begin to type and choose one of the names that are shown."

    def _near(self, name: Name) -> list[str]:
        """At most three names that are spelled nearly so, or hold it as a word, as they are written in a formula."""
        index, small = self._index, folded(name.text.strip())
        if name.sign:
            named = {folded(one[1:]): one for one in list(self.groups)[:_COMPARED] if one.startswith(name.sign)}
            close = get_close_matches(small[:_LONGEST], named, n=3, cutoff=0.6)
            return [quoted(named[one][1:], name.sign) for one in close]
        rows = index.spellings.near(small)
        if not rows and small:
            rows = [*islice(index.spellings.beginning(small), 3), *index.spellings.containing(small, 3)[0]][:3]
        rows = rows or list(islice(index.spellings.beginning(index.spellings.agreeing(small)), 3))
        return [quoted(title) for title in dict.fromkeys(index.titles.texts[row].as_py() for row in rows)]
