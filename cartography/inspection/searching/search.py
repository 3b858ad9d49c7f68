"""Find items by words, patterns, ids and comparisons, quickly enough to follow every keystroke.

What can be typed stands in `asked`. Nothing that is typed raises: a query that is not finished yet, or wrong, finds
nothing and says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cartography.columns import Columns, columns_of
from cartography.errors import ParameterError
from cartography.inspection.searching.asked import Compared, Id, Part, Within, Words, parts_of, phrase_of
from cartography.inspection.searching.filters import mask_of
from cartography.inspection.searching.texts import ID, TextColumn, Texts, patience, texts_of
from cartography.items import describe, title_column
from cartography.records import EmbeddingSet

__all__ = ["Found", "Query", "Snippet", "order", "search"]

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Query:
    """What to look for, in which columns (none: the ids and all columns of texts), and whether it is a pattern."""

    text: str
    columns: tuple[str, ...] = ()
    regex: bool = False


@dataclass(frozen=True)
class Snippet:
    """Where an item was found: the column, and its text before, in and after the hit."""

    column: str
    before: str
    hit: str
    after: str


@dataclass(frozen=True, eq=False)
class Found:
    """The items found, (n,) bool; `problem` says why there is no answer yet, `note` what was not looked at."""

    query: Query
    mask: NDArray[np.bool_]
    problem: str = ""
    note: str = ""
    parts: tuple[Part, ...] = field(default=(), repr=False)
    _embeddings: EmbeddingSet | None = field(default=None, repr=False)

    @cached_property
    def count(self) -> int:
        """How many items were found."""
        return int(self.mask.sum())

    @property
    def asks(self) -> bool:
        """Whether anything was asked; an empty query finds nothing and is not wrong."""
        return bool(self.query.text.strip())

    def column_of(self, row: int) -> str | None:
        """Return the column that an item was found by, the ids' is "id"; None for an item that was not found."""
        found = self.snippet(row)
        return found.column if found is not None else None

    def snippet(self, row: int) -> Snippet | None:
        """Return where an item was found first; worked out now, so ask for few."""
        if self._embeddings is None or not self.mask[row]:
            return None
        texts, columns = texts_of(self._embeddings), columns_of(self._embeddings)
        if self.query.regex:
            return _marked(texts.of(self.query.columns), self.query.text, row)
        marked = (_shown(part, texts, columns, self.query.columns, row) for part in self.parts)
        return next((one for one in marked if one is not None), None)


def search(embeddings: EmbeddingSet, query: Query) -> Found:
    """Return the items that a query finds. The first search of any items takes longer: their texts are made ready."""
    nothing = np.zeros(len(embeddings), dtype=bool)
    if not query.text.strip():
        return Found(query, nothing)
    texts, columns = texts_of(embeddings), columns_of(embeddings)
    try:
        read = texts.of(query.columns)
        parts = () if query.regex else parts_of(query.text, columns)
        with patience():
            mask = _all(parts, texts, columns, read) if parts else nothing
            mask = _any(read, query.text) if query.regex else mask
    except ParameterError as error:
        return Found(query, nothing, problem=error.sentence)
    except UnicodeEncodeError:
        return Found(query, nothing, problem="The text holds half a character, which no text here has.")
    problem = "" if mask.any() else next((part.doubt for part in parts if isinstance(part, Words)), "")
    return Found(query, mask, problem, _unread(read, parts), parts, embeddings)


def order(found: Found, by: Iterable[int] | Rows, most: int = 100) -> Rows:
    """Return the rows of the hits to list first, at most so many.

    Items whose id or title is what was typed come first, then those whose id or title begins with it, then those
    that hold it as it was typed; within each, and for everything else, `by` says who comes first: all rows in some
    order, such as `MapScene.order`.
    """
    ordered = np.asarray(by, dtype=np.intp)
    rows = ordered[found.mask[ordered]]
    phrase = "" if found.query.regex or found._embeddings is None else phrase_of(found.parts)
    if not phrase or not len(rows) or found._embeddings is None:
        return rows[:most]
    texts = texts_of(found._embeddings)
    named = (ID, title_column(found._embeddings))
    names = [column for column in texts.columns if column.name in named]
    literal = re.escape(phrase)
    rank = np.full(len(rows), 3, dtype=np.int8)
    if re.search(r"\s", phrase):  # of a single word all have it
        rank[_any(texts.of(found.query.columns), literal, rows)] = 2
    rank[_any(names, f"^{literal}", rows)] = 1
    rank[_any(names, f"^{literal}$", rows)] = 0
    return rows[np.argsort(rank, kind="stable")][:most]


