"""Items for a table: more than a browser has pixels for, one with a text that would like to be markup."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from cartography.records import EmbeddingSet

N = 400_000
HOSTILE = "<img src=x onerror=\"document.title='taken'\">"


@cache
def items() -> EmbeddingSet:
    """Row i has the name "name i" and the size (i * 7919) % N, so that every order is known without looking."""
    names = [f"name {row:06d}" for row in range(N)]
    names[2] = HOSTILE
    columns = {"name": names, "size": np.arange(N) * 7919 % N, "note": ["a few words"] * N}
    table = pd.DataFrame(columns, index=[str(row) for row in range(N)])
    return EmbeddingSet(np.ones((N, 2), dtype=np.float32), table, name="items of a table")
