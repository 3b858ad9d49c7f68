"""First names for clusters, from the items' own words. The sources, in this order:

1. the label that is most over-represented in the cluster,
2. the word most over-represented in its texts (`words.py`),
3. the title of its medoid, if there are short ones,
4. the next words, alone and after the first; then a longer title,
5. two labels that share it, as in "Ash & Elm",
6. its first name, told apart from the one that bears it already (`epithets.py`): "North Ash".

No two clusters of one level share a name, whatever the case of its letters. On the finest level stand the towns of
the map, so the most important come first: one that stands for a coarse cluster is called as that is, as far as it
holds true where the town stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from cartography.clusters.columns import Column, Columns, naming_columns
from cartography.clusters.epithets import Place, apart, bearings
from cartography.clusters.words import Words, telling
from cartography.medoids import medoids, members, standing
from cartography.records import EmbeddingSet

__all__ = ["name_clusters", "naming_columns"]

Floats = NDArray[np.float32]
Labels = NDArray[np.int32]
Rows = NDArray[np.intp]

_LONGEST = 40  # characters in a name
_ROOM = 14  # of them for what tells it apart
_SHORT = 24  # characters of a title that is as good as a word
_A_NAME = 3  # small words that are a name, each with a capital; more are a sentence
_READ = 2_000  # items of a cluster that are looked at
_MIDDLE = 0.2  # of the way to the farthest region
_JOINERS = "\u200c\u200d"


def name_clusters(
    embeddings: EmbeddingSet,
    levels: Sequence[Labels],
    points: Floats,
    label_by: str | None = None,
    *,
    middles: Sequence[Labels] | None = None,
    places: Floats | None = None,
) -> list[tuple[str, ...]]:
    """Return one name per cluster for every level of labels (n,), coarse to fine.

    `points` (n, d) is the space in which medoids are looked for where `middles`, their rows, are not known. `places`
    (n, 2) is the map as it will be seen, north up, for names that say where a place lies. Where items have no words
    at all, clusters of the finest level are called by their medoid's id and regions by the points of the compass.
    """
    columns = Columns.of(embeddings, label_by)
    middles = [medoids(points, labels) for labels in levels] if middles is None else middles
    if not columns:
        regions = [_regions(places, middles[0])] if places is not None and len(levels) > 1 else []
        ids = _Register(places, middles[-1])
        towns = tuple(ids.named(town, iter([str(embeddings.ids[row])])) for town, row in enumerate(middles[-1]))
        return [*regions, *(() for _ in levels[len(regions) : -1]), towns]
    words = Words(columns.texts.value) if columns.texts else None
    known = [_Level(columns, words, labels, rows) for labels, rows in zip(levels, middles, strict=True)]
    return [*(_level_names(one, places) for one in known[:-1]), _town_names(known, standing(levels, middles), places)]


@dataclass(frozen=True, eq=False)
class _Level:
    """The clusters of one level and what could name them."""

    columns: Columns
    words: Words | None
    labels: Labels
    middles: Labels

    @cached_property
    def members(self) -> list[Rows]:
        """Up to 2,000 rows of every cluster."""
        count = len(self.middles)
        groups = self.labels + 1
        short = groups.astype(np.int16) if count < 2**15 - 1 else groups  # sorted in one pass
        rows, starts = members(short, _READ)
        return [rows[a:b] for a, b in pairwise(starts[1:])]

    @cached_property
    def counts(self) -> tuple[list[Counter[str]], list[int]]:
        """In how many texts of every cluster words occur, and how many texts those are."""
        return self.words.counted(self.members) if self.words else ([Counter() for _ in self.members], [1])

    @cached_property
    def telling(self) -> list[list[str]]:
        """The words that tell every cluster from the others, best first."""
        return telling(*self.counts) if self.words else [[] for _ in self.members]

    @cached_property
    def sizes(self) -> list[int]:
        """How many items every cluster holds."""
        return np.bincount(self.labels[self.labels >= 0], minlength=len(self.middles)).tolist()

    @cached_property
    def by_size(self) -> list[int]:
        """The clusters, largest first."""
        return sorted(range(len(self.sizes)), key=lambda one: -self.sizes[one])


class _Register:
    """Names that are given already, and where on the map their bearers lie."""

    def __init__(self, places: Floats | None, middles: Labels) -> None:
        self._taken: dict[str, Place | None] = {}
        self._places = None if places is None else places[middles].astype(float).tolist()

    def named(self, cluster: int, offers: Iterator[str]) -> str:
        """Return the first name offered that is free, else the first of all told apart from its bearer."""
        place = tuple(self._places[cluster]) if self._places is not None else None
        first = ""
        for name in map(_tidy, offers):
            first = first or name
            if name and name.casefold() not in self._taken:
                return self._given(name, place)
        base = _cut(first or "Unnamed", _LONGEST - _ROOM)
        if not first and base.casefold() not in self._taken:
            return self._given(base, place)
        others = apart(base, place, lambda name: self._taken.get(name.casefold()))
        return self._given(next(name for name in others if name.casefold() not in self._taken), place)

    def _given(self, name: str, place: Place | None) -> str:
        self._taken[name.casefold()] = place
        return name


def _level_names(level: _Level, places: Floats | None) -> tuple[str, ...]:
    """Return the names of a level, the largest clusters choosing first."""
    register = _Register(places, level.middles)
    names = {cluster: register.named(cluster, _offers([(level, cluster)])) for cluster in level.by_size}
    return tuple(names[cluster] for cluster in range(len(names)))


def _town_names(levels: list[_Level], stands: list[list[tuple[int, int]]], places: Floats | None) -> tuple[str, ...]:
    """Return the names of the finest level, those choosing first that stand for the largest clusters of all."""
    finest = levels[-1]
    people = [max(levels[level].sizes[one] for level, one in all_of) for all_of in stands]
    register = _Register(places, finest.middles)
    names = {}
    for town in sorted(finest.by_size, key=lambda town: -people[town]):
        names[town] = register.named(town, _offers([(levels[level], one) for level, one in stands[town]]))
    return tuple(names[town] for town in range(len(names)))


def _offers(clusters: list[tuple[_Level, int]]) -> Iterator[str]:
    """Offer names for the last of these clusters, which is part of all and stands for them, the coarsest first."""
    level, own = clusters[-1]
    columns, rows, town = level.columns, level.members[own], len(clusters) > 1
    for column in columns.labels:
        here = column.shares(rows)
        strong = [kind for one, at in clusters for kind in column.over_represented(one.members[at])]
        ruling = max(here, key=lambda kind: (here[kind], -kind), default=-1)
        yield from (
            column.name(kind) for kind in dict.fromkeys(strong) if kind == ruling or (kind in here and not town)
        )
    words = _words(clusters)
    titles = [column.value(int(level.middles[own])) for column in columns.titles]
    yield from words[:1]
    yield from (title for title in titles if len(title) <= _SHORT)
    for other in words[1:]:
        yield from (other, f"{words[0]} {other}")
    yield from titles
    for column in columns.labels:
        yield from _shared(column, rows)


def _words(clusters: list[tuple[_Level, int]]) -> list[str]:
    """Return the most telling words that occur in the last of the clusters, as they are written."""
    level, own = clusters[-1]
    if level.words is None:
        return []
    found = dict.fromkeys(word for one, at in clusters for word in one.telling[at] if word in level.counts[0][own])
    own_words = [word for word in found if word not in level.columns.label_words]
    return [level.words.written(word) for word in own_words or found]


def _shared(column: Column, rows: Rows) -> Iterator[str]:
    """Offer the two most frequent values of a cluster that they share."""
    shares = column.shares(rows)
    first = sorted(sorted(shares, key=lambda kind: (-shares[kind], kind))[:2])
    if len(first) == 2:
        yield " & ".join(sorted(_cut(_tidy(column.name(kind)), _LONGEST // 2 - 2) for kind in first))


def _regions(places: Floats, middles: Labels) -> tuple[str, ...]:
    """Return names for a few clusters of items without words: where on the map they lie."""
    centre = np.median(places[middles], axis=0)
    away = np.hypot(*(places[middles] - centre).T)
    names = [""] * len(middles)
    taken: set[str] = set()
    for one in np.argsort(away, kind="stable").tolist():
        x, y = (float(value) for value in places[middles[one]])
        point, second = bearings((x, y), (float(centre[0]), float(centre[1])))
        if away[one] < _MIDDLE * away.max() or len(names) == 1:
            point = "Midland"
        offers = chain([point, second, f"Far {point}"], apart(point, None, lambda _: None))
        names[one] = next(name for name in offers if name not in taken)
        taken.add(names[one])
    return tuple(names)


def _tidy(name: str) -> str:
    """Return a name on one line, without control characters, not too long for a map, with capitals."""
    shown = (c if c.isprintable() or c in _JOINERS else " " for c in name[:400])
    plain = " ".join("".join(shown).split()).strip(_JOINERS)
    if plain.islower():
        words = plain.split(" ")
        plain = " ".join(word[:1].upper() + word[1:] if len(words) <= _A_NAME else word for word in words)
    return _cut(plain[:1].upper() + plain[1:] if plain.islower() else plain, _LONGEST)


def _cut(name: str, longest: int) -> str:
    """Return a name of at most so many characters, cut between words where that leaves enough of it."""
    if len(name) <= longest:
        return name
    short = name[: longest - 1]
    whole = short.rpartition(" ")[0]
    return (whole if len(whole) > longest // 2 else short).rstrip(" ,.;:-" + _JOINERS) + "…"
