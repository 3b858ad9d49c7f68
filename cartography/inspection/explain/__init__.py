"""What sets some items apart from all others: values, numbers, dates, words, dimensions; the few strongest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from cartography.columns import Column, columns_of
from cartography.errors import ShapeError
from cartography.inspection.explain import dimensions, quantities, words
from cartography.inspection.explain.categories import compare_missing, compare_values
from cartography.inspection.explain.difference import KINDS, Difference, Explanation
from cartography.inspection.explain.redundancy import Held, says_the_same
from cartography.inspection.explain.sides import Sides
from cartography.inspection.explain.statistics import corrected
from cartography.inspection.explain.tried import Tried
from cartography.progress import Progress, report
from cartography.records import EmbeddingSet

__all__ = ["KINDS", "Difference", "Explanation", "explain"]

_MOST, _DIMENSIONS = 6, 3
_SURE = 0.05  # the largest p, after correction, of a difference that is told
_WEAKEST = 0.1  # half of what counts as small
_WEIGHED = 100  # of the strongest differences of a column that are looked at for what they add
_TELLING = 0.5
_NAMED = 5
_FAMILIES = {"category": 0, "number": 1, "date": 1, "word": 2, "dimension": 3}
_STAGE = "Looking for what differs"


def explain(
    embeddings: EmbeddingSet,
    selected: NDArray[np.bool_],
    columns: Iterable[str] | None = None,
    vectors: NDArray[np.float32] | None = None,
    *,
    most: int = _MOST,
    most_dimensions: int = _DIMENSIONS,
    seed: int = 0,
    progress: Progress | None = None,
) -> Explanation:
    """Return how the selected items (n,) bool differ from all others, the strongest differences first.

    At most `most` differences of `columns` (all by default) and `most_dimensions` of `vectors` (n, d), those of the
    embeddings by default. Told is what is at least half of a small effect and, after correction for everything that
    was tested (see `Difference.p`), less likely than 5 % to come by chance; what only repeats a stronger difference
    is left out. Frequencies of values are exact. Numbers, words and vectors of large sides are sampled by `seed`,
    which the notes say.

    Raises `ShapeError` for a selection or vectors of another length, `ParameterError` for an unknown column,
    `Cancelled` when `progress` does.
    """
    sides = Sides.of(selected, len(embeddings), seed)
    inside, outside = len(sides.inside), len(sides.outside)
    if not inside or not outside:
        what = "Everything is selected: there is nothing to compare it with." if inside else "Nothing is selected."
        return Explanation((), inside, outside, notes=(what,))
    space = embeddings.vectors if vectors is None else vectors
    if len(space) != len(embeddings):
        raise ShapeError(f"There are {len(embeddings)} items but {len(space)} vectors.")
    known = columns_of(embeddings)
    asked = [known.named(name) for name in (known if columns is None else columns)]
    drawn = sides.drawn(words.LEAST)
    probe = np.concatenate(drawn)
    tried = list(_tried(asked, sides, probe, progress))
    report(progress, _STAGE, 0.9, "the dimensions")
    in_space = dimensions.compare_dimensions(space, sides, most_dimensions)
    tried += [in_space] if in_space is not None else []
    of_probe = np.arange(len(probe)) < len(drawn[0])
    found = _strongest(tried, of_probe, most)
    count = sum(len(one.p) for one in tried)
    return Explanation(tuple(found), inside, outside, count, tuple(_notes(asked, tried, sides)))


def _tried(
    columns: list[Column], sides: Sides, probe: NDArray[np.intp], progress: Progress | None
) -> Iterator[Tried]:
    """Compare the columns, each in the ways that fit what it holds."""
    for place, column in enumerate(columns):
        report(progress, _STAGE, 0.6 * place / len(columns), f"reading {column.name}")
        column.kind  # noqa: B018  (a column is read when it is first asked)
    among = sum(words.has_words(column) for column in columns)
    for place, column in enumerate(columns):
        report(progress, _STAGE, 0.6 + 0.3 * place / len(columns), column.name)
        made: list[Tried | None] = []
        if column.kind in ("categories", "texts"):
            made.append(compare_values(column, sides, probe))
        if words.has_words(column):
            made.append(words.compare_words(column, sides, probe, among))
        if column.kind in ("numbers", "dates") and not quantities.only_names_items(column):
            made.append(quantities.compare_quantity(column, sides, probe))
        if column.kind != "pictures":
            made.append(compare_missing(column, sides, probe))
        yield from (one for one in made if one is not None)


def _strongest(tried: list[Tried], inside: NDArray[np.bool_], most: int) -> list[Difference]:
    """Return the few differences that chance does not explain and that add something, strongest first."""
    told: list[Difference] = []
    said: list[tuple[Difference, Held]] = []
    times: dict[int, int] = {}
    for which, at, p in _ranked(tried):
        own = tried[which]
        if times.get(which, 0) >= own.most or (own.kind != "dimension" and len(said) >= most):
            continue
        one = own.told(at, p)
        if own.held is not None:
            held = own.held(at)
            if any(says_the_same(one, held, other, knew, inside) for other, knew in said):
                continue
            said.append((one, held))
        times[which] = times.get(which, 0) + 1
        told.append(one)
    return told


def _ranked(tried: list[Tried]) -> list[tuple[int, int, float]]:
    """Return (which, at, p) of everything sure and strong enough, strongest first."""
    if not tried:
        return []
    sizes = [len(one.p) for one in tried]
    families = np.repeat([_FAMILIES[one.kind] for one in tried], sizes)
    p = np.split(corrected(np.concatenate([one.p for one in tried]), families), np.cumsum(sizes)[:-1])
    found = []
    for which, (own, sure) in enumerate(zip(tried, p, strict=True)):
        good = _mattering(own, np.flatnonzero((sure <= _SURE) & (own.strength >= _WEAKEST)))
        best = good[np.argsort(-own.strength[good], kind="stable")][:_WEIGHED]
        found += [(float(own.strength[at]), which, int(at), float(sure[at])) for at in best]
    found.sort(key=lambda one: (-one[0], one[1], one[2]))
    return [(which, at, sure) for _, which, at, sure in found]


def _mattering(own: Tried, good: NDArray[np.intp]) -> NDArray[np.intp]:
    """Leave out rarer values where more frequent ones are about as telling, and words that are rarer at all."""
    if own.kind not in ("category", "word") or not len(good):
        return good
    more = good[own.effect[good] > 0]
    telling = own.strength[more].max(initial=0.0) >= _TELLING * own.strength[good].max()
    return more if telling or own.kind == "word" else good


def _notes(columns: list[Column], tried: list[Tried], sides: Sides) -> Iterator[str]:
    kinds = {one.kind for one in tried}
    among = sum(words.has_words(column) for column in columns)
    yield from _sampled("Numbers and dates were compared", kinds & {"number", "date"}, sides, quantities.DRAWN)
    yield from _sampled("Words were read", kinds & {"word"}, sides, words.texts_read(max(among, 1)))
    yield from _sampled("Dimensions were compared", kinds & {"dimension"}, sides, dimensions.DRAWN)
    compared = {one.column for one in tried}
    left_out = [column.name for column in columns if column.kind != "pictures" and column.name not in compared]
    if left_out:
        listed = ", ".join(left_out[:_NAMED]) + (" …" if len(left_out) > _NAMED else "")
        yield f"Not compared, as all values differ or all are the same: {listed}."


def _sampled(what: str, found: set[str], sides: Sides, most: int) -> Iterator[str]:
    if found and sides.sampled(most):
        inside, outside = (min(len(rows), most) for rows in (sides.inside, sides.outside))
        yield f"{what} in {inside:,} of these items and {outside:,} of all others, drawn at random."
