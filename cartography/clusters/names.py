"""First names for clusters, from the items' own words. Three sources, in this order:

1. the label that is most over-represented in the cluster,
2. the words most over-represented in its texts (class-based tf-idf, Grootendorst 2022; any language),
3. the label of its medoid.

No two clusters of one level share a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import unknown_name
from cartography.records import EmbeddingSet

__all__ = ["name_clusters", "naming_columns"]

Labels = NDArray[np.int32]

_WORD = re.compile(r"[^\W\d_][\w'’-]+")
_SHARE = 0.25  # a label names a cluster when at least this share of it carries the label
_TEXTS = 300  # texts read per cluster
_LONGEST = 40  # characters in a name


@dataclass(frozen=True)
class _Column:
    """A column as strings (n,), "" where it is empty, with how often each distinct value occurs."""

    values: NDArray[np.object_]
    codes: NDArray[np.int64]
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, column: pd.Series) -> _Column:
        codes, kinds = pd.factorize(column, use_na_sentinel=True)
        texts = [str(kind).strip() for kind in kinds]
        values = np.array([*texts, ""], dtype=object)[codes]
        return cls(values, np.asarray(codes), tuple(texts))

    @property
    def repeats(self) -> bool:
        """Whether values come back often enough to name groups of items by them."""
        return 1 < len(self.kinds) <= max(2, len(self.codes) // 3)


def naming_columns(embeddings: EmbeddingSet, label_by: str | None = None) -> list[str]:
    """Return the columns that names are drawn from, best first.

    Raises `ParameterError` when `label_by` is not a column.
    """
    items = embeddings.items
    if label_by is not None and label_by not in items.columns:
        raise unknown_name("column", label_by, map(str, items.columns))
    roles = [embeddings.roles[role] for role in ("label", "text") if role in embeddings.roles]
    pictures = embeddings.roles.get("image")
    texts = [name for name in items.columns if name != pictures]
    texts = [name for name in texts if items[name].dtype.kind in "OU" or str(items[name].dtype) in _TEXTUAL]
    wanted = [name for name in (label_by, *roles, *texts) if name is not None]
    return list(dict.fromkeys(wanted))


_TEXTUAL = ("str", "string", "category")


def name_clusters(
    embeddings: EmbeddingSet,
    levels: Iterable[Labels],
    points: NDArray[np.float32],
    label_by: str | None = None,
) -> list[tuple[str, ...]]:
    """Return one name per cluster for every level of labels (n,), coarse to fine.

    `points` (n, d) is the space whose medoids name clusters that nothing else names. Where items have no words at
    all, clusters of the finest level are called by their medoid's id and coarser ones, of which an id would say
    nothing, have no names.
    """
    levels = list(levels)
    columns = [_Column.of(embeddings.items[name]) for name in naming_columns(embeddings, label_by)[:3]]
    if not columns:
        return [*(() for _ in levels[:-1]), _name_level([], levels[-1], points, embeddings.ids)]
    return [_name_level(columns, labels, points, embeddings.ids) for labels in levels]


def _name_level(
    columns: list[_Column], labels: Labels, points: NDArray[np.float32], ids: pd.Index
) -> tuple[str, ...]:
    clusters = int(labels.max()) + 1 if len(labels) else 0
    members = _members(labels, clusters)
    label = next((column for column in columns if column.repeats), None)
    texts = _text_column(columns)
    words = _words(texts, members) if texts is not None else [[] for _ in members]
    names = [""] * clusters
    taken: set[str] = set()
    for cluster in sorted(range(clusters), key=lambda c: -len(members[c])):
        rows = members[cluster]
        offers = [
            *(_over_represented(label, rows) if label else ()),
            *_joined(words[cluster]),
            *_medoid_labels(columns, rows, points, ids),
        ]
        names[cluster] = _first_free(offers, taken)
        taken.add(names[cluster].casefold())
    return tuple(names)


def _members(labels: Labels, clusters: int) -> list[NDArray[np.intp]]:
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(clusters + 1))
    return [order[a:b] for a, b in pairwise(starts)]


def _over_represented(column: _Column, rows: NDArray[np.intp]) -> list[str]:
    """Return labels that are both frequent here and more frequent here than elsewhere, strongest first."""
    here = np.bincount(column.codes[rows][column.codes[rows] >= 0], minlength=len(column.kinds))
    everywhere = np.bincount(column.codes[column.codes >= 0], minlength=len(column.kinds))
    share = here / max(len(rows), 1)
    usual = everywhere / max(len(column.codes), 1)
    lift = np.log(np.maximum(share, 1e-12) / np.maximum(usual, 1e-12))
    strong = np.flatnonzero((share >= _SHARE) & (lift > 0.1))
    return [column.kinds[kind] for kind in strong[np.argsort(-(share * lift)[strong], kind="stable")]]


def _text_column(columns: list[_Column]) -> _Column | None:
    """Return the column whose values hold the most words, if any."""
    richness = [np.mean([len(_WORD.findall(kind)) for kind in column.kinds[:200]] or [0]) for column in columns]
    if not richness or max(richness) < 1:
        return None
    return columns[int(np.argmax(richness))]


def _words(column: _Column, members: list[NDArray[np.intp]]) -> list[list[str]]:
    """Return each cluster's most telling words, best first."""
    counts = [Counter(_tokens(column.values[rows[:: max(1, len(rows) // _TEXTS)]])) for rows in members]
    everywhere: Counter[str] = Counter()
    for one in counts:
        everywhere.update(one)
    average = sum(everywhere.values()) / max(len(counts), 1)
    return [_telling(one, everywhere, average) for one in counts]


def _tokens(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from dict.fromkeys(word.casefold() for word in _WORD.findall(text[:2000]))


def _telling(here: Counter[str], everywhere: Counter[str], average: float) -> list[str]:
    total = sum(here.values())
    score = {
        word: count / total * np.log1p(average / everywhere[word])
        for word, count in here.items()
        if count > 1 or total < 40
    }
    return sorted(score, key=lambda word: (-score[word], word))[:4]


def _joined(words: list[str]) -> Iterator[str]:
    """Offer the best word, then the best with each of the next."""
    if words:
        yield words[0].capitalize()
        for other in words[1:]:
            yield f"{words[0].capitalize()} {other}"


def _medoid_labels(
    columns: list[_Column], rows: NDArray[np.intp], points: NDArray[np.float32], ids: pd.Index
) -> Iterator[str]:
    if not len(rows):
        return
    place = points[rows]
    medoid = rows[int(np.argmin(((place - place.mean(axis=0)) ** 2).sum(axis=1)))]
    yield from (column.values[medoid] for column in columns)
    if not columns:
        yield str(ids[medoid])


def _first_free(offers: Iterable[str], taken: set[str]) -> str:
    usable = [name for name in map(_tidy, offers) if name] or ["Unnamed"]
    for name in usable:
        if name.casefold() not in taken:
            return name
    return next(name for name in (f"{usable[0]} {_roman(n)}" for n in count(2)) if name.casefold() not in taken)


def _roman(number: int) -> str:
    """Return a number as towns and kings carry it: II, III, IV."""
    signs = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
    result = ""
    for value, sign in (*signs, (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        result, number = result + sign * (number // value), number % value
    return result


def _tidy(name: str) -> str:
    """Return a name on one line, without control characters, not too long for a map, with a capital to begin."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in name[:400]).split())
    plain = plain[:1].upper() + plain[1:] if plain.islower() else plain
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1].rstrip() + "…"
