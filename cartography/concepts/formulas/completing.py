"""Names are completed while a formula is typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from cartography.concepts.formulas.faults import short
from cartography.concepts.formulas.name_index import NameIndex, folded
from cartography.concepts.formulas.reading import FUNCTIONS
from cartography.concepts.formulas.spellings import beginning, begins_word
from cartography.concepts.formulas.typing_place import Typed, typed_at
from cartography.concepts.formulas.writing import quoted

__all__ = ["Completion", "Suggestion", "complete"]

_GROUPS = 4  # groups that are suggested before items, where no sign asks for them
_KINDS = {"#": "town", "@": "selection"}


@dataclass(frozen=True)
class Suggestion:
    """`insert` is what is written into the formula, `shown` what the name looks like, `detail` what it is."""

    insert: str
    shown: str
    detail: str


@dataclass(frozen=True)
class Completion:
    """What may replace characters `start` to `end` of a formula, the likeliest first."""

    start: int
    end: int
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True)
class Known:
    """Where names are looked for: the items, how an item is written alone, and the groups with their sizes."""

    items: NameIndex
    name_of: Callable[[int], str]
    groups: dict[str, int]


def complete(known: Known, text: str, cursor: int, most: int = 12) -> Completion:
    """Return what the name at the cursor may become, at most so many; nothing where no name is being typed."""
    for typed in typed_at(text, cursor):
        suggestions = tuple(islice(_distinct(_suggested(known, typed, most)), most))
        if suggestions:
            return Completion(typed.start, typed.end, suggestions)
    return Completion(cursor, cursor)


def _suggested(known: Known, typed: Typed, most: int) -> Iterator[Suggestion]:
    small = folded(unicodedata.normalize("NFC", typed.text))
    if typed.sign:
        yield from _groups(known, typed.sign, small)
        yield from _items(known, typed.sign + small, most, "words") if small else ()
        return
    if not small.strip():
        return
    if typed.kind == "word":
        yield from (Suggestion(f"{one}(", f"{one}(…)", "function") for one in FUNCTIONS[:1] if _calls(typed.text))
    exact = known.items.rows(typed.text)
    yield from (_item(known, int(row)) for row in exact[:1])
    yield from islice((one for sign in _KINDS for one in _groups(known, sign, small, begin=True)), _GROUPS)
    yield from _items(known, small, most, typed.kind)


def _calls(text: str) -> bool:
    return len(text) > 1 and any(one.startswith(text.lower()) for one in FUNCTIONS)


def _groups(known: Known, sign: str, small: str, begin: bool = False) -> Iterator[Suggestion]:
    """Groups of one sign: those that begin with a text, then those with a word that does, then those that hold it."""
    names = [(name, folded(name[1:])) for name in known.groups if name.startswith(sign)]
    ranks = [(_rank(lowered, small), name) for name, lowered in names]
    for wanted in range(1 if begin else 3):
        for rank, name in ranks:
            if rank == wanted:
                size = known.groups[name]
                detail = f"{_KINDS[sign]} · {size:,} item{'' if size == 1 else 's'}"
                yield Suggestion(quoted(name[1:], sign), name, detail)


def _rank(name: str, text: str) -> int:
    if name.startswith(text):
        return 0
    return 1 if begins_word(name, text) else 2 if text in name else 3


def _items(known: Known, small: str, most: int, kind: str) -> Iterator[Suggestion]:
    """Items whose title begins with a text, has a word that does, or holds it; last those whose id begins with it."""
    spellings, ids = known.items.spellings, known.items
    yield from (_item(known, row) for row in islice(spellings.beginning(small), most))
    if kind == "number":
        return
    words, others = spellings.containing(small, most)
    yield from (_item(known, row) for row in (words if kind == "words" else [*words, *others]))
    if ids.titled:
        for row in islice(beginning(ids.small_ids, small), most):
            shown = f"{ids.ids[row]} · {ids.titles.texts[row].as_py()}"
            yield Suggestion(quoted(str(ids.ids[row])), short(shown), "item")


def _item(known: Known, row: int) -> Suggestion:
    title = known.items.titles.texts[row].as_py()
    count = len(known.items.titles.rows(title))
    if count > 1 and known.items.row(title) is None:
        return Suggestion(quoted(title), short(title), f"{count:,} items")
    return Suggestion(known.name_of(row), short(title), "item")


def _distinct(suggestions: Iterable[Suggestion]) -> Iterator[Suggestion]:
    seen: set[str] = set()
    for one in suggestions:
        if one.insert not in seen:
            seen.add(one.insert)
            yield one
