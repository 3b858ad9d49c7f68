"""Items as rows of a table, in any order: answers for one page at a time, however many there are."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from cartography.columns import columns_of
from cartography.items import title_column
from cartography.ranking import ranks_of
from cartography.records import EmbeddingSet
from cartography.structures import brief

__all__ = ["MOST_COLUMNS", "PAGE", "TableColumn", "TableView"]

PAGE = 100
"""Rows of a page."""
MOST_COLUMNS = 60
"""Columns of a table; an item's card shows all of them."""
_CELL = 200  # characters
_ORDERS = 2  # that are kept: both directions of one column, mostly
_NARROWEST, _WIDEST = 5, 34  # characters that a column is wide
_HEADER = 80


@dataclass(frozen=True)
class TableColumn:
    """One column of the table: its name in the items (None for the ids), and its looks.

    `numeric` columns stand to the right; `width` is in characters; what is shown and not read is not `sortable`.
    """

    name: Any
    heading: str
    numeric: bool = False
    sortable: bool = True
    width: int = _NARROWEST


class TableView:
    """The items of `rows`, or all of them, as a table: titles first, ids, then the columns. Safe for many threads.

    A view never changes, so that what was answered once may be kept.
    """

    def __init__(self, embeddings: EmbeddingSet, rows: ArrayLike | None = None) -> None:
        self._embeddings = embeddings
        self._rows = None if rows is None else np.unique(np.asarray(rows, dtype=np.int32))
        self._orders: OrderedDict[tuple[int, bool], NDArray[np.int32]] = OrderedDict()
        self._lock = threading.RLock()
        named = title_column(embeddings)
        rest = [name for name in embeddings.items.columns if name != named]
        names = [*([named] if named is not None else []), None, *rest]
        self.left_out = max(0, len(names) - MOST_COLUMNS)
        self._first = np.arange(min(PAGE, len(embeddings)), dtype=np.int32)  # alike in every view of these items
        self.columns = tuple(self._column(name) for name in names[:MOST_COLUMNS])

    def __len__(self) -> int:
        return len(self._embeddings) if self._rows is None else len(self._rows)

    @property
    def nbytes(self) -> int:
        """Bytes that the view holds at most, beside the items."""
        return (_ORDERS + (self._rows is not None)) * 4 * len(self)

    def page(self, start: int, column: int | None = None, descending: bool = False) -> dict[str, Any]:
        """Return up to 100 rows from `start`: "rows", where the items stand, and "cells", their texts by column.

        `column` counts in `columns`; None is the order of the file. A start beyond the end gives no rows.
        """
        stop = min(start + PAGE, len(self))
        if column is None:
            places = np.arange(min(start, stop), stop, dtype=np.int32)
        else:
            places = self._order(column, descending)[start:stop]
        rows = self._rows_between(places)
        cells = [self._cells(column.name, rows) for column in self.columns]
        return {"start": start, "rows": rows.tolist(), "cells": [list(line) for line in zip(*cells, strict=True)]}

    def place(self, row: int, column: int | None = None, descending: bool = False) -> int | None:
        """Return where an item stands in an order, from 0; None when it is not in this table."""
        place = row if self._rows is None else int(np.searchsorted(self._rows, row))
        there = 0 <= place < len(self) and (self._rows is None or int(self._rows[place]) == row)
        if not there or column is None:
            return place if there else None
        return int(np.flatnonzero(self._order(column, descending) == place)[0])

    def _rows_between(self, places: NDArray[np.int32]) -> NDArray[np.int32]:
        return places if self._rows is None else self._rows[places]

    def _order(self, column: int, descending: bool) -> NDArray[np.int32]:
        """(len(self),) places in the order of the file, sorted; equal ones keep that order, missing ones are last."""
        key = column, descending
        with self._lock:
            if key not in self._orders:
                self._orders[key] = self._sorted(self.columns[column].name, descending)
            self._orders.move_to_end(key)
            while len(self._orders) > _ORDERS:
                self._orders.popitem(last=False)
            return self._orders[key]

    def _sorted(self, name: Any, descending: bool) -> NDArray[np.int32]:
        ranks = ranks_of(self._embeddings).by(self._embeddings, name)
        ranks = ranks if self._rows is None else ranks[self._rows]
        last = int(ranks.max(initial=0)) + 1
        keys = np.where(ranks < 0, last, last - 1 - ranks if descending else ranks)
        return np.argsort(keys, kind="stable").astype(np.int32)

    def _cells(self, name: Any, rows: NDArray[np.int32]) -> list[str]:
        values = self._embeddings.ids if name is None else self._embeddings.items[name]
        taken = values[rows] if isinstance(values, pd.Index) else values.iloc[rows]
        return [brief(value, _CELL) for value in taken.tolist()]

    def _column(self, name: Any) -> TableColumn:
        """A column as wide as nine in ten of its first values ask for."""
        texts = self._cells(name, self._first)
        widths = [len(text) for text in texts]
        heading = "id" if name is None else str(name)[:_HEADER]
        usual = int(np.quantile(widths, 0.9)) if widths else 0
        width = min(max(usual, len(heading) + 2, _NARROWEST), _WIDEST)
        if name is None:
            return TableColumn(None, heading, width=width)
        column = columns_of(self._embeddings)[name]
        numeric = not column.pictured and pd.api.types.is_numeric_dtype(column.values.dtype)
        shown = column.pictured and not {"picture", "sound"}.isdisjoint(texts)
        return TableColumn(name, heading, numeric, not shown, width)
