"""Many items' columns read before anybody asks for them, so that the first filter, search or selection is quick."""

from __future__ import annotations

import threading
import time
from weakref import ReferenceType, ref

from cartography.columns import columns_of
from cartography.inspection.searching.bins import binned
from cartography.inspection.searching.texts import texts_of
from cartography.records import EmbeddingSet

__all__ = ["warm"]

_MANY = 50_000  # items; fewer are read in no time
_FIRST = 1.0  # seconds that are left to the page that shows the map
_PAUSE = 0.03  # seconds after each column, so that a page which waits comes to its turn


def warm(embeddings: EmbeddingSet, after: float = _FIRST, many: int = _MANY) -> threading.Thread | None:
    """Read the columns of `many` items or more in the background, `after` seconds; None where that is not needed.

    Embeddings that nobody else holds any more are let go before the next column.
    """
    if len(embeddings) < many:
        return None
    thread = threading.Thread(target=_read, args=(ref(embeddings), after), name="read the columns", daemon=True)
    thread.start()
    return thread


def _read(embeddings: ReferenceType[EmbeddingSet], after: float) -> None:
    """Read column after column with pauses; a thread of low priority would keep others waiting for its locks."""
    time.sleep(after)
    place = 0
    while _read_column(embeddings(), place):
        place += 1
        time.sleep(_PAUSE)


def _read_column(embeddings: EmbeddingSet | None, place: int) -> bool:
    """Read one column, after the last one the texts; returns whether there is more."""
    if embeddings is None:
        return False
    columns = columns_of(embeddings)
    names = list(columns)
    if place == len(names):
        texts_of(embeddings)
        return False
    binned(columns[names[place]])
    return True
