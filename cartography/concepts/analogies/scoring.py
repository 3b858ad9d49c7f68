"""How near every item comes to the answer of an analogy, for many analogies and all items, in blocks.

With a : b as c : d, and cosines brought to 0..1 by p(x) = (1 + cos(x, item)) / 2, an item's score is

- add: p(b) + p(c) - p(a), which orders items as their cosine with b - a + c does (3CosAdd, Mikolov and others 2013)
- mul: p(b) p(c) / (p(a) + 0.001) (3CosMul, Levy and Goldberg 2014)
- only_c, only_b: p(c) and p(b): what can be answered without the analogy (Linzen 2016, who calls the former only-b)

Scores that differ by less than rounding are equal; of equal items the earlier one comes first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import for_each
from cartography.neighbours.metrics import unit_rows
from cartography.progress import Progress, report

__all__ = ["METHODS", "Standing", "standings"]

METHODS = ("add", "mul", "only_c", "only_b")

_EPSILON = 0.001
_ROUNDING = 1e-6  # of sums of three products of unit vectors in single precision
_ITEMS = 8_192  # in a block: the products with 1,024 words take 32 MB
_WORDS = 1_024  # whose products with a block are held at a time
_FEWEST = 1_024
_SCORES = 1 << 17  # at a time: they stay in the cache
_PAIRS = 1 << 27  # of items and questions in a block: half a second, which is how long stopping takes
_GATHERED = 1 << 21  # numbers, where the questions' own words are compared
_LOW = np.float32(-9)  # below every score

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Standing:
    """Of m questions, for one method: `place` (m,) of the expected item d, 1 for the first, and the `answer` (m,).

    A place of 0 says that d is one of the inputs and cannot come; an answer of -1, that no item is left.
    """

    place: Rows
    answer: Rows


@dataclass(frozen=True, eq=False)
class _Tally:
    """Of the items that are none of a question's own four: how many come before d, the best, and its score.

    Arrays (methods, m).
    """

    ahead: Rows
    best: Floats
    row: Rows

    @classmethod
    def empty(cls, m: int) -> _Tally:
        shape = (len(METHODS), m)
        return cls(np.zeros(shape, np.int64), np.full(shape, _LOW), np.full(shape, -1, np.int64))

    def take_in(self, other: _Tally) -> None:
        """Add what another block's items come to, whichever comes first."""
        self.ahead[...] += other.ahead
        earlier = (other.best == self.best) & (other.row < self.row)
        better = (other.row >= 0) & ((other.best > self.best) | earlier)
        self.best[better], self.row[better] = other.best[better], other.row[better]


