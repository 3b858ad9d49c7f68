"""One way in which some items differ from all others, and all that were found; each says itself in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cartography.inspection.wording import cut, date_words, number_words, share_words

__all__ = ["KINDS", "Difference", "Explanation"]

KINDS = ("category", "number", "date", "word", "dimension")


@dataclass(frozen=True)
class Difference:
    """One thing that is otherwise inside a selection than outside.

    Attributes
    ----------
    kind : "category" (a value of a column), "word" (in a column of texts), "number", "date" or "dimension"
    column : the column's name; empty for a dimension
    value : the category or word, as it is written; "" stands for no value at all. Of a dimension its number, from 0
    effect : of a category or word the share of the items inside that have it, minus that outside (-1 to 1); of a
        number or date the rank-biserial correlation: how much oftener an item inside has more than one outside than
        the other way round (-1 to 1; ties count for neither); of a dimension d', the difference of the means in
        standard deviations within the two sides
    strength : one scale for all kinds, which orders them: the size of Cohen's h, from 0 to π. Shares have it by
        definition; a rank-biserial r counts as 2 asin |r|, which is h of two shares that differ by r around a half.
        0.2 is small, 0.5 middling, 0.8 large by Cohen's convention
    p : of a difference this large by chance, corrected for everything that was tested: by Holm's method among values,
        words, numbers with dates, and dimensions, times how many of these four there are
    inside, outside : how many have the category or word; how many have a number or date, or were looked at
    of_inside, of_outside : how many were looked at, of which those are
    typical_inside, typical_outside : shares of a category or word; medians of a number, of a date in nanoseconds
        since 1970; means of a dimension
    share : of a dimension, the part of the squared distance between the two means that lies in it
    """

    kind: str
    column: str
    value: str
    effect: float
    strength: float
    p: float
    inside: int
    outside: int
    of_inside: int
    of_outside: int
    typical_inside: float
    typical_outside: float
    share: float = float("nan")

    @property
    def lift(self) -> float:
        """How many times as frequent a category or word is inside as outside; infinite where it is only inside."""
        if self.kind not in ("category", "word"):
            return float("nan")
        return self.typical_inside / self.typical_outside if self.typical_outside else float("inf")

    @property
    def sentence(self) -> str:
        """The difference in words, as plain text of bearable length."""
        if self.kind in ("category", "word"):
            return self._of_shares()
        if self.kind == "dimension":
            more = "higher" if self.effect > 0 else "lower"
            held = share_words(self.share)
            return (
                f"Dimension {self.value} is {more} by {abs(self.effect):.1f} standard deviations; it holds {held} of "
                "the difference."
            )
        return self._of_medians()

    def _of_shares(self) -> str:
        column, value = cut(self.column), cut(self.value)
        if self.kind == "word":
            what = f"“{value}” occurs in {column} for"
        else:
            what = f"{column} is {value} for" if self.value else f"{column} is missing for"
        here, there = share_words(self.typical_inside), share_words(self.typical_outside)
        return f"{what} {here}, against {there} of all others."

    def _of_medians(self) -> str:
        dated = self.kind == "date"
        more = ("later" if dated else "higher") if self.effect > 0 else ("earlier" if dated else "lower")
        words = date_words if dated else number_words
        here, there = words(self.typical_inside), words(self.typical_outside)
        if here == there:
            return f"{cut(self.column)} is mostly {more}, though the median is {here} inside and outside."
        return f"{cut(self.column)} is mostly {more}: the median is {here}, against {there} among all others."


@dataclass(frozen=True)
class Explanation:
    """How a selection differs from all other items, strongest first; nothing that chance would explain.

    `differences` holds the few strongest of the columns and of the dimensions. `inside` and `outside` count the items
    of the two sides, `tested` how many things were compared. `notes` say what was sampled and what was left out.
    """

    differences: tuple[Difference, ...]
    inside: int
    outside: int
    tested: int = 0
    notes: tuple[str, ...] = ()

    @property
    def of_columns(self) -> tuple[Difference, ...]:
        """Those of the items' columns."""
        return tuple(one for one in self.differences if one.kind != "dimension")

    @property
    def of_dimensions(self) -> tuple[Difference, ...]:
        """Those of the vectors themselves."""
        return tuple(one for one in self.differences if one.kind == "dimension")

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every difference in words."""
        return tuple(one.sentence for one in self.differences)

    @property
    def dimensions_hold(self) -> float:
        """The part of the squared distance between the two means that lies in the dimensions named."""
        return float(np.sum([one.share for one in self.of_dimensions]))
