"""The single things a person puts on a map - a correction, a note, a bookmark - and how long and many they may be.

They are read from files that anybody may have written: everything is checked when a record is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from cartography.errors import ParameterError
from cartography.records.filter import Filter
from cartography.records.recipe import Recipe

__all__ = [
    "MOST",
    "Bookmark",
    "Correction",
    "Note",
    "Value",
    "checked_ids",
    "checked_text",
    "checked_value",
    "limited",
]

Value = str | int | float | bool | None
"""A cell as a plain value; None where an item has none."""

MOST = {
    "tags": 1_000,
    "tagged items": 2_000_000,
    "corrections": 1_000_000,
    "notes": 10_000,
    "bookmarks": 500,
    "items in bookmarks": 2_000_000,
    "names": 10_000,
}
"""How many of a kind are kept."""

LONGEST_ID = LONGEST_VALUE = 10_000
LONGEST_COLUMN = 1_000
LONGEST_NOTE = 4_000
LONGEST_NAME = 200
_MOST_FILTERS = 1_000
_LONGEST_RECIPE = 100_000
_WHOLE = 2**64
_KEY = 64  # characters of what names coordinates


@dataclass(frozen=True)
class Correction:
    """A cell as the file has it, as far as that is a plain value of bearable length, and as it should be."""

    old: Value
    new: Value

    def __post_init__(self) -> None:
        checked_value(self.old, "An old value")
        checked_value(self.new, "A corrected value")


@dataclass(frozen=True)
class Note:
    """Words about an item, by its id, or about the place (x, y) of the map whose coordinates `points` names."""

    text: str
    item: str | None = None
    points: str | None = None
    x: float | None = None
    y: float | None = None

    def __post_init__(self) -> None:
        checked_text(self.text, "A note", LONGEST_NOTE)
        if self.item is not None:
            checked_ids([self.item])
        place = (self.points, self.x, self.y)
        if (self.item is None) == any(part is None for part in place) or (self.item and place != (None,) * 3):
            raise ParameterError("A note is about an item or about a place of one map.")
        if self.points is not None:
            checked_text(self.points, "The name of a map's coordinates", _KEY)
            _checked_numbers((self.x, self.y), "The place of a note")

    def as_json(self) -> dict[str, Any]:
        """Return the note as plain values."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, given: object) -> Note:
        """Read a note from plain values. Raises `ParameterError`."""
        return cls(**_parts(given, "note", ("text", "item", "points", "x", "y"), ("text",)))


@dataclass(frozen=True)
class Bookmark:
    """Where somebody was, under a name.

    Attributes
    ----------
    points, view : the map's coordinates by name, and the place (x, y, zoom) on screen
    item : the id of the chosen item
    filters, picked, isolated : the conditions, and the ids of the items that were selected or drawn alone; None for
        no such choice. `says` puts the choice into words
    recipe : how the map was made
    """

    name: str
    points: str | None = None
    view: tuple[float, float, float] | None = None
    item: str | None = None
    filters: tuple[Filter, ...] = ()
    picked: frozenset[str] | None = None
    isolated: frozenset[str] | None = None
    says: str = ""
    recipe: Recipe | None = None

    def __post_init__(self) -> None:
        checked_text(self.name, "The name of a bookmark", LONGEST_NAME)
        checked_text(self.says, "The words on a bookmark", LONGEST_NOTE, empty=True)
        if self.points is not None:
            checked_text(self.points, "The name of a map's coordinates", _KEY)
        if self.view is not None:
            object.__setattr__(self, "view", _checked_numbers(self.view, "The view of a bookmark", 3))
            if self.view[2] <= 0:
                raise ParameterError(f"The zoom of a bookmark is {self.view[2]}; it should be above 0.")
        if self.item is not None:
            checked_ids([self.item])
        if self.recipe is not None:
            _check_recipe(self.recipe)
        object.__setattr__(self, "filters", tuple(self.filters))
        limited("filters of a bookmark", len(self.filters), _MOST_FILTERS)
        for part in ("picked", "isolated"):
            ids = getattr(self, part)
            object.__setattr__(self, part, None if ids is None else checked_ids(ids))

    @property
    def size(self) -> int:
        """How many ids it holds."""
        return len(self.picked or ()) + len(self.isolated or ())

    def as_json(self) -> dict[str, Any]:
        """Return the bookmark as plain values."""
        return {
            "name": self.name,
            "points": self.points,
            "view": None if self.view is None else list(self.view),
            "item": self.item,
            "filters": [asdict(one) for one in self.filters],
            "picked": None if self.picked is None else sorted(self.picked),
            "isolated": None if self.isolated is None else sorted(self.isolated),
            "says": self.says,
            "recipe": None if self.recipe is None else json.loads(self.recipe.to_json()),
        }

    @classmethod
    def from_json(cls, given: object) -> Bookmark:
        """Read a bookmark from plain values. Raises `ParameterError`."""
        names = ("name", "points", "view", "item", "filters", "picked", "isolated", "says", "recipe")
        parts = _parts(given, "bookmark", names, ("name",))
        if parts.get("view") is not None:
            parts["view"] = _checked_numbers(parts["view"], "The view of a bookmark", 3)
        parts["filters"] = tuple(map(_filter, _listed(parts.get("filters", []), "The filters of a bookmark")))
        for name in ("picked", "isolated"):
            if parts.get(name) is not None:
                parts[name] = checked_ids(_listed(parts[name], "The items of a bookmark"))
        if parts.get("recipe") is not None:
            parts["recipe"] = Recipe.from_json(json.dumps(parts["recipe"]))
        return cls(**parts)


