"""The verdict on an axis, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from cartography.concepts.axes.axis import Axis
from cartography.concepts.evidence.axis_evidence import Separation
from cartography.concepts.evidence.following import Followed, short
from cartography.concepts.evidence.naming import names_its_ends

__all__ = ["TOLD_APART", "UNLIKELY", "Beside", "Verdict", "own_verdict", "verdict_on"]

TOLD_APART = 0.75
"""Held-out AUC from which the poles of an axis count as told apart."""
UNLIKELY = 0.05
"""The probability of lying so far apart by chance up to which that counts."""
_FOLLOWS_NUMBERS = 0.3  # held-out rank correlation from which an axis follows its own column
_ALMOST, _MUCH = 0.8, 0.5  # cosine or strength, for words


@dataclass(frozen=True)
class Verdict:
    """One sentence, and whether it is good."""

    sentence: str
    sound: bool


@dataclass(frozen=True)
class Beside:
    """What else there is: axes that follow this one, a column that bears out its name, one its poles differ in."""

    followers: tuple[str, ...] = ()
    named: str = ""
    confounding: str = ""


def _is_founded(separation: Separation | None) -> bool:
    """Whether held-out members are told apart, and better than those of random lists."""
    return (
        separation is not None
        and separation.auc is not None
        and separation.p is not None
        and separation.auc >= TOLD_APART
        and separation.p <= UNLIKELY
    )


def own_verdict(axis: Axis, separation: Separation | None, along: tuple[float, float] | None) -> Verdict:
    """Return the verdict on an axis by itself; `along` is its held-out correlation with its column, and chance."""
    return _along(str(axis.spec.column), along) if separation is None else _of_poles(separation)


def verdict_on(axis: Axis, own: Verdict, followed: Followed | None, beside: Beside) -> Verdict:
    """Return the verdict on an axis, with what it follows and what else there is beside it."""
    followers, column = beside.followers, beside.named
    if followed is not None:
        return _following(axis, followed, own)
    if followers and own.sound:
        names = _listed(followers)
        return Verdict(f"{own.sentence[:-1]}; {names} {'runs' if len(followers) == 1 else 'run'} along it.", True)
    if column and own.sound:
        return Verdict(f"{own.sentence[:-1]}, and it goes with the column {column} as its name says.", True)
    if beside.confounding and own.sound and not names_its_ends(axis):
        return Verdict(f"{own.sentence[:-1]}, but the poles differ in {beside.confounding} as well.", True)
    return own


def _following(axis: Axis, followed: Followed, own: Verdict) -> Verdict:
    said = f"{_runs(followed)} {followed.name} does ({followed.how})"
    if followed.columns:
        listed, several = _listed(followed.columns), len(followed.columns) > 1
        verb = f"orders the items almost as the column{'s' * several}"
        said = f"{verb} {listed} {'do' if several else 'does'} ({followed.how})"
    if names_its_ends(axis):  # it claims to be no more than what its poles are
        return Verdict(f"{own.sentence[:-1]}; it {said}.", own.sound)
    more = ": one of the two names may be wrong" if followed.mutual else ""
    return Verdict(f"Called {axis.name}, but it {said}{more}.", False)


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _runs(followed: Followed) -> str:
    if followed.closeness >= _ALMOST:
        return "runs almost as"
    return "runs much as" if followed.closeness >= _MUCH else "leans the way that"


def _of_poles(separation: Separation) -> Verdict:
    if separation.auc is None:
        return Verdict(f"{separation.how[:-1]}; give each pole a few more items.", False)
    told = f"Held-out members are told apart with AUC {short(separation.auc)}"
    lists = separation.random_lists
    usual, p = short(sum(lists) / len(lists)), separation.p or 0.0
    if _is_founded(separation):
        return Verdict(f"{told} (random lists: {usual}; {_beats(separation)}).", True)
    if p <= UNLIKELY:
        return Verdict(
            f"{told} only, though random lists reach {usual} and lie less far apart: the poles overlap.", False
        )
    return Verdict(f"{told}, but {p:.0%} of random lists lie as far apart: that may be chance.", False)


def _beats(separation: Separation) -> str:
    count = len(separation.random_lists)
    if not any(one >= (separation.auc or 0.0) for one in separation.random_lists):
        return f"better than all {count}"
    fewer = round((separation.gap_percentile or 0.0) / 100 * count)
    return f"farther apart than {'all' if fewer == count else f'{fewer} of'} {count}"


def _along(column: str, correlation: tuple[float, float] | None) -> Verdict:
    if correlation is None:
        return Verdict("There are too few numbers to test this axis on.", False)
    found, chance = correlation
    told = f"Held-out items follow {column} with a rank correlation of {short(found)}"
    if found > max(chance, _FOLLOWS_NUMBERS):
        return Verdict(f"{told} (shuffled numbers stay under {short(chance)}).", True)
    if found > chance:
        return Verdict(f"{told} only, though shuffled numbers stay under {short(chance)}.", False)
    return Verdict(f"{told}, which is no more than chance: shuffled numbers stay under {short(chance)}.", False)
