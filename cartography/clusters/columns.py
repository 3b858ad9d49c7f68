"""The columns that names of clusters are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import unknown_name
from cartography.items import picture_columns, title_column
from cartography.records import EmbeddingSet
from cartography.words import words_in

__all__ = ["Column", "Columns", "naming_columns"]

Rows = NDArray[np.intp]

_SHARE = 0.25  # a label names a cluster when at least this share of it carries the label
_LIFT = 0.1  # and when it is oftener there than elsewhere: the logarithm of how much
_TEXTUAL = ("str", "string", "category")
_MOST = 3  # columns that are looked at
_FEW = 200  # labels whose words are not used as words


@dataclass(frozen=True, eq=False)
class Column:
    """A column to be read as strings: `codes` (n,) say which of the distinct `kinds` an item has, -1 none."""

    codes: NDArray[np.int64]
    kinds: NDArray[np.object_]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, column: pd.Series) -> Column:
        """Return the column `column` of the items."""
        try:
            codes, kinds = pd.factorize(pd.Index(column), use_na_sentinel=True)
        except TypeError:  # lists, dicts and arrays in the cells
            codes, kinds = pd.factorize(pd.Index(column.map(repr, na_action="ignore")), use_na_sentinel=True)
        codes = np.asarray(codes, np.int64)
        return cls(codes, kinds.to_numpy(dtype=object), np.bincount(codes[codes >= 0], minlength=len(kinds)))

    def name(self, kind: int) -> str:
        """Return one of the distinct values as a string; they may be a million, so that is done for few."""
        return str(self.kinds[kind]).strip()

    @property
    def repeats(self) -> bool:
        """Whether values come back often enough to name groups of items by them."""
        return 1 < len(self.kinds) <= max(2, len(self.codes) // 3)

    def value(self, row: int) -> str:
        """Return the item's value, "" where it has none."""
        code = int(self.codes[row])
        return self.name(code) if code >= 0 else ""

    def shares(self, rows: Rows) -> dict[int, float]:
        """Return which values at least a quarter of the rows have, and what share of them."""
        found, times = np.unique(self.codes[rows], return_counts=True)
        share = times / max(len(rows), 1)
        return {int(k): float(s) for k, s in zip(found, share, strict=True) if k >= 0 and s >= _SHARE}

    def over_represented(self, rows: Rows) -> list[int]:
        """Return the values that are both frequent here and more frequent here than elsewhere, strongest first."""
        shares = self.shares(rows)
        lifts = {
            kind: share * float(np.log(share * len(self.codes) / self.counts[kind])) for kind, share in shares.items()
        }
        strong = [kind for kind, lift in lifts.items() if lift > _LIFT * shares[kind]]
        return sorted(strong, key=lambda kind: (-lifts[kind], kind))


@dataclass(frozen=True, eq=False)
class Columns:
    """What names are drawn from: `labels` repeat, best first; `texts` hold words; `titles` tell items apart."""

    labels: tuple[Column, ...]
    texts: Column | None
    titles: tuple[Column, ...]

    @classmethod
    def of(cls, embeddings: EmbeddingSet, label_by: str | None) -> Columns:
        """Return the columns of these items, `label_by` before all others."""
        names = naming_columns(embeddings, label_by)
        known = {name: Column.of(embeddings.items[name]) for name in names[:_MOST]}
        title = title_column(embeddings)
        if title is not None and title not in known:
            known[title] = Column.of(embeddings.items[title])
        labels = tuple(known[name] for name in names[:_MOST] if known[name].repeats)
        first = [title] if title is not None else []
        titles = tuple(known[name] for name in dict.fromkeys([*first, *names[:_MOST]]))
        return cls(labels, _richest([known[name] for name in names[:_MOST]]), titles)

    def __bool__(self) -> bool:
        return bool(self.titles)

    @cached_property
    def label_words(self) -> frozenset[str]:
        """The words of the first labels of every column, without regard to case."""
        firsts = (" ".join(map(str, column.kinds[:_FEW])) for column in self.labels)
        return frozenset(word.casefold() for first in firsts for word in words_in(first))


def naming_columns(embeddings: EmbeddingSet, label_by: str | None = None) -> list[str]:
    """Return the columns that names are drawn from, best first; columns of pictures are not read.

    Raises `ParameterError` when `label_by` is not a column.
    """
    items = embeddings.items
    if label_by is not None and label_by not in items.columns:
        raise unknown_name("column", label_by, map(str, items.columns))
    pictures = {embeddings.roles.get("image"), *picture_columns(embeddings)}
    roles = [embeddings.roles[role] for role in ("label", "text") if role in embeddings.roles]
    roles = [name for name in roles if name not in pictures]
    texts = [name for name in items.columns if name not in pictures]
    texts = [name for name in texts if items[name].dtype.kind in "OU" or str(items[name].dtype) in _TEXTUAL]
    wanted = [name for name in (label_by, *roles, *texts) if name is not None]
    return list(dict.fromkeys(wanted))


def _richest(columns: list[Column]) -> Column | None:
    """Return the column whose values hold the most words, if any does."""
    richness = [
        np.mean([sum(1 for _ in words_in(str(kind)[:400])) for kind in column.kinds[:200]] or [0])
        for column in columns
    ]
    return columns[int(np.argmax(richness))] if richness and max(richness) >= 1 else None
