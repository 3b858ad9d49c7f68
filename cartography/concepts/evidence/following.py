"""Whether an axis really follows another axis, or a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cartography.concepts.axes.axis import Axis
from cartography.concepts.evidence.naming import called_alike

__all__ = ["AS_WELL", "Followed", "followed_axis", "followed_column", "called_like", "short"]

AS_WELL = 0.02
"""AUC by which something else may tell the poles apart less well and still count as what the axis follows."""
_CLEARLY = 0.05  # AUC by which one axis is better founded than another
_LEANS = 0.25  # cosine from which an axis without evidence of its own is said to follow another
_RUNS = 0.4  # the same for one whose poles are told apart
_ORDERS = 0.8  # strength of a column from which the axis is said to follow it


@dataclass(frozen=True)
class Followed:
    """What an axis follows: an axis or column, `how` closely in words, and |cosine| or the column's strength."""

    name: str
    how: str
    closeness: float
    is_column: bool = False


def followed_axis(
    axis: Axis, angles: pd.DataFrame, own: float | None, founded: bool, of_others: Mapping[str, float | None]
) -> tuple[Followed | None, tuple[str, ...]]:
    """Return the other axis that this one follows, and the names of those that follow it, as far as one can tell.

    It follows where both run together beyond chance and the other one tells its poles apart as well as it does itself
    (held-out AUC `own`, `founded` where that is sound); unless that is so and the other one tells its own poles
    apart clearly worse (held-out AUC `of_others`, None for single items).
    """
    found, followers = [], []
    for name, row in angles.iterrows():
        if called_alike(axis.name, str(name)) or not _leans(row, own):
            continue
        theirs = of_others.get(str(name), np.inf)
        if founded and own is not None and (theirs is None or theirs < own - _CLEARLY):
            followers.append(str(name))
        elif not founded or _runs(row):
            found.append(Followed(str(name), _how(row), abs(row.cosine)))
    return max(found, key=lambda one: one.closeness, default=None), tuple(followers)


def followed_column(axis: Axis, columns: pd.DataFrame, own: float | None) -> Followed | None:
    """Return the column that orders the items much as the axis does, beyond chance; None where none does."""
    for name, row in columns.iterrows():
        if row.strength < max(_ORDERS, row.chance):
            continue
        if not called_alike(axis.name, str(name)) and not _less_well(row.tells, own):
            measure = "correlation ratio" if row.kind == "categories" else "rank correlation"
            stay = f"random axes stay under {short(row.chance)}"
            return Followed(str(name), f"{measure} {short(row.strength)}; {stay}", row.strength, is_column=True)
    return None


def called_like(axis: Axis, columns: pd.DataFrame) -> list[str]:
    """Return notes on columns that bear the name of the axis, with how far it goes with them."""
    alike = columns[[called_alike(axis.name, str(name)) for name in columns.index]]
    return [
        f"The column {name!r} is called alike: the axis {_beyond(row)} it (strength {short(row.strength)}; "
        f"random axes stay under {short(row.chance)})."
        for name, row in alike.iterrows()
    ]


def short(value: float) -> str:
    """Return a number between -1 and 1 with two digits, as statistics are written: .07, -.35, 1.00."""
    return f"{value:.2f}".replace("0.", ".", 1) if abs(value) < 0.995 else f"{value:.2f}"


def _leans(row: pd.Series, own: float | None) -> bool:
    return abs(row.cosine) > max(row.cosine_chance, _LEANS) and not _less_well(row.tells, own)


def _runs(row: pd.Series) -> bool:
    return abs(row.cosine) >= _RUNS and abs(row.correlation) > row.chance


def _less_well(tells: float, own: float | None) -> bool:
    return own is not None and np.isfinite(tells) and tells < own - AS_WELL


def _how(row: pd.Series) -> str:
    apart = min(row.degrees, 180 - row.degrees)
    side = "apart" if row.degrees <= 90 else "apart, the other way round"
    if abs(row.correlation) > row.chance:
        together = f"correlation {short(abs(row.correlation))}; random axes stay under {short(row.chance)}"
        return f"{apart:.0f} degrees {side}, {together}"
    nearest = np.degrees(np.arccos(row.cosine_chance))
    return f"{apart:.0f} degrees {side}; random axes stay {nearest:.0f} or more away"


def _beyond(row: pd.Series) -> str:
    return "goes with" if row.strength > row.chance else "goes no more than by chance with"
