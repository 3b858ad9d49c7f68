"""What people add to a map: tags, corrected cells, notes, bookmarks, names of clusters. As JSON both ways.

Nothing here touches the items themselves; every operation returns a new record.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from types import MappingProxyType
from typing import Any, NoReturn

from cartography.errors import CartographyError, ParameterError
from cartography.records.annotation_kinds import (
    LONGEST_COLUMN,
    LONGEST_NAME,
    Bookmark,
    Correction,
    Note,
    Value,
    checked_ids,
    checked_text,
    limited,
)

__all__ = ["LONGEST_TAG", "SCHEMA", "Annotations", "spelled_tag"]

SCHEMA = 1
LONGEST_TAG = 80
_PARTS = ("schema", "tags", "corrections", "notes", "bookmarks", "names")

Corrections = Mapping[str, Mapping[str, Correction]]
Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Annotations:
    """Everything that was added to one set of items, which are known by their ids.

    Attributes
    ----------
    tags : the ids under each tag; a tag without items is gone
    corrections : by column and id, what the cell should hold
    notes : words about items and places, oldest first
    bookmarks : by name, oldest first
    names : by cluster level (see `inspection.grouping.given_names`) and the id of the cluster's middle item, what a
        person calls the cluster

    Raises `ParameterError` for what is malformed, too long or too much.
    """

    tags: Mapping[str, frozenset[str]] = field(default_factory=dict)
    corrections: Corrections = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    bookmarks: Mapping[str, Bookmark] = field(default_factory=dict)
    names: Names = field(default_factory=dict)

    def __post_init__(self) -> None:
        tags = {spelled_tag(tag): checked_ids(ids) for tag, ids in self.tags.items() if ids}
        corrections = {column: dict(cells) for column, cells in self.corrections.items() if cells}
        names = {level: dict(given) for level, given in self.names.items() if given}
        object.__setattr__(self, "tags", MappingProxyType(tags))
        object.__setattr__(self, "corrections", _frozen(corrections))
        object.__setattr__(self, "notes", tuple(dict.fromkeys(self.notes)))
        object.__setattr__(self, "bookmarks", MappingProxyType(dict(self.bookmarks)))
        object.__setattr__(self, "names", _frozen(names))
        self._check_counts()
        self._check_texts()

    def _check_counts(self) -> None:
        limited("tags", len(self.tags))
        limited("tagged items", sum(map(len, self.tags.values())))
        limited("corrections", sum(map(len, self.corrections.values())))
        limited("notes", len(self.notes))
        limited("bookmarks", len(self.bookmarks))
        limited("items in bookmarks", sum(one.size for one in self.bookmarks.values()))
        limited("names", sum(map(len, self.names.values())))

    def _check_texts(self) -> None:
        for column, cells in self.corrections.items():
            checked_text(column, "The name of a column", LONGEST_COLUMN, empty=True)
            checked_ids(cells)
        for level, given in self.names.items():
            checked_text(level, "The name of a cluster level", LONGEST_NAME)
            checked_ids(given)
            for name in given.values():
                checked_text(name, "The name of a cluster", LONGEST_NAME)

    def __bool__(self) -> bool:
        return bool(self.tags or self.corrections or self.notes or self.bookmarks or self.names)

    def tagged(self, ids: Iterable[str], tag: str) -> Annotations:
        """Return these with a tag put on items."""
        name = spelled_tag(tag)
        return replace(self, tags={**self.tags, name: self.tags.get(name, frozenset()) | frozenset(ids)})

    def untagged(self, tag: str, ids: Iterable[str] | None = None) -> Annotations:
        """Return these with a tag taken off items, or off all."""
        left = frozenset() if ids is None else self.tags.get(tag, frozenset()) - frozenset(ids)
        return replace(self, tags={**self.tags, tag: left})

    def corrected(self, ids: Iterable[str], column: str, new: Value, old: Mapping[str, Value]) -> Annotations:
        """Return these with a cell of items corrected; `old` holds by id what the file says.

        An empty text is no value. Where the new value is what the file says, there is nothing to correct.
        """
        value = None if isinstance(new, str) and not new.strip() else new
        cells = dict(self.corrections.get(column, {}))
        for one in ids:
            was = old.get(one)
            if _same(was, value):
                cells.pop(one, None)
            else:
                cells[one] = Correction(was, value)
        return replace(self, corrections={**self.corrections, column: cells})

    def uncorrected(self, column: str, ids: Iterable[str] | None = None) -> Annotations:
        """Return these without the corrections of items in a column, or of all."""
        gone = set(self.corrections.get(column, {}) if ids is None else ids)
        cells = {one: cell for one, cell in self.corrections.get(column, {}).items() if one not in gone}
        return replace(self, corrections={**self.corrections, column: cells})

    def noted(self, note: Note) -> Annotations:
        """Return these with a note added."""
        return replace(self, notes=(*self.notes, note))

    def unnoted(self, note: Note) -> Annotations:
        """Return these without a note."""
        return replace(self, notes=tuple(one for one in self.notes if one != note))

    def bookmarked(self, bookmark: Bookmark) -> Annotations:
        """Return these with a bookmark, in place of one of the same name."""
        return replace(self, bookmarks={**self.bookmarks, bookmark.name: bookmark})

    def unbookmarked(self, name: str) -> Annotations:
        """Return these without the bookmark of this name."""
        return replace(self, bookmarks={one: kept for one, kept in self.bookmarks.items() if one != name})

    def renamed(self, level: str, item: str, name: str) -> Annotations:
        """Return these with a cluster's name given by hand; an empty name gives the old one back."""
        given = {one: called for one, called in self.names.get(level, {}).items() if one != item}
        if name.strip():
            given[item] = " ".join(name.split())
        return replace(self, names={**self.names, level: given})

    def tags_of(self, item: str) -> list[str]:
        """Return the tags of one item, in order."""
        return sorted(tag for tag, ids in self.tags.items() if item in ids)

    def to_json(self) -> str:
        """Return all as JSON, with the schema's number."""
        plain = {
            "schema": SCHEMA,
            "tags": {tag: sorted(ids) for tag, ids in self.tags.items()},
            "corrections": {
                column: {one: [cell.old, cell.new] for one, cell in cells.items()}
                for column, cells in self.corrections.items()
            },
            "notes": [note.as_json() for note in self.notes],
            "bookmarks": [bookmark.as_json() for bookmark in self.bookmarks.values()],
            "names": {level: dict(given) for level, given in self.names.items()},
        }
        return json.dumps(plain, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Annotations:
        """Read all from JSON that anybody may have written. Raises `ParameterError`."""
        try:
            plain = json.loads(text, parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            raise ParameterError("The notes are not valid JSON.") from error
        if not isinstance(plain, dict) or not set(plain) <= set(_PARTS):
            raise ParameterError(f"The notes should be a JSON object with {', '.join(_PARTS)}, and nothing else.")
        if plain.get("schema") != SCHEMA:
            found = repr(plain.get("schema"))[:40]
            raise ParameterError(f"The notes have schema {found}; this version reads schema {SCHEMA}.")
        try:
            return cls(**_read(plain))
        except CartographyError as error:
            raise ParameterError(f"The notes do not hold together: {error.message[:400]}", error.hint) from error
        except (RecursionError, TypeError, ValueError) as error:  # deep inside what a bookmark says of its map
            raise ParameterError("The notes do not hold together.") from error


def spelled_tag(given: object) -> str:
    """Return a tag as it is kept: without needless blanks. Raises `ParameterError`."""
    tag = " ".join(checked_text(given, "A tag", 10 * LONGEST_TAG).split())
    if ";" in tag or not tag.isprintable():
        raise ParameterError("A tag holds a semicolon, or something that cannot be seen.", "Use letters and blanks.")
    return checked_text(tag, "A tag", LONGEST_TAG)


def _read(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record's fields from plain values."""
    bookmarks = [Bookmark.from_json(one) for one in _plain(plain, "bookmarks", list)]
    return {
        "tags": {tag: checked_ids(_a(ids, list)) for tag, ids in _plain(plain, "tags", dict).items()},
        "corrections": {
            column: {one: _correction(cell) for one, cell in _a(cells, dict).items()}
            for column, cells in _plain(plain, "corrections", dict).items()
        },
        "notes": tuple(Note.from_json(one) for one in _plain(plain, "notes", list)),
        "bookmarks": {one.name: one for one in bookmarks},
        "names": {level: _a(given, dict) for level, given in _plain(plain, "names", dict).items()},
    }


def _plain(plain: Mapping[str, Any], name: str, kind: type) -> Any:
    return _a(plain.get(name, kind()), kind)


def _a(given: object, kind: type) -> Any:
    if not isinstance(given, kind):
        raise ParameterError(f"There is a {type(given).__name__} where a {kind.__name__} should be.")
    return given


def _correction(given: object) -> Correction:
    if not isinstance(given, list) or len(given) != 2:
        raise ParameterError("A correction is not a pair of an old and a new value.")
    return Correction(*given)


def _finite(number: str) -> float:
    found = float(number)
    return found if isfinite(found) else _refuse(number)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _same(one: Value, other: Value) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _frozen(nested: Mapping[str, dict[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    return MappingProxyType({name: MappingProxyType(inner) for name, inner in nested.items()})
