"""What an axis's name says by itself: whether another thing is called alike, and where items of that name lie."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.axes.axis import Axis
from cartography.concepts.evidence.members import counted
from cartography.items import title_column
from cartography.records import EmbeddingSet

__all__ = ["called_alike", "items_called", "names_its_ends", "where_named"]

_STEM = 4  # letters that two words share at their beginning, or one holds of the other
_MOST = 3
_MIDDLE = 0.35  # of the way from half-way to the mean of a pole

Rows = NDArray[np.int64]


def called_alike(name: str, other: str) -> bool:
    """Whether two names share a word, or one holds a word of the other, as "weight" and "Weight_in_lbs" do."""
    ours, theirs = _words(name), _words(other)
    return any(one == two or _holds(one, two) or _holds(two, one) for one in ours for two in theirs)


def names_its_ends(axis: Axis) -> bool:
    """Whether an axis is called by what its poles are called, as "man – woman": then its name claims nothing more."""
    said = set(_words(axis.name))
    return bool(said) and all(said & set(_words(end)) for end in axis.ends)


def items_called(embeddings: EmbeddingSet, name: str) -> Rows:
    """Return the rows of at most three items whose title is the name, begins with it, or begins it: "royal" does."""
    asked = name.casefold().strip()
    if len(asked) < _STEM:
        return np.empty(0, np.int64)
    column = title_column(embeddings)
    titles = embeddings.ids.to_series() if column is None else embeddings.items[column]
    first = titles.str.startswith((asked[0], asked[0].upper())).to_numpy(bool, na_value=False)
    few = np.flatnonzero(first)
    texts = [str(text).strip().casefold() for text in titles.iloc[few]]
    kept = [at for at, text in enumerate(texts) if text.startswith(asked) or _begins(text, asked)]
    kept.sort(key=lambda at: abs(len(texts[at]) - len(asked)))
    return few[kept[:_MOST]].astype(np.int64)


def where_named(embeddings: EmbeddingSet, axis: Axis, metric: str, half: float, doubted: bool) -> list[str]:
    """Return notes on where items of the axis's name lie on it; `half` is the place of the high pole's mean."""
    rows = items_called(embeddings, axis.name)
    if not len(rows) or not half > 0:
        return []
    parts = (counted(embeddings.vectors[rows], metric) @ axis.direction - axis.zero) / half
    return [
        _said(str(embeddings.ids[row]), float(part), axis.ends, doubted)
        for row, part in zip(rows, parts, strict=True)
    ]


def _said(item: str, part: float, ends: Sequence[str], doubted: bool) -> str:
    if abs(part) < _MIDDLE:
        more = ", which speaks against the name too" if doubted else ""
        return f"The item {item!r} lies in the middle of this axis{more}."
    return f"The item {item!r} lies towards {ends[int(part > 0)]!r}."


def _begins(text: str, asked: str) -> bool:
    return len(text) >= _STEM and asked.startswith(text)


def _holds(word: str, piece: str) -> bool:
    return len(piece) >= _STEM and piece in word


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name.casefold())
