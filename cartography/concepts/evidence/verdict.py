"""The verdict on an axis, in one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from cartography.concepts.axes.axis import Axis
from cartography.concepts.evidence.axis_evidence import Separation
from cartography.concepts.evidence.following import Followed, short
from cartography.concepts.evidence.naming import names_its_ends

__all__ = ["TOLD_APART", "UNLIKELY", "Verdict", "is_founded", "verdict_on"]

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


def is_founded(separation: Separation | None) -> bool:
    """Whether held-out members are told apart, and better than those of random lists."""
    return (
        separation is not None
        and separation.auc is not None
        and separation.p is not None
        and separation.auc >= TOLD_APART
        and separation.p <= UNLIKELY
    )


def verdict_on(
    axis: Axis,
    separation: Separation | None,
    correlation: tuple[float, float] | None,
    followed: Followed | None,
    followers: tuple[str, ...] = (),
) -> Verdict:
    """Return the verdict; `correlation` is the held-out one of an axis along a column, and its chance level."""
    own = _own(separation) if separation is not None else _along(str(axis.spec.column), correlation)
    if followed is not None:
        return _following(axis, followed, own)
    if followers and own.sound:
        names = " and ".join(followers)
        return Verdict(f"{own.sentence[:-1]}; {names} {'runs' if len(followers) == 1 else 'run'} along it.", True)
    return own


def _following(axis: Axis, followed: Followed, own: Verdict) -> Verdict:
    verb = "orders the items almost as the column" if followed.is_column else _runs(followed)
    said = f"{verb} {followed.name} does ({followed.how})"
    if names_its_ends(axis):  # it claims to be no more than what its poles are
        return Verdict(f"{own.sentence[:-1]}; it {said}.", own.sound)
    return Verdict(f"Called {axis.name}, but it {said}.", False)


def _runs(followed: Followed) -> str:
    if followed.closeness >= _ALMOST:
        return "runs almost as"
    return "runs much as" if followed.closeness >= _MUCH else "leans the way that"


def _own(separation: Separation) -> Verdict:
    if separation.auc is None:
        return Verdict(
            f"{separation.how} That it means what it is called is not tested: give each pole a few more.", False
        )
    told = f"Held-out members are told apart with AUC {short(separation.auc)}"
    lists = separation.random_lists
    usual, p = short(sum(lists) / len(lists)), separation.p or 0.0
    if is_founded(separation):
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
