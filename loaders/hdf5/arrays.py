"""Reading data sets: numbers in blocks with progress, texts as texts, lists of equal length as rows."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.errors import LoadError
from cartography.progress import Progress, report
from loaders.base import Flaw
from loaders.files.limits import check_memory
from loaders.hdf5.files import Found

__all__ = ["read_lists", "read_numbers", "read_text", "usual_length"]

_BLOCK = 1 << 22  # bytes read in one go
_LOOK = 1000  # lists that are looked at for their usual length
_LONGEST_TEXT = 1 << 16


def read_numbers(file: Any, found: Found, progress: Progress | None = None) -> NDArray[Any]:
    """Return a data set of numbers as it is stored. Raises `LoadError` when it may not be read."""
    check(found)
    check_memory(found.nbytes, f"The data set {found.path[:60]!r}")
    item = file[found.path]
    if not found.shape:
        return np.asarray(item[()]).reshape(())
    result = np.empty(found.shape, dtype=found.dtype)
    n = found.shape[0]
    step = max(1, _BLOCK // max(found.nbytes // max(n, 1), 1))
    for start in range(0, n, step):
        result[start : start + step] = item[start : start + step]
        report(progress, f"Reading {found.path}", 0.8 * start / n)
    return result


def read_text(file: Any, found: Found) -> NDArray[Any]:
    """Return a data set of texts (n,) as Python texts; what is not valid UTF-8 is marked."""
    check(found)
    check_memory(found.nbytes * 4, f"The texts {found.path[:60]!r}")
    stored = file[found.path][()]
    values = [_text(one) for one in np.asarray(stored, dtype=object).reshape(-1).tolist()]
    return np.array(values, dtype=object).reshape(found.shape)


def read_lists(file: Any, found: Found) -> tuple[NDArray[Any], list[Flaw]]:
    """Return lists of numbers as rows (n, d), d being their usual length; rows of another length hold NaN."""
    d = usual_length(file, found)
    n = found.shape[0]
    check_memory(n * d * 4, f"The data set {found.path[:60]!r}")
    result = np.full((n, d), np.nan, dtype=np.float32)
    odd: list[int] = []
    item = file[found.path]
    for start in range(0, n, _LOOK):
        for place, row in enumerate(item[start : start + _LOOK], start=start):
            if len(row) == d:
                result[place] = row
            else:
                odd.append(place)
    if not odd:
        return result, []
    detail = f"row {odd[0]} has {len(item[odd[0]]):,}"
    return result, [Flaw(np.array(odd, dtype=np.int64), f"not {d:,} numbers", detail)]


def usual_length(file: Any, found: Found) -> int:
    """Return the most frequent length of the first lists, empty ones left aside; 0 when all are empty."""
    check(found)
    lengths = Counter(len(row) for row in file[found.path][:_LOOK] if len(row))
    return lengths.most_common(1)[0][0] if lengths else 0


def check(found: Found) -> None:
    """Raise `LoadError` when a data set may not be read."""
    if found.why:
        raise LoadError(
            f"The data set {found.path[:80]!r} {found.why}.",
            "Write it into one plain file: h5py.File(path, 'w')['vectors'] = values.",
        )


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)
