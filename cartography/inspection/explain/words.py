"""Which words are more or less frequent in the texts inside than in those outside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.columns import Column
from cartography.inspection.explain.categories import FEWEST
from cartography.inspection.explain.shares import Counted
from cartography.inspection.explain.sides import Sides
from cartography.inspection.explain.tried import Tried
from cartography.remembering import remembered
from cartography.words import Texts, words_in

__all__ = ["DRAWN", "LEAST", "compare_words", "has_words", "texts_read"]

DRAWN, LEAST = 4_000, 1_000
"""Texts of either side that are read, of all columns together and of one column at least."""
_LENGTH, _CHARACTERS = 2_000, 2_000_000  # characters read of a text, and about how many of all
_RARE = 1_000  # a word is compared that is in one of so many texts
_TOLD = 3  # words of a column


def compare_words(column: Column, sides: Sides, probe: NDArray[np.intp], among: int = 1) -> Tried | None:
    """Compare how frequent every word is in a column of texts, one of `among`; None when no word comes back."""
    most = texts_read(among)
    inside, outside = sides.drawn(most)
    rows = np.concatenate([inside, outside])
    length = int(np.clip(_CHARACTERS // among // len(rows), 50, _LENGTH))
    names, codes = column.names, column.codes
    texts = Texts(lambda row: names[codes[row]] if codes[row] >= 0 else "")
    known: dict[str, int] = {}
    read = [[known.setdefault(word, len(known)) for word in texts.words(row, length)] for row in rows.tolist()]
    sizes = np.fromiter(map(len, read), np.intp, len(read))
    word = np.fromiter((one for text in read for one in text), np.intp, int(sizes.sum()))
    text = np.repeat(np.arange(len(rows)), sizes)
    everywhere = np.bincount(word, minlength=len(known))
    called = list(known)
    tested = np.flatnonzero((everywhere >= max(FEWEST, len(rows) // _RARE)) & (everywhere <= len(rows) - FEWEST))
    if not len(tested):
        return None
    tested = tested[np.argsort([-len(called[one]) for one in tested], kind="stable")]  # longer before their parts

    def held(at: int) -> NDArray[np.bool_]:
        """Of the probe's rows that were read; the others do not have it."""
        return np.isin(probe, rows[text[word == tested[at]]])

    return Counted(
        kind="word",
        column=column.name,
        inside=np.bincount(word[text < len(inside)], minlength=len(known))[tested],
        everywhere=everywhere[tested],
        of_inside=len(inside),
        of_outside=len(outside),
        named=lambda at: texts.form(called[tested[at]])[0],
        held=held,
    ).tried(_TOLD)


@remembered
def has_words(column: Column) -> bool:
    """Whether a column holds texts in which some word comes back; ids have none that does."""
    if column.kind != "texts":
        return False
    read = [word.casefold() for name in column.names[:LEAST] for word in set(words_in(name[:_LENGTH]))]
    return len(set(read)) < len(read)


def texts_read(among: int) -> int:
    """Return how many texts of either side are read in each of `among` columns."""
    return max(DRAWN // among, LEAST)
