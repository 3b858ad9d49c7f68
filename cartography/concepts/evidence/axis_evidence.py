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
    how : in words, such as "5 folds" or "each pair left out once"; why there is none where `auc` is None
    random_lists : the same for axes made from random items in lists of the same sizes, (m,) values
    percentile : the share of `random_lists` below `auc`, from 0 to 100
    random_directions : how well directions drawn at random tell the same poles apart, (m,) AUC of 0.5 and above
    gap_percentile : the share of random lists whose held-out members lie less far apart on average, from 0 to 100;
        finer than `percentile`, since small lists have few values of AUC
    p : the probability that random lists lie as far apart or farther, (1 + how many do) / (1 + m)
    """

    auc: float | None
    how: str
    random_lists: tuple[float, ...] = ()
    percentile: float | None = None
    random_directions: tuple[float, ...] = ()
    gap_percentile: float | None = None
    p: float | None = None


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
    norm_correlation : rank correlation of places with the lengths of the vectors; 0 where all are equally long
    angles : DataFrame indexed by the name of every other axis: `degrees` (0 to 180), `cosine`, `correlation` of the
        items' places, and `chance`, the |correlation| that 95 % of axes between random lists stay below; also
        `cosine_chance`, the |cosine| that 95 % of them stay below with all these axes at once; `tells`, how often
        this other axis puts a member of the high pole above one of the low pole, or below where that is more often;
        and `effect`, how far apart it puts the poles, in deviations of a difference of two; NaN without poles
    columns : DataFrame indexed by column: `kind`, `strength` from 0 to 1 (|rank correlation|, or for groups the
        correlation ratio less what so many groups explain by chance), `chance`, and `detail` in words; strongest
        first. Also `tells`, as in `angles`
    stability : the smallest and the mean cosine between the axis and those made without one member of the poles
    follows : the other axis or column that this one really follows, "" where none does
    verdict : one sentence
    sound : whether the verdict is good
    notes : what was sampled or left out, and further signs for or against
    mean_cosine : cosine between the axis and the mean of all vectors; 0 where that mean is nothing
    correlation_chance : for an axis along a column, the |correlation| that 95 % of axes along shuffled numbers reach
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
    mean_cosine: float = 0.0
    correlation_chance: float | None = None
