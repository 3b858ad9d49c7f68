"""What the neighbours of something say about a column: a category with its share of the votes, or a mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.columns import Column
from cartography.errors import ParameterError
from cartography.neighbours.between import closeness

__all__ = ["Vote", "vote"]

_ROWS = 16_384


@dataclass(frozen=True, eq=False)
class Vote:
    """What m newcomers' neighbours say about one column.

    Attributes
    ----------
    column : its name; kind : "categories", "numbers" or "dates"
    codes : (m,) int32, which of `names` won; -1 where no neighbour has a value, and for numbers and dates
    values : (m,) float64, the weighted mean of numbers, of dates in nanoseconds since 1970; NaN where there is none
    confidence : (m,) float32 in 0..1, the winner's share of the votes; NaN for numbers and dates
    base : (m,) float32, the winner's share of all items: what a blind guess of it is worth; NaN as above
    spread : (m,) float64, the weighted standard deviation among the neighbours, in the column's unit or nanoseconds
    usual : the standard deviation of all items, in the same unit; a spread that is no smaller says nothing
    """

    column: str
    kind: str
    codes: NDArray[np.int32]
    names: tuple[str, ...]
    values: NDArray[np.float64]
    confidence: NDArray[np.float32]
    base: NDArray[np.float32]
    spread: NDArray[np.float64]
    usual: float

    def table(self) -> pd.DataFrame:
        """Return one row per newcomer: `vote`, then `confidence` and `base rate`, or `spread` and `spread of all`.

        Spreads of dates are in days.
        """
        if self.kind == "categories":
            won = [self.names[code] if code >= 0 else None for code in self.codes.tolist()]
            return pd.DataFrame(
                {"vote": pd.Series(won, dtype=object), "confidence": self.confidence, "base rate": self.base}
            )
        dated = self.kind == "dates"
        unit = 86_400e9 if dated else 1.0
        means = pd.to_datetime(pd.Series(self.values)) if dated else self.values
        return pd.DataFrame({"vote": means, "spread": self.spread / unit, "spread of all": self.usual / unit})


def vote(column: Column, rows: NDArray[np.integer], distances: NDArray[np.floating]) -> Vote:
    """Let the items `rows` (m, k) at `distances` (m, k), nearest first, vote on what a newcomer's value would be.

    The nearer an item, the more it counts; see `cartography.neighbours.between.closeness`. Items without a value have
    no vote. Texts vote like categories. Raises `ParameterError` for pictures.
    """
    if column.kind == "pictures":
        raise ParameterError(f"The column {column.name!r} holds pictures; there is nothing to vote on.")
    blocks = [slice(first, first + _ROWS) for first in range(0, max(1, len(rows)), _ROWS)]
    voting = _by_category if column.kind in ("categories", "texts") else _by_number
    with np.errstate(over="ignore", invalid="ignore"):  # of numbers near the largest there is no mean
        return voting(column, [(rows[block], closeness(distances[block])) for block in blocks])


_Blocks = list[tuple[NDArray[np.integer], NDArray[np.float64]]]


def _by_category(column: Column, blocks: _Blocks) -> Vote:
    found = [_winner(column.codes[rows], weights) for rows, weights in blocks]
    codes = np.concatenate([one for one, _ in found])
    present = max(1, int(column.counts.sum()))
    base = np.where(codes >= 0, np.append(column.counts, 0)[codes] / present, np.nan).astype(np.float32)
    none = np.full(len(codes), np.nan)
    shares = np.concatenate([share for _, share in found])
    return Vote(column.name, "categories", codes, column.names, none, shares, base, none, float("nan"))


def _winner(codes: NDArray[np.int32], weights: NDArray[np.float64]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Which code (m,) has the most votes, of equals the nearer one's, and its share of them."""
    counted = _counted(codes >= 0, weights)
    votes = np.einsum("ij,ikj->ik", counted, codes[:, :, None] == codes[:, None])
    votes[codes < 0] = -1.0
    best = votes.argmax(axis=1)[:, None]
    total = counted.sum(axis=1)
    none = (codes < 0).all(axis=1)
    share = np.take_along_axis(votes, best, axis=1)[:, 0] / np.where(total > 0, total, 1.0)
    return (
        np.where(none, -1, np.take_along_axis(codes, best, axis=1)[:, 0]).astype(np.int32),
        np.where(none, np.nan, share).astype(np.float32),
    )


def _counted(there: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights (m, k) of those that have a value; all the same where copies without one had all the weight."""
    counted = np.where(there, weights, 0.0)
    return np.where(counted.any(axis=1, keepdims=True), counted, there.astype(np.float64))


def _by_number(column: Column, blocks: _Blocks) -> Vote:
    numbers = column.numbers
    assert numbers is not None, "numbers and dates are numbers"  # noqa: S101
    finite = numbers[np.isfinite(numbers)]
    middle = float(finite.mean()) if len(finite) else 0.0  # taken away first: dates are large numbers
    found = [_mean(numbers[rows] - middle, weights) for rows, weights in blocks]
    means, spreads = (np.concatenate([one[part] for one in found]) for part in (0, 1))
    none = np.full(len(means), np.nan, np.float32)
    codes = np.full(len(means), -1, np.int32)
    usual = float(finite.std()) if len(finite) else float("nan")
    return Vote(column.name, column.kind, codes, (), means + middle, none, none, spreads, usual)


def _mean(
    values: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weighted means (m,) of the finite values (m, k), and their standard deviations; NaN where there is none."""
    there = np.isfinite(values)
    counted, filled = _counted(there, weights), np.where(there, values, 0.0)
    total = np.where(there.any(axis=1), counted.sum(axis=1), np.nan)
    means = (counted * filled).sum(axis=1) / total
    apart = np.where(there, filled - means[:, None], 0.0)
    return means, np.sqrt((counted * apart**2).sum(axis=1) / total)