def checked_text(given: object, what: str, longest: int, empty: bool = False) -> str:
    """Return a text that is one, and neither empty nor too long nor unwritable. Raises `ParameterError`."""
    if not isinstance(given, str):
        raise ParameterError(f"{what} is {type(given).__name__}, not text.")
    if len(given) > longest:
        raise ParameterError(f"{what} has {len(given):,} characters; at most {longest:,} are kept.")
    if not empty and not given.strip():
        raise ParameterError(f"{what} is empty.")
    _writable(given, what)
    return given


def checked_ids(given: Iterable[object]) -> frozenset[str]:
    """Return ids as a set of texts that can be written. Raises `ParameterError`."""
    try:
        ids = frozenset(given)
        joined = "".join(ids)  # type: ignore[arg-type]  # that is what is found out
    except TypeError as error:
        raise ParameterError("An id is not text.") from error
    _writable(joined, "An id")
    if len(joined) > LONGEST_ID and max(map(len, ids)) > LONGEST_ID:  # type: ignore[arg-type]
        raise ParameterError(f"An id has more than {LONGEST_ID:,} characters; such items cannot be marked.")
    return ids  # type: ignore[return-value]


def checked_value(given: object, what: str) -> Value:
    """Return a cell that is a plain value of bearable size. Raises `ParameterError`."""
    if isinstance(given, str):
        return checked_text(given, what, LONGEST_VALUE, empty=True)
    whole = isinstance(given, int) and abs(given) <= _WHOLE
    if given is None or whole or (isinstance(given, float) and isfinite(given)):
        return given  # type: ignore[return-value]
    raise ParameterError(f"{what} is neither text, nor a number of bearable size, nor true or false.")


def limited(what: str, count: int, most: int | None = None) -> None:
    """Raise `ParameterError` when there are more of a kind than are kept."""
    most = MOST[what] if most is None else most
    if count > most:
        raise ParameterError(f"There would be {count:,} {what}; at most {most:,} are kept.", "Take some away first.")


def _writable(text: str, what: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ParameterError(f"{what} holds half a character that cannot be written.") from error


def _parts(given: object, what: str, known: tuple[str, ...], needed: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(given, Mapping) or not set(needed) <= set(given) <= set(known):
        raise ParameterError(f"A {what} should have {', '.join(needed)}, and nothing beside {', '.join(known)}.")
    return dict(given)


def _listed(given: object, what: str) -> list[Any]:
    if not isinstance(given, list):
        raise ParameterError(f"{what} are not a list.")
    return given


def _checked_numbers(given: object, what: str, count: int = 2) -> tuple[float, ...]:
    numbers = given if isinstance(given, list | tuple) else ()
    plain = [one for one in numbers if isinstance(one, int | float) and not isinstance(one, bool)]
    if len(numbers) != count or len(plain) != count or not all(abs(one) < 1e300 for one in plain):
        raise ParameterError(f"{what} should be {count} finite numbers.")
    return tuple(map(float, plain))


def _check_recipe(recipe: Recipe) -> None:
    try:
        text = json.dumps(asdict(recipe), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ParameterError("The recipe of a bookmark holds more than plain values.") from error
    checked_text(text, "The recipe of a bookmark", _LONGEST_RECIPE)


def _filter(given: object) -> Filter:
    parts = _parts(given, "filter", ("column", "values", "low", "high", "missing"), ("column",))
    checked_text(parts["column"], "The column of a filter", LONGEST_COLUMN, empty=True)
    values = parts.get("values")
    if values is not None:
        parts["values"] = tuple(
            checked_text(one, "A value of a filter", LONGEST_VALUE, empty=True)
            for one in _listed(values, "The values of a filter")
        )
    bounds = [parts[name] for name in ("low", "high") if parts.get(name) is not None]
    _checked_numbers(bounds, "The bounds of a filter", len(bounds))
    if not isinstance(parts.get("missing", False), bool):
        raise ParameterError("Whether a filter keeps items without a value is neither true nor false.")
    return Filter(**parts)
