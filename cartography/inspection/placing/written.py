"""A vector that somebody typed or pasted: numbers between commas, spaces or lines, or a JSON list."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from cartography.errors import ShapeError

__all__ = ["read_vector"]

_LONGEST = 1_000_000  # characters
_BETWEEN = re.compile(r"[\s,;]+")
# never two ways to read the same digits: a long word that is no number must not take long
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def read_vector(text: str, dimensions: int) -> NDArray[np.float32]:
    """Return the vector (dimensions,) float32 that a text holds; one pair of brackets around it is fine, or two.

    Raises `ShapeError` that says how many numbers were found and expected, or which word is none.
    """
    if len(text) > _LONGEST:
        raise ShapeError(f"The text has {len(text):,} characters; one vector needs no more than {_LONGEST:,}.")
    words = [word for word in _BETWEEN.split(_unbracketed(text.strip())) if word]
    for place, word in enumerate(words, start=1):
        if not _NUMBER.fullmatch(word):
            raise ShapeError(
                f"Word {place:,} is {word[:40]!r}, which is not a number.",
                f"Paste {dimensions:,} numbers between commas or spaces, such as 0.25, -1.5, 3e-2.",
            )
    if len(words) != dimensions:
        found = f"{len(words):,} number{' was' if len(words) == 1 else 's were'} found"
        raise ShapeError(f"{found}; a vector of this map has {dimensions:,}.", _hint(len(words), dimensions))
    with np.errstate(over="ignore"):
        return np.array([float(word) for word in words]).astype(np.float32)


def _unbracketed(text: str) -> str:
    for _ in range(2):
        if (text[:1], text[-1:]) in (("[", "]"), ("(", ")")):
            text = text[1:-1].strip()
    return text


def _hint(found: int, expected: int) -> str:
    if found == 2 * expected:
        return "Were the decimals written with a comma? Write them with a point."
    if found and found % expected == 0:
        return "This may be several vectors; bring those as a file."
    return "Paste one vector, made by the model that the map's vectors come from."
