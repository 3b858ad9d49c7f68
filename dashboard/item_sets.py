"""Sets of items that visits are about: kept once for the process under what they hold, so that sessions keep keys."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.records.arrays import digest

__all__ = ["FOUND", "SETS", "ItemSet", "ItemSets"]


_OVERHEAD = 512  # bytes that a set takes beside its bits: small sets are many


@dataclass(frozen=True)
class ItemSet:
    """A set of items: where `ItemSets` keeps it, what it is in a few words, and how many it holds."""

    key: str
    says: str
    count: int


class ItemSets:
    """The latest sets, one bit an item. Safe to use from many threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, tuple[NDArray[np.uint8], int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def keep(self, mask: NDArray[np.bool_], says: str) -> ItemSet:
        """Keep a set given as (n,) bool, under a name that its content has."""
        packed = np.packbits(mask)
        key = digest(packed, len(mask))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = packed, len(mask)
                self._bytes += packed.nbytes + _OVERHEAD
            self._kept.move_to_end(key)
            while self._bytes > self._most_bytes and len(self._kept) > 1:
                _, (gone, _) = self._kept.popitem(last=False)
                self._bytes -= gone.nbytes + _OVERHEAD
        return ItemSet(key, says, int(mask.sum()))

    def keep_rows(self, rows: ArrayLike, n: int, says: str) -> ItemSet:
        """Keep a set given as rows of n items."""
        mask = np.zeros(n, dtype=bool)
        mask[np.asarray(rows, dtype=np.intp)] = True
        return self.keep(mask, says)

    def mask(self, key: str, n: int) -> NDArray[np.bool_] | None:
        """Return a set as (n,) bool; None when it was put away or belongs to another number of items."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found[1] != n:
                return None
            self._kept.move_to_end(key)
            return np.unpackbits(found[0], count=n).astype(bool)


SETS = ItemSets(256 << 20)
"""The sets that visits of this process have chosen."""

FOUND = ItemSets(16 << 20)
"""What was found by the latest keystrokes of all searches; browsers ask for it at once."""
