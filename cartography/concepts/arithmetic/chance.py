"""How near random formulas of the same form come to their best match: what an answer is measured against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.arithmetic.answer import Chance
from cartography.concepts.arithmetic.inputs import NOTHING, Inputs
from cartography.neighbours.lookup import longest_of
from cartography.neighbours.metrics import distances_between
from cartography.records import EmbeddingSet

__all__ = ["LARGEST", "RandomFormulas", "compare", "draw_formulas", "how_many"]

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]

LARGEST = 1_000
"""Items in a random group at most."""
_FEWEST, _MOST = 9, 999
_PRODUCTS = 9_600_000_000  # for all random formulas together: a third of a second on two cores
_GATHERED = 60  # fetching a number takes as long as so many products
_IN_ALL = 4_096  # items in one random formula
_NUMBERS = 1 << 22
_EQUAL = 1e-6


@dataclass(frozen=True, eq=False)
class RandomFormulas:
    """What m random formulas come to: vectors (m, d), and the rows of the items that went into each, (m, any)."""

    vectors: Floats
    rows: Rows


def how_many(embeddings: EmbeddingSet, inputs: Inputs) -> int:
    """Return how many random formulas there is time for: 31 with a million items of 300 dimensions, 999 at most."""
    gathered = _GATHERED * sum(_sizes(embeddings, inputs))
    affordable = _PRODUCTS // ((len(embeddings) + gathered) * embeddings.dimensions)
    return int(np.clip(affordable, _FEWEST, _MOST))


def draw_formulas(
    embeddings: EmbeddingSet, inputs: Inputs, factors: Numbers, unit: bool, count: int, seed: int
) -> RandomFormulas:
    """Draw `count` formulas with the same `factors` (k,) and random items in place of the names of `inputs`.

    A group is replaced by as many random items, at most `LARGEST`. Formulas that come to zero are left away.
    """
    sizes = _sizes(embeddings, inputs)
    total = sum(sizes)
    rng = np.random.default_rng(seed)
    n = len(embeddings)
    rows = np.stack([rng.choice(n, total, replace=total > n) for _ in range(count)])
    shares = np.repeat(factors / sizes, sizes)
    vectors = np.empty((count, embeddings.dimensions), np.float32)
    worth = np.empty(count, bool)
    step = max(1, _NUMBERS // (total * embeddings.dimensions))
    for first in range(0, count, step):
        part = slice(first, first + step)
        vectors[part], worth[part] = _sums(embeddings.vectors[rows[part]], shares, unit)
    return RandomFormulas(vectors[worth], rows[worth])


def compare(
    embeddings: EmbeddingSet, drawn: RandomFormulas, nearest: Rows, metric: str, distance: float
) -> Chance | None:
    """Compare the distance of an answer's best match with those of the random formulas to their `nearest` (m,).

    None where there is nothing to compare with.
    """
    found = nearest >= 0
    if not found.any():
        return None
    longest = longest_of(embeddings) if metric == "dot" else 0.0
    distances = distances_between(embeddings.vectors[nearest[found]], drawn.vectors[found], metric, longest)
    farther = distances > distance + _EQUAL * max(1.0 if metric == "cosine" else 0.0, abs(distance))
    reached, best = distances.astype(np.float64), float(distance)
    if metric == "cosine":
        reached, best = 1 - reached, 1 - best
    return Chance(reached, best, 100 * float(farther.mean()))


def _sums(items: Floats, shares: Numbers, unit: bool) -> tuple[Floats, NDArray[np.bool_]]:
    """What items (m, t, d) come to with their shares (t,): (m, d), and whether that is more than rounding, (m,)."""
    lengths = np.sqrt(np.einsum("mtd,mtd->mt", items, items, dtype=np.float64))
    each = np.broadcast_to(shares, lengths.shape)
    if unit:
        each = each / np.where(lengths > 0, lengths, 1)
    sums = np.einsum("mt,mtd->md", each.astype(np.float32), items)
    return sums, np.linalg.norm(sums, axis=1) > NOTHING * (np.abs(each) * lengths).sum(axis=1)


def _sizes(embeddings: EmbeddingSet, inputs: Inputs) -> Sequence[int]:
    """How many random items stand for each name."""
    most = min(LARGEST, len(embeddings), max(1, _IN_ALL // len(inputs.names)))
    return [min(len(rows), most) for rows in inputs.rows]
