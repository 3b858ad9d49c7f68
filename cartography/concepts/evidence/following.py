"""Whether an axis really follows another axis, or a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cartography.concepts.axes.axis import Axis
from cartography.concepts.evidence.holding_out import HeldOut
from cartography.concepts.evidence.naming import called_alike

__all__ = [
    "Followed",
    "Other",
    "Own",
    "bearing_out",
    "called_like",
    "confounding",
    "followed_axis",
    "followed_column",
    "short",
]

_AS_WELL = 0.02  # AUC by which something else may tell the poles apart less well and still be what the axis follows
_CLEARLY = 0.05  # AUC by which one axis is better founded than another
_POORLY = 0.75  # AUC below which an axis is badly founded
_MOSTLY = 0.75  # AUC by which it must tell poles apart that the axis itself does not
_LEANS = 0.25  # cosine from which an axis without evidence of its own is said to follow another
_RUNS, _BEYOND = 0.5, 2.0  # the same for one with evidence, and times chance
_AS_FAR = 0.5  # of how far it puts its poles apart: so far the other one does at least
_ALMOST = 0.8  # cosine from which that need not be
_ORDERS = 0.8  # strength of a column from which an axis is said to follow it ...
_UNEXPLAINED = 0.6  # ... where it leaves so little open of what it leaves open of random axes
_WHOLLY = 0.98  # AUC from which a column tells the poles apart as a rule
_NAMED = 0.5  # what a column leaves open at most that bears out the axis's name
_TIED = 0.02  # strength by which columns count as equally strong
_LISTED = 3


@dataclass(frozen=True)
class Followed:
    """What an axis follows: an axis or column, `how` closely in words, and |cosine| or the column's strength.

    `columns` are all that it follows equally; `mutual` where it may as well be the other way
    round: the other axis is no better founded, or runs almost the same way.
    """

    name: str
    how: str
    closeness: float
    columns: tuple[str, ...] = ()
    mutual: bool = False


@dataclass(frozen=True)
class Own:
    """What an axis has to show for itself: whether that is sound, and what came of holding out members."""

    founded: bool
    held_out: HeldOut | None = None
    has_poles: bool = True


@dataclass(frozen=True)
class Other:
    """Another axis: how well it tells its own held-out members apart, and whether it has one pole of this axis.

    `auc` is infinite where it has no poles, and 0 where none of their members can be held out.
    """

    auc: float = float("inf")
    shares_a_pole: bool = False


def followed_axis(
    axis: Axis, angles: pd.DataFrame, own: Own, others: Mapping[str, Other]
) -> tuple[Followed | None, tuple[str, ...]]:
    """Return the other axis that this one follows, and the names of those that rather follow it.

    It follows where both run together beyond chance and the other one tells its poles apart as often as itself does.
    An axis that is well founded follows only where that is far beyond chance, no pole is one that both have, and the
    other one puts its poles half as far apart at least, or where it runs almost along it; and not where the other
    one tells its own poles apart clearly worse - which, where the two run almost the same way, says little as long as
    both do it well: then either name may be wrong. An axis along a column that is well founded follows nothing.
    """
    found, followers = [], []
    for name, row in angles.iterrows():
        if called_alike(axis.name, str(name)) or not _leans(row, own):
            continue
        other = others.get(str(name), Other())
        if own.founded and _is_weaker(row, other, own):
            followers.append(str(name))
        elif not own.founded or _runs(row, own, other):
            better = other.auc > (1.0 if own.held_out is None else own.held_out.auc) + _CLEARLY
            mutual = own.founded and (abs(row.cosine) >= _ALMOST or not better)
            found.append(Followed(str(name), _how(row), abs(row.cosine), mutual=mutual))
    return max(found, key=lambda one: one.closeness, default=None), tuple(followers)


def followed_column(columns: pd.DataFrame, own: Own) -> Followed | None:
    """Return the column, with those as strong, that orders the items much as the axis does; None where none does."""
    if columns.empty or (own.founded and not own.has_poles):
        return None
    able = np.array([not _less_often(tells, own) for tells in columns.tells])
    strong = columns[(columns.strength >= _ORDERS) & (_open(columns) <= _UNEXPLAINED) & able]
    if strong.empty:
        return None
    best = strong.iloc[0]
    tied = tuple(strong.index[strong.strength >= best.strength - _TIED][:_LISTED].astype(str))
    measure = "correlation ratio" if best.kind == "categories" else "rank correlation"
    how = f"{measure} {short(best.strength)}; random axes stay under {short(best.chance)}"
    return Followed(tied[0], how, float(best.strength), tied)


def confounding(columns: pd.DataFrame) -> str:
    """Return the column in which the poles differ as a rule and that goes with the axis beyond chance, "" for none.

    Whoever names such an axis after something else cannot know which of the two it shows.
    """
    if columns.empty:
        return ""
    both = columns.index[(columns.tells >= _WHOLLY) & (columns.strength > columns.chance)]
    return str(both[0]) if len(both) else ""


def bearing_out(axis: Axis, columns: pd.DataFrame) -> str:
    """Return the column of the axis's name that it goes with, "" where there is none."""
    if columns.empty:
        return ""
    strong = columns.index[(columns.strength >= _ORDERS) & (_open(columns) <= _NAMED)]
    return next((str(name) for name in strong if called_alike(axis.name, str(name))), "")


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


def _open(columns: pd.DataFrame) -> pd.Series:
    """The share of a column's variation along the axis that it leaves open, of that along random axes."""
    return (1 - columns.strength**2) / np.maximum(1 - columns.chance**2, 1e-9)


def _leans(row: pd.Series, own: Own) -> bool:
    if abs(row.cosine) <= max(row.cosine_chance, _LEANS) or _less_often(row.tells, own):
        return False
    return own.held_out is None or own.founded or bool(row.tells >= _MOSTLY)


def _runs(row: pd.Series, own: Own, other: Other) -> bool:
    cosine = abs(row.cosine)
    if abs(row.correlation) <= row.chance:
        return False
    if cosine >= _ALMOST:
        return True
    if other.shares_a_pole or (own.held_out is not None and row.effect < _AS_FAR * own.held_out.effect):
        return False
    return bool(cosine >= max(_RUNS, _BEYOND * row.cosine_chance))


def _is_weaker(row: pd.Series, other: Other, own: Own) -> bool:
    """Whether the other axis is so much worse founded that it rather follows this one.

    Of two that run almost the same way, each of which tells its poles apart, AUC does not say whose name is right.
    """
    if own.held_out is None:
        return True
    limit = own.held_out.auc - _CLEARLY
    return other.auc < (min(limit, _POORLY) if abs(row.cosine) >= _ALMOST else limit)


def _less_often(tells: float, own: Own) -> bool:
    return own.held_out is not None and bool(np.isfinite(tells)) and tells < own.held_out.auc - _AS_WELL


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
