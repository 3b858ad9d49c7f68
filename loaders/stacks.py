"""Layers and epochs: embeddings of the same items whose names differ in one number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Series", "find_series"]

_NUMBER = re.compile(r"\d+")
_AXES = (
    ("layer", re.compile(r"layer|block|hidden|encoder|(^|[_.\-])(l|h)[_.\-]?$", re.IGNORECASE)),
    ("epoch", re.compile(r"epoch|(^|[_.\-])ep?[_.\-]?$", re.IGNORECASE)),
    ("checkpoint", re.compile(r"step|iter|checkpoint|ckpt|(^|[_.\-])stage|:$", re.IGNORECASE)),
    ("model", re.compile(r"model|seed|run|fold|version|(^|[_.\-])v[_.\-]?$", re.IGNORECASE)),
)


@dataclass(frozen=True)
class Series:
    """Names that differ in one number: what changes from one to the next, and their places in order."""

    key: str
    axis: str
    places: tuple[int, ...]


def find_series(names: Sequence[str], rows: Sequence[int]) -> list[Series]:
    """Return every series among names of things with so many rows each, longest first.

    The members of a series have equally many rows, and the word before the number says layer, epoch or the like.
    """
    groups: dict[tuple[str, str, int], list[tuple[int, int]]] = {}
    for place, (name, count) in enumerate(zip(names, rows, strict=True)):
        for match in _NUMBER.finditer(name):
            before, after = name[: match.start()], name[match.end() :]
            if _axis(before) and len(match[0]) < 12:
                groups.setdefault((before, after, count), []).append((int(match[0]), place))
    found = [_series(before, after, members) for (before, after, _), members in groups.items()]
    return sorted((one for one in found if one is not None), key=lambda one: -len(one.places))


def _series(before: str, after: str, members: list[tuple[int, int]]) -> Series | None:
    numbers = [number for number, _ in members]
    if len(members) < 2 or len(set(numbers)) < len(numbers):
        return None
    return Series(f"{before}*{after}", _axis(before) or "", tuple(place for _, place in sorted(members)))


def _axis(before: str) -> str | None:
    """Return what changes, judged by the word before the number."""
    return next((axis for axis, pattern in _AXES if pattern.search(before)), None)
