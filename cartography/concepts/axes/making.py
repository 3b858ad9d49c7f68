"""An axis in one call: its ends named by words, rows, flags or values of a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.finding import find_axis
from cartography.concepts.axes.poles import pole_of
from cartography.concepts.formulas.names import Names
from cartography.concepts.formulas.tree import Name
from cartography.errors import ParameterError, ShapeError
from cartography.items import title
from cartography.records import AxisSpec, EmbeddingSet, Pole
from cartography.records.axis_spec import LONGEST_NAME

__all__ = ["axis"]

_NAMED = 3  # items that the name of a pole lists
_LONGEST = 36  # characters of a pole's name, so that two make the name of an axis

End = str | Sequence[str] | ArrayLike | Mapping[str, Any] | Pole
Rows = NDArray[np.int64]


def axis(
    embeddings: EmbeddingSet,
    low: End | None = None,
    high: End | None = None,
    *,
    name: str | None = None,
    pairs: Sequence[tuple[str, str]] | None = None,
    column: str | None = None,
    separator: bool = False,
    component: bool = False,
    metric: str = "cosine",
) -> Axis:
    """Return the concept axis from `low` to `high`, through `pairs`, or along a `column`: exactly one of the three.

    Parameters
    ----------
    low, high : each the name of an item (its id or its title), a list of names, an array of rows (m,) or of flags
        (n,) bool, a mapping {"column": ..., "values": [...]}, or a `Pole`. The axis runs from the mean of one to that
        of the other, or with `separator` straight across the plane of a logistic regression between them
    pairs : (low, high) names of items; the axis is the mean of their differences, or with `component` the first
        principal component of these, pointing from low to high
    column : a column of numbers or dates, along whose direction they grow fastest (ridge regression)
    name : what it is called; by default after its ends
    metric : under "cosine" all vectors have length 1 first

    Of a pole of more than 2,000 rows so many are drawn at random, which its notes say. Raises `ParameterError` where
    an item or a column is not there, poles are at the same place, or the choices do not go together; `ShapeError` for
    rows or flags that do not fit.

    >>> gender = axis(embeddings, ["man", "king"], ["woman", "queen"])
    >>> gender.places(embeddings.vectors)  # (n,) float32, below 0 on the side of man
    """
    _one_way(low is not None or high is not None, pairs is not None, column is not None)
    if component and pairs is None:
        raise ParameterError("A principal component is taken of pairs only.", "Give pairs, or leave component out.")
    if separator and (pairs is not None or column is not None):
        raise ParameterError("A separator runs between two poles.", "Give low and high, or leave separator out.")
    if column is not None:
        return find_axis(
            embeddings, AxisSpec(name or f"along {column}"[:LONGEST_NAME], "column", column=column), metric
        )
    if pairs is not None:
        ends, notes = _of_pairs(embeddings, pairs), list[str]()
    else:
        if low is None or high is None:
            raise ParameterError("An axis needs two ends.", "Give both low and high.")
        both = [_end(embeddings, given, side) for given, side in ((low, "low"), (high, "high"))]
        ends, notes = (both[0][0], both[1][0]), [note for _, note in both if note]
    kind = "pairs" if pairs is not None else "separator" if separator else "poles"
    spec = AxisSpec(name or f"{ends[0].name} – {ends[1].name}", kind, *ends, component=component)
    found = find_axis(embeddings, spec, metric)
    return replace(found, notes=(*notes, *found.notes))


def _one_way(*given: bool) -> None:
    if sum(given) != 1:
        found = "nothing" if not any(given) else "several ways at once"
        raise ParameterError(
            f"An axis is made from two ends, from pairs, or from a column; {found} was given.",
            "Give one of the three.",
        )


def _end(embeddings: EmbeddingSet, given: End, side: str) -> tuple[Pole, str]:
    """The pole that is meant, and what was drawn for it."""
    if isinstance(given, Pole):
        return given, ""
    if isinstance(given, Mapping):
        return _of_column(given, side), ""
    rows = _rows(embeddings, given, side)
    if not len(rows):
        raise ParameterError(f"There is nothing at the {side} end of the axis.", "Name at least one item for it.")
    pole = pole_of(embeddings, rows, _called(*_spoken(embeddings, given, rows)))
    if len(pole.ids) == len(rows):
        return pole, ""
    return pole, f"Of the {len(rows):,} items at the {side} end {len(pole.ids):,} were drawn at random."


def _spoken(embeddings: EmbeddingSet, given: str | Sequence[str] | ArrayLike, rows: Rows) -> tuple[list[str], int]:
    """The first few names of a pole, as they were given where they were, and how many there are."""
    if isinstance(given, str):
        return [given], 1
    said = [one for one in np.asarray(given).flat if isinstance(one, str)]
    if said:
        return said[:_NAMED], len(said)
    return [title(embeddings, int(row)) for row in rows[:_NAMED]], len(rows)


def _of_column(given: Mapping[str, Any], side: str) -> Pole:
    column, values = given.get("column"), given.get("values")
    if set(given) != {"column", "values"} or not isinstance(column, str) or isinstance(values, str) or not values:
        raise ParameterError(
            f"The {side} end is {dict(given)!r}.", 'It should look like {"column": "origin", "values": ["Japan"]}.'
        )
    texts = tuple(str(value) for value in values)
    return Pole(_called(list(texts[:_NAMED]), len(texts)), column=column, values=texts)


def _rows(embeddings: EmbeddingSet, given: str | Sequence[str] | ArrayLike, side: str) -> Rows:
    if isinstance(given, str):
        return _named(embeddings, [given])
    values = np.asarray(given)
    if values.dtype.kind in "UO" and all(isinstance(one, str) for one in values.flat):
        return _named(embeddings, [str(one) for one in values.flat])
    if values.dtype.kind == "b":
        if values.shape != (len(embeddings),):
            raise ShapeError(
                f"The flags of the {side} end have shape {values.shape}; expected ({len(embeddings)},), one per item."
            )
        return np.flatnonzero(values).astype(np.int64)
    if values.ndim != 1 or (values.dtype.kind not in "iu" and len(values)):
        raise ParameterError(
            f"The {side} end is an array of {values.dtype} of shape {values.shape}.", "Give names, rows, or flags."
        )
    rows = values.astype(np.int64)
    if len(rows) and not (rows.min() >= 0 and rows.max() < len(embeddings)):
        raise ShapeError(f"The {side} end names rows beyond 0 to {len(embeddings) - 1:,}.")
    return np.unique(rows)


def _named(embeddings: EmbeddingSet, texts: Sequence[str]) -> Rows:
    """The rows of items by their names, each once, in the order in which they are named."""
    names = Names(embeddings)
    rows = np.concatenate([names.rows(Name(text)) for text in texts]) if texts else np.empty(0, np.int64)
    return rows[np.sort(np.unique(rows, return_index=True)[1])]


def _of_pairs(embeddings: EmbeddingSet, pairs: Sequence[tuple[str, str]]) -> tuple[Pole, Pole]:
    if (
        isinstance(pairs, str)
        or not len(pairs)
        or not all(len(pair) == 2 and not isinstance(pair, str) for pair in pairs)
    ):
        raise ParameterError(
            "The pairs are not pairs.", 'They should look like [("man", "woman"), ("king", "queen")].'
        )
    sides = []
    for side in (0, 1):
        rows = [_alone(embeddings, str(pair[side])) for pair in pairs]
        ids = tuple(str(one) for one in embeddings.ids[rows])
        sides.append(Pole(_called([str(pair[side]) for pair in pairs[:_NAMED]], len(rows)), ids=ids))
    return sides[0], sides[1]


def _alone(embeddings: EmbeddingSet, text: str) -> int:
    rows = _named(embeddings, [text])
    if len(rows) > 1:
        raise ParameterError(f"{len(rows):,} items are called {text!r}; a pair is made of two.", "Name it by its id.")
    return int(rows[0])


def _called(names: list[str], count: int) -> str:
    """A few names, and how many more there are."""
    more = f" and {count - _NAMED:,} more" if count > _NAMED else ""
    listed = ", ".join(name.strip() or "?" for name in names[:_NAMED])
    room = _LONGEST - len(more)
    return (listed if len(listed) <= room else f"{listed[: room - 1]}…") + more
