"""Arrays that are mapped from a file rather than read."""

from __future__ import annotations

import mmap
from typing import Any

from numpy.typing import NDArray

__all__ = ["picked"]


def picked(array: NDArray[Any], rows: NDArray[Any]) -> NDArray[Any]:
    """Return some rows of an array, without the system reading far ahead of each row of a mapped one."""
    inner = getattr(array, "_mmap", None)
    if inner is not None and hasattr(mmap, "MADV_RANDOM"):
        inner.madvise(mmap.MADV_RANDOM)
    return array[rows]