def standings(
    vectors: Floats, rows: Rows, progress: Progress | None = None, stage: str = "Solving analogies"
) -> dict[tuple[str, bool], Standing]:
    """Return how questions `rows` (m, 4) come out among `vectors` (n, d), by method and whether inputs may answer.

    Vectors count with length 1.
    """
    own = _own_scores(vectors, rows)
    whole, lock = _Tally.empty(len(rows)), Lock()
    batches, step = list(_batches(rows)), min(_ITEMS, max(_FEWEST, _PAIRS // len(rows)))

    def work(first: int) -> None:
        units = unit_rows(vectors[first : first + step])
        part = _Tally.empty(len(rows))
        for batch in batches:
            _Batch(vectors, rows, own, batch).score(units, first, part)
        with lock:
            whole.take_in(part)

    for_each(work, range(0, len(vectors), step), lambda share: report(progress, stage, share))
    return dict(_settled(rows, own, whole))


def _scores(a: Any, b: Any, c: Any) -> tuple[Any, Any, Any, Any]:
    """The scores of items by each of the methods, from p(a), p(b) and p(c); what they are made of is used up."""
    add, mul = b + c, b * c
    add -= a
    a += _EPSILON
    mul /= a
    return add, mul, c, b


def _own_scores(vectors: Floats, rows: Rows) -> Numbers:
    """(methods, m, 4): how a, b, c and d themselves score."""
    own = np.empty((len(METHODS), *rows.shape))
    step = max(1, _GATHERED // (4 * vectors.shape[1]))
    for first in range(0, len(rows), step):
        part = rows[first : first + step]
        units = unit_rows(vectors[part.ravel()]).reshape(*part.shape, -1).astype(np.float64)
        nearness = (1 + units @ units.transpose(0, 2, 1)) / 2
        own[:, first : first + step] = _scores(nearness[:, 0].copy(), nearness[:, 1], nearness[:, 2])
    return own


def _batches(rows: Rows) -> Iterator[slice]:
    """Runs of questions that have few words together."""
    start = 0
    words: set[int] = set()
    for number, question in enumerate(rows[:, :3].tolist()):
        if len(words) + len(question) > _WORDS and not words.issuperset(question):
            yield slice(start, number)
            start, words = number, set()
        words.update(question)
    yield slice(start, len(rows))


class _Batch:
    """Some questions against blocks of items."""

    def __init__(self, vectors: Floats, rows: Rows, own: Numbers, part: slice) -> None:
        self.rows, self.part = rows[part], part
        words, places = np.unique(self.rows[:, :3], return_inverse=True)
        self.a, self.b, self.c = places.reshape(-1, 3).T
        self.units = unit_rows(vectors[words])
        self.low, self.high = _bounds(own[:, part, 3])

    def score(self, units: Floats, first: int, part: _Tally) -> None:
        """Put into `part` what a block of items, whose first row is `first`, comes to."""
        near = self.units @ units.T
        near += 1
        near *= 0.5
        width = -(-near.shape[1] // 8) * 8
        at_once = min(len(self.rows), max(1, _SCORES // width))
        above = np.zeros((at_once, width), np.bool_)
        for start in range(0, len(self.rows), at_once):
            some = slice(start, min(start + at_once, len(self.rows)))
            a, b, c = near[self.a[some]], near[self.b[some]], near[self.c[some]]
            self._count(some, _scores(a, b, c), first, above, part)

    def _count(self, some: slice, scores: Sequence[Floats], first: int, above: Any, part: _Tally) -> None:
        """Count the items that come before d, and find the best; the question's own four take no part."""
        rows, m, n = self.rows[some], len(self.rows[some]), scores[0].shape[1]
        expected = rows[:, 3] - first
        limits = np.where(expected >= n, self.low[:, some], self.high[:, some])
        inside = np.flatnonzero((expected >= 0) & (expected < n)).tolist()
        question, word = np.nonzero((rows >= first) & (rows < first + n))
        themselves = question, rows[question, word] - first
        each = np.arange(m)
        to = slice(self.part.start + some.start, self.part.start + some.start + m)
        for method, score in enumerate(scores):
            score[themselves] = _LOW
            np.greater(score, limits[method][:, None], out=above[:m, :n])
            ahead = np.bitwise_count(above[:m].view(np.uint64)).sum(axis=1, dtype=np.int64)  # eight at a time
            for one in inside:
                before, at = score[one, : expected[one]], some.start + one
                ahead[one] += np.count_nonzero((before > self.low[method, at]) & (before <= self.high[method, at]))
            best = score.argmax(axis=1)
            top = score[each, best]
            part.ahead[method, to], part.best[method, to] = ahead, top
            part.row[method, to] = np.where(top > _LOW, best + first, -1)


def _bounds(expected: Numbers) -> tuple[Floats, Floats]:
    """What an item must exceed to come before d: if its row is earlier, and if it is later."""
    rounding = _ROUNDING * (1 + expected)
    return (expected - rounding).astype(np.float32), (expected + rounding).astype(np.float32)


def _settled(rows: Rows, own: Numbers, others: _Tally) -> Iterator[tuple[tuple[str, bool], Standing]]:
    """Put d, and where they may answer the inputs, among all other items."""
    expected, asked = rows[:, 3], ~(rows[:, :3] == rows[:, 3:]).any(axis=1)
    for number, method in enumerate(METHODS):
        ahead, row = others.ahead[number].copy(), others.row[number].copy()
        best = others.best[number].astype(np.float64)
        place = np.where(asked, 1 + ahead, 0)
        yield (method, False), Standing(place, np.where(place == 1, expected, row))
        low, high = (bound.astype(np.float64) for bound in _bounds(own[number, :, 3]))
        for word in range(3):
            score, of = own[number, :, word], rows[:, word]
            new = (of != expected) & ~(rows[:, :word] == of[:, None]).any(axis=1)
            ahead += new & (score > np.where(of < expected, low, high))
            better = new & ((score > best) | ((score == best) & (of < row)))
            best, row = np.where(better, score, best), np.where(better, of, row)
        yield (method, True), Standing(1 + ahead, np.where(ahead == 0, expected, row))
