"""A variable of a MATLAB workspace, as its header describes it."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

__all__ = ["Variable"]


@dataclass(frozen=True, eq=False)
class Variable:
    """`kind` is "numbers", "texts" (cells or rows of characters) or "other"; `why` says why it is not read."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    kind: str
    why: str = ""

    @property
    def nbytes(self) -> int:
        """Bytes of the numbers in memory."""
        return prod(self.shape) * self.dtype.itemsize

    @property
    def length(self) -> int:
        """The number of values when it is a single row or column, else -1."""
        return prod(self.shape) if sum(n != 1 for n in self.shape) <= 1 else -1
