"""UMAP's layout for small data in plain numpy: nothing to compile, so the first map never waits.

Every item moves itself only, reading where all others stood when the round began, so a seed decides the map to the
bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cartography.progress import Progress, report
from cartography.projectors.standing import Standing

__all__ = ["SMALL", "lay_out_small"]

SMALL = 2_000
"""Up to this many items this layout takes a few seconds at most."""

_LONGEST = 4.0  # the longest step one tie may cause, as in the paper's reference code
_STAGE = "Laying out (UMAP)"

Points = NDArray[np.float64]


@dataclass(frozen=True)
class _Ties:
    """Tie e pulls item `heads[e]` towards `tails[e]` every `periods[e]` epochs."""

    heads: NDArray[np.intp]
    tails: NDArray[np.intp]
    periods: NDArray[np.float64]

    def due(self, epoch: int) -> _Ties:
        """Return the ties whose turn it is."""
        now = np.floor((epoch + 1) / self.periods) > np.floor(epoch / self.periods)
        return _Ties(self.heads[now], self.tails[now], self.periods[now])


def lay_out_small(
    strengths: csr_array,
    start: NDArray[np.float32],
    a: float,
    b: float,
    *,
    epochs: int,
    negatives: int,
    seed: int,
    progress: Progress | None = None,
    standing: Standing | None = None,
) -> NDArray[np.float32]:
    """Return coordinates (n, c) float32 that pull tied items together and push the others apart.

    `strengths` is the symmetric matrix of `memberships`, `start` (n, c) the first coordinates, `a` and `b` the
    curve of closeness. From `standing` a layout that was stopped goes on. Cost: about n * epochs * 100
    multiplications.
    """
    standing = standing or Standing()
    points = standing.parts.get("points", start.astype(np.float64))
    ties = _ties(strengths, epochs)
    rng = standing.parts.get("rng", np.random.default_rng(seed))
    for epoch in range(standing.step, epochs):
        if epoch % 5 == 0:
            with standing.at(epoch, points=points, rng=rng):
                report(progress, _STAGE, epoch / epochs, f"step {epoch} of {epochs}", points.astype(np.float32))
        _move(points, ties.due(epoch), 1.0 - epoch / epochs, (a, b), negatives, rng)
    standing.clear()
    report(progress, _STAGE, 1.0)
    return points.astype(np.float32)


def _ties(strengths: csr_array, epochs: int) -> _Ties:
    coo = strengths.tocoo()
    heads, tails = coo.coords
    periods = coo.data.max(initial=1e-30) / coo.data.astype(np.float64)
    kept = periods <= epochs
    return _Ties(heads[kept], tails[kept], periods[kept])


def _move(  # noqa: PLR0917
    points: Points, ties: _Ties, rate: float, curve: tuple[float, float], negatives: int, rng: np.random.Generator
) -> None:
    """Let every item take one step, in place."""
    heads, tails = ties.heads, ties.tails
    if not len(heads):
        return
    a, b = curve
    n = len(points)
    apart, squared = _between(points, heads, tails)
    # a tie moves both its ends; here each end moves itself, hence twice the pull
    pull = -4 * a * b * squared ** (b - 1) / (1 + a * squared**b)
    pulled = np.clip(pull[:, None] * apart, -2 * _LONGEST, 2 * _LONGEST)

    pushed_heads = np.repeat(heads, negatives)
    others = rng.integers(0, n, size=len(pushed_heads))
    apart, squared = _between(points, pushed_heads, others)
    push = 2 * b / ((0.001 + squared) * (1 + a * squared**b))
    push[pushed_heads == others] = 0
    pushed = np.clip(push[:, None] * apart, -_LONGEST, _LONGEST)

    for axis in range(points.shape[1]):
        step = np.bincount(heads, pulled[:, axis], n) + np.bincount(pushed_heads, pushed[:, axis], n)
        points[:, axis] += rate * step


def _between(points: Points, heads: NDArray[np.intp], tails: NDArray[np.intp]) -> tuple[Points, Points]:
    apart = points[heads] - points[tails]
    return apart, np.maximum(np.einsum("ij,ij->i", apart, apart), 1e-8)