def _all(parts: Iterable[Part], texts: Texts, columns: Columns, read: tuple[TextColumn, ...]) -> NDArray[np.bool_]:
    """(n,) the items for which every part holds; what is quick to find out comes first, texts are asked last."""
    mask = np.ones(texts.n, dtype=bool)
    for part in sorted(parts, key=lambda one: isinstance(one, Words)):
        if isinstance(part, Compared):
            held = mask_of((part.by,), columns)
            mask &= _valued(part.by.column, columns) & ~held if part.negated else held
        elif isinstance(part, Id):
            mask &= _with_id(part.text, texts)
        elif isinstance(part, Within):
            mask &= _within(part, texts, columns)
        else:
            mask = _narrowed(mask, part.words, lambda word, rows: _word(read, word, rows))
    return mask


def _narrowed(
    mask: NDArray[np.bool_], words: Iterable[str], find: Callable[[str, Rows], NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    """(n,) the items that have every word; long words are rare: looked for first, they leave few to read."""
    rows = np.flatnonzero(mask)
    for word in sorted(words, key=len, reverse=True):
        rows = rows[find(word, rows)]
    found = np.zeros_like(mask)
    found[rows] = True
    return found


def _word(columns: Iterable[TextColumn], word: str, rows: Rows) -> NDArray[np.bool_]:
    """(r,) which of these items have a word in any of these columns."""
    found = np.zeros(len(rows), dtype=bool)
    for column in columns:
        if column.letters is not None and not set(word.lower()) <= column.letters:
            continue
        hits = column.matches(_pattern(column, word), rows)
        found |= hits
        if found.all():
            break
    return found


def _any(columns: Iterable[TextColumn], pattern: str, rows: Rows | None = None) -> NDArray[np.bool_]:
    """Which items match a pattern in any of these columns."""
    return np.logical_or.reduce([column.matches(pattern, rows) for column in columns])


def _pattern(column: TextColumn, word: str) -> str:
    return f"^{re.escape(word)}$" if column.numeric else re.escape(word)


def _within(part: Within, texts: Texts, columns: Columns) -> NDArray[np.bool_]:
    (column,) = texts.of((part.column,))
    if not part.whole:
        everyone = np.ones(texts.n, dtype=bool)
        return _narrowed(everyone, part.words, lambda word, rows: column.matches(re.escape(word), rows))
    found = column.matches(_whole(part.words))
    return ~found & _valued(part.column, columns) if part.negated else found


def _whole(choices: Iterable[str]) -> str:
    return rf"^\s*(?:{'|'.join(map(re.escape, choices))})\s*$"


def _with_id(text: str, texts: Texts) -> NDArray[np.bool_]:
    (ids,) = texts.of((ID,))
    same = ids.matches(f"^{re.escape(text)}$")
    return same if same.any() else ids.matches(f"^{re.escape(text)}")


def _valued(name: str, columns: Columns) -> NDArray[np.bool_]:
    column = columns[name]
    return column.values.notna().to_numpy() if column.numbers is None else ~np.isnan(column.numbers)


def _shown(part: Part, texts: Texts, columns: Columns, chosen: tuple[str, ...], row: int) -> Snippet | None:
    """Where an item fulfils a part."""
    if isinstance(part, Words):
        return _first(texts.of(chosen), (part.phrase, *part.words), row)
    if isinstance(part, Id):
        return _marked(texts.of((ID,)), f"^{re.escape(part.text)}", row)
    if isinstance(part, Within) and not part.negated:
        (column,) = texts.of((part.column,))
        return _marked([column], _whole(part.words), row) if part.whole else _first([column], part.words, row)
    name = part.column if isinstance(part, Within) else part.by.column
    return Snippet(name, "", describe(columns[name].values.iloc[row])[:200], "")


def _first(columns: Iterable[TextColumn], words: Iterable[str], row: int) -> Snippet | None:
    """The first of the words that an item's texts have, where they have it."""
    hits = (_marked([column], _pattern(column, word), row) for word in words for column in columns)
    return next((hit for hit in hits if hit is not None), None)


def _marked(columns: Iterable[TextColumn], pattern: str, row: int) -> Snippet | None:
    """The first hit of a pattern in an item's texts."""
    marks = ((column.name, column.mark(row, pattern)) for column in columns)
    return next((Snippet(name, *mark) for name, mark in marks if mark is not None), None)


def _unread(read: Iterable[TextColumn], parts: Iterable[Part]) -> str:
    """What was not looked at, in a sentence."""
    if parts and not any(isinstance(part, Words) for part in parts):
        return ""
    cut = [f"{column.name} {column.cut:,}" for column in read if column.cut is not None]
    return f"Of long texts only the first characters were searched: of {', of '.join(cut)}." if cut else ""
