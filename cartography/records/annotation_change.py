"""What one step changed in annotations, so that it can be undone without undoing what others did since."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from cartography.records.annotation_kinds import Bookmark, Correction, Note
from cartography.records.annotations import Annotations

__all__ = ["Change", "difference"]

T = TypeVar("T")
Pair = tuple[T | None, T | None]
"""What was there before and after; None for nothing."""


@dataclass(frozen=True)
class Change:
    """What differs between two states, and `says`, the step in a few words.

    `tags` holds by tag the ids that lost it and those that got it; the others hold pairs of before and after.
    """

    says: str
    tags: Mapping[str, tuple[frozenset[str], frozenset[str]]]
    corrections: Mapping[tuple[str, str], Pair[Correction]]
    notes: tuple[tuple[Note, ...], tuple[Note, ...]]
    bookmarks: Mapping[str, Pair[Bookmark]]
    names: Mapping[tuple[str, str], Pair[str]]

    def __bool__(self) -> bool:
        return bool(self.tags or self.corrections or any(self.notes) or self.bookmarks or self.names)

    @property
    def size(self) -> int:
        """How many items and the like it is about: what it takes to remember it."""
        held = sum(one.size for pair in self.bookmarks.values() for one in pair if one is not None)
        tagged = sum(len(lost) + len(got) for lost, got in self.tags.values())
        return tagged + len(self.corrections) + sum(map(len, self.notes)) + len(self.names) + held + 1

    @property
    def reversed(self) -> Change:
        """The step that takes this one back."""
        return Change(
            self.says,
            _swapped(self.tags),
            _swapped(self.corrections),
            (self.notes[1], self.notes[0]),
            _swapped(self.bookmarks),
            _swapped(self.names),
        )

    def applied(self, to: Annotations) -> Annotations:
        """Return annotations with this change made; what it does not concern stays as it is."""
        tags = dict(to.tags)
        for tag, (lost, got) in self.tags.items():
            tags[tag] = (tags.get(tag, frozenset()) - lost) | got
        lost_notes, got_notes = self.notes
        kept = tuple(note for note in to.notes if note not in set(lost_notes))
        return Annotations(
            tags,
            _nested(_with(_flat(to.corrections), self.corrections)),
            (*kept, *got_notes),
            _with(to.bookmarks, self.bookmarks),
            _nested(_with(_flat(to.names), self.names)),
        )


def difference(before: Annotations, after: Annotations, says: str = "") -> Change:
    """Return the change that makes `after` of `before`."""
    tags = {}
    for tag in {**before.tags, **after.tags}:
        was, now = before.tags.get(tag, frozenset()), after.tags.get(tag, frozenset())
        if was is not now and was != now:
            tags[tag] = was - now, now - was
    gone, new = set(before.notes) - set(after.notes), set(after.notes) - set(before.notes)
    return Change(
        says,
        tags,
        _pairs(_flat(before.corrections), _flat(after.corrections)),
        (tuple(note for note in before.notes if note in gone), tuple(note for note in after.notes if note in new)),
        _pairs(before.bookmarks, after.bookmarks),
        _pairs(_flat(before.names), _flat(after.names)),
    )


K = TypeVar("K", bound=Hashable)


def _pairs(before: Mapping[K, T], after: Mapping[K, T]) -> dict[K, Pair[T]]:
    keys = {**before, **after}
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def _swapped(pairs: Mapping[K, tuple[T, T]]) -> dict[K, tuple[T, T]]:
    return {key: (after, before) for key, (before, after) in pairs.items()}


def _with(held: Mapping[K, T], pairs: Mapping[K, Pair[T]]) -> dict[K, T]:
    result = {key: value for key, value in held.items() if key not in pairs or pairs[key][1] is not None}
    result.update({key: after for key, (_, after) in pairs.items() if after is not None})
    return result


def _flat(nested: Mapping[str, Mapping[str, T]]) -> dict[tuple[str, str], T]:
    return {(outer, inner): value for outer, held in nested.items() for inner, value in held.items()}


def _nested(flat: Mapping[tuple[str, str], Any]) -> dict[str, dict[str, Any]]:
    nested: dict[str, dict[str, Any]] = {}
    for (outer, inner), value in flat.items():
        nested.setdefault(outer, {})[inner] = value
    return nested
