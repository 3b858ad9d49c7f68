"""What is known of an axis: whether its poles are told apart, how it compares with chance, what it really follows."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

__all__ = ["AxisEvidence", "Separation"]


@dataclass(frozen=True)
class Separation:
    """How well held-out members of the poles are told apart along the axis.

    Attributes
    ----------
    auc : how often a held-out member of the high pole lies above one of the low pole; None where too few to hold out
    how : in words, such as "5 folds" or "each pair left out once"
    random_lists : the same for axes made from random items in lists of the same sizes, (m,) values
    percentile : the share of `random_lists` below `auc`, from 0 to 100
    random_directions : how well directions drawn at random tell the same poles apart, (m,) AUC of 0.5 and above
    """

    auc: float | None
    how: str
    random_lists: tuple[float, ...] = ()
    percentile: float | None = None
    random_directions: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class AxisEvidence:
    """The evidence for one axis.

    Attributes
    ----------
    name : the axis
    separation : see there; None for an axis without poles
    correlation : for an axis along a column, the held-out rank correlation of places and numbers; else None
    variance, random_variance : the share of all variance that lies along the axis, and along directions between
        random lists of the same sizes (mean and 95th percentile)
    norm_correlation : rank correlation of places with the lengths of the vectors
    angles : DataFrame indexed by the name of every other axis: `degrees` (0 to 180), `cosine`, `correlation` of the
        items' places, and `chance`, the |correlation| that 95 % of axes between random lists stay below
    columns : DataFrame indexed by column: `kind`, `strength` from 0 to 1 (|rank correlation|, or the correlation
        ratio for groups), `chance`, and `detail` in words; strongest first
    stability : the smallest and the mean cosine between the axis and those made without one member of the poles
    follows : the other axis or column that this one really follows, "" where none does
    verdict : one sentence
    sound : whether the verdict is good
    """

    name: str
    separation: Separation | None
    correlation: float | None
    variance: float
    random_variance: tuple[float, float]
    norm_correlation: float
    angles: pd.DataFrame
    columns: pd.DataFrame
    stability: tuple[float, float] | None
    follows: str
    verdict: str
    sound: bool
    notes: tuple[str, ...] = ()
