"""A concept axis as a person names it: two poles, or the column it follows. Plain values, as recipes hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from cartography.errors import ParameterError, unknown_name

__all__ = ["AXIS_KINDS", "LONGEST_NAME", "AxisSpec", "Pole"]

AXIS_KINDS = ("poles", "pairs", "separator", "column", "rest")
LONGEST_NAME = 80
"""Characters that the name of an axis or of a pole may have."""
MOST_IDS = 5_000


@dataclass(frozen=True)
class Pole:
    """One end of an axis: items by their ids, or those that have one of `values` in `column`; and what it is called.

    Raises `ParameterError` when it says neither or both.
    """

    name: str
    ids: tuple[str, ...] = ()
    column: str | None = None
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _checked_name(self.name, "a pole")
        object.__setattr__(self, "ids", _texts(self.ids, "The items of a pole", MOST_IDS))
        object.__setattr__(self, "values", _texts(self.values, "The values of a pole", MOST_IDS))
        if not (self.column is None or isinstance(self.column, str)):
            raise ParameterError(f"The column of a pole is {ascii(self.column)[:60]}; it should be the name of one.")
        if bool(self.ids) == (self.column is not None) or bool(self.values) != (self.column is not None):
            raise ParameterError(
                f"The pole {self.name!r} should hold either ids of items, or a column and some of its values."
            )

    def to_mapping(self) -> dict[str, Any]:
        """Return what differs from the defaults, as plain values."""
        return _plain(self)

    @classmethod
    def of(cls, given: object) -> Pole:
        """Read a pole from plain values. Raises `ParameterError`."""
        return cls(**_parts(given, "pole", [field.name for field in fields(cls)]))


@dataclass(frozen=True)
class AxisSpec:
    """How an axis is found.

    Attributes
    ----------
    name : what it is called; also the name of the column that holds the items' places on it
    kind : "poles" (from the mean of `low` to that of `high`), "pairs" (the i-th item of `low` belongs to the i-th of
        `high`; the mean of their differences, or with `component` their first principal component), "separator"
        (across the plane that a logistic regression draws between the poles), "column" (along which the numbers in
        `column` grow fastest), "rest" (no direction: how much of each item the axes named in `of` leave unexplained)
    low, high : the poles, where the kind has some
    """

    name: str
    kind: str = "poles"
    low: Pole | None = None
    high: Pole | None = None
    column: str | None = None
    component: bool = False
    of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _checked_name(self.name, "an axis")
        if self.kind not in AXIS_KINDS:
            raise unknown_name("kind of axis", self.kind, AXIS_KINDS)
        if self.has_poles != (self.low is not None and self.high is not None):
            raise ParameterError(
                f"An axis of the kind {self.kind!r} {'needs two' if self.has_poles else 'has no'} poles."
            )
        if (self.kind == "column") != (self.column is not None) or not isinstance(self.column, str | None):
            raise ParameterError(
                f"The axis {self.name!r} of the kind {self.kind!r} names the column {ascii(self.column)[:60]}."
            )
        if self.kind == "pairs" and self.low and self.high and len(self.low.ids) != len(self.high.ids):
            raise ParameterError(
                f"The axis {self.name!r} pairs {len(self.low.ids)} items with {len(self.high.ids)}.",
                "Give as many on one side as on the other.",
            )
        object.__setattr__(self, "of", _texts(self.of, "The axes that are taken away", 100))
        if (self.kind == "rest") != bool(self.of):
            raise ParameterError(f"The axis {self.name!r} of the kind {self.kind!r} names the axes {list(self.of)}.")

    @property
    def has_poles(self) -> bool:
        """Whether it runs between two poles."""
        return self.kind in ("poles", "pairs", "separator")

    @property
    def ends(self) -> tuple[str, str]:
        """What is written at its two ends."""
        if self.low is not None and self.high is not None:
            return self.low.name, self.high.name
        return ("explained", "unexplained") if self.kind == "rest" else (f"less {self.column}", f"more {self.column}")

    def to_mapping(self) -> dict[str, Any]:
        """Return what differs from the defaults, as plain values."""
        return _plain(self)

    @classmethod
    def of_mapping(cls, given: object) -> AxisSpec:
        """Read an axis from plain values. Raises `ParameterError`."""
        parts = _parts(given, "axis", [field.name for field in fields(cls)])
        for side in ("low", "high"):
            if parts.get(side) is not None and not isinstance(parts[side], Pole):
                parts[side] = Pole.of(parts[side])
        if not isinstance(parts.get("component", False), bool):
            raise ParameterError(f"component is {parts['component']!r}; it should be true or false.")
        return cls(**parts)


def _plain(record: Pole | AxisSpec) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in fields(record):
        value = getattr(record, one.name)
        if value == one.default:
            continue
        if isinstance(value, Pole):
            value = value.to_mapping()
        found[one.name] = list(value) if isinstance(value, tuple) else value
    return found


def _parts(given: object, what: str, known: list[str]) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise ParameterError(f"The {what} is {str(given)[:60]!r}; it should be an object.")
    for name in given:
        if name not in known:
            raise unknown_name(f"part of a {what}", str(name), known)
    if "name" not in given:
        raise ParameterError(f"One {what} has no name.")
    return dict(given)


def _checked_name(name: object, of: str) -> None:
    if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME or not _whole(name):
        shown = ascii(name)[: LONGEST_NAME + 20]
        raise ParameterError(f"The name of {of} is {shown}; it should be 1 to {LONGEST_NAME} characters of text.")


def _whole(text: str) -> bool:
    """Whether a text holds no half characters, which no file and no page can hold."""
    return not any("\ud800" <= one <= "\udfff" for one in text)


def _texts(given: object, what: str, most: int) -> tuple[str, ...]:
    if (
        isinstance(given, str)
        or not isinstance(given, list | tuple)
        or not all(isinstance(one, str) and _whole(one) for one in given)
    ):
        raise ParameterError(f"{what} are {ascii(given)[:60]}; expected a list of texts.")
    if len(given) > most:
        raise ParameterError(f"{what} are {len(given):,}; {most:,} are enough.", "Draw some of them at random.")
    return tuple(given)
