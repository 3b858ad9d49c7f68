"""Plain sentences on vectors that will draw an odd map."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from loaders.base import Flaw

__all__ = ["dropped_text", "remarks"]


def dropped_text(bad: NDArray[np.bool_], flawed: NDArray[np.int16], flaws: Sequence[Flaw]) -> str:
    """Say how many of the rows are bad, and why: (n,) `bad`, and (n,) `flawed` counting `flaws` from 1."""
    reasons = []
    for number, flaw in enumerate(flaws, start=1):
        rows = np.flatnonzero(flawed == number)
        if len(rows):
            detail = f": {flaw.detail}" if flaw.detail else ""
            reasons.append(f"{len(rows):,} {flaw.reason} (first row {int(rows[0])}{detail})")
    rest = np.flatnonzero(bad & (flawed == 0))
    if len(rest):
        reasons.append(f"{len(rest):,} with NaN, infinity or an empty cell (first row {int(rest[0])})")
    count = int(bad.sum())
    verb = "row has" if count == 1 else "rows have"
    return f"{count:,} of {len(bad):,} {verb} no usable vector: {'; '.join(reasons)}; rows are counted from 0."


def remarks(vectors: NDArray[np.float32]) -> list[str]:
    """Say what is unusual about (n, d) vectors as a whole."""
    n, d = vectors.shape
    if n == 1:
        return ["There is only one item; a map needs more to show what is near what."]
    said = ["The vectors have one dimension: all items lie on a line."] if d == 1 else []
    if (vectors[0] == vectors[1]).all() and _all_equal(vectors):
        return [*said, "All vectors are equal; the map is a single point."]
    zero = int((~vectors.any(axis=1)).sum())
    if zero:
        verb = "vector is" if zero == 1 else "vectors are"
        said.append(f"{zero:,} {verb} all zeros, which have no direction and so no cosine likeness to anything.")
    return said


def _all_equal(vectors: NDArray[np.float32]) -> bool:
    return all((vectors[start : start + 4096] == vectors[0]).all() for start in range(0, len(vectors), 4096))
