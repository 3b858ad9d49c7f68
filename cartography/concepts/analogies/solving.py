"""Sets of analogies solved among all items: by 3CosAdd and 3CosMul, with their inputs and without, beside baselines."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.analogies.lookup import rows_of_words
from cartography.concepts.analogies.questions import AnalogySet
from cartography.concepts.analogies.results import AnalogyResults, questions_table, sections_table
from cartography.concepts.analogies.scoring import standings
from cartography.errors import ParameterError, unknown_name
from cartography.inspection.wording import counted, cut
from cartography.neighbours.metrics import METRICS
from cartography.progress import Progress, ProgressEvent
from cartography.records import EmbeddingSet

__all__ = ["USUAL", "expected_seconds", "solve_analogies"]

USUAL = 200_000
"""How many of the most frequent words are usually searched in large vocabularies."""

_STAGE = "Solving analogies"
_LISTED = 3
_PER_SCORE = 1.7e-9  # seconds that one question takes per item
_PER_PRODUCT = 1.2e-11  # seconds per word, item and dimension


def solve_analogies(
    embeddings: EmbeddingSet,
    questions: AnalogySet,
    *,
    metric: str = "cosine",
    most_words: int | None = None,
    progress: Progress | None = None,
) -> AnalogyResults:
    """Return which items answer "a is to b as c is to what?", for every question whose four words are items.

    With `most_words` only the first so many items are words and answers. Analogies go by cosines whatever `metric`
    is; that is said. `progress` may stop it. Raises `ParameterError` where no question can be asked.
    """
    if metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    if most_words is not None and most_words < 1:
        raise ParameterError(f"most_words is {most_words}; it should be 1 or more.")
    n = min(len(embeddings), most_words or len(embeddings))
    known, folded = rows_of_words(embeddings, (word for words in questions.words for word in words), n)
    rows = np.array([[known.get(word, -1) for word in words] for words in questions.words], np.int64)
    usable = np.flatnonzero((rows >= 0).all(axis=1))
    missing = _missing(questions, known)
    if not len(usable):
        raise _nothing_to_ask(questions, missing, n)
    found = standings(embeddings.vectors[:n], rows[usable], _with_time_left(progress), _STAGE)
    table = questions_table(embeddings, questions, usable, rows[usable], found)
    notes = (
        *questions.notes,
        *_left_out(questions, len(usable), missing),
        *_assumed(rows[usable], folded, metric),
        *_first_items(embeddings, n),
    )
    return AnalogyResults(table, sections_table(questions, table, n), n, missing, notes)


def expected_seconds(embeddings: EmbeddingSet, questions: AnalogySet, most_words: int | None = None) -> float:
    """Return about how long `solve_analogies` takes on two cores such as ours; machines differ by a factor of two."""
    n = min(len(embeddings), most_words or len(embeddings))
    words = len({word for asked in questions.words for word in asked[:3]})
    return n * (len(questions) * _PER_SCORE + words * embeddings.dimensions * _PER_PRODUCT)


def _missing(questions: AnalogySet, known: dict[str, int]) -> tuple[str, ...]:
    """The words that are no items; first those that are named most often."""
    named = Counter(word for words in questions.words for word in words if word not in known)
    return tuple(word for word, _ in named.most_common())


def _nothing_to_ask(questions: AnalogySet, missing: tuple[str, ...], n: int) -> ParameterError:
    many = f"None of the {len(questions):,} questions names" if len(questions) > 1 else "The question does not name"
    return ParameterError(
        f"{many} four of the {n:,} items; not here are {_listed(missing)}.",
        "Items are called by their ids or their titles, in upper or lower case.",
    )


def _listed(words: tuple[str, ...]) -> str:
    shown = [repr(cut(word)) for word in words[:_LISTED]]
    more = f" and {len(words) - _LISTED:,} more" if len(words) > _LISTED else ""
    return ", ".join(shown) + more


def _left_out(questions: AnalogySet, usable: int, missing: tuple[str, ...]) -> list[str]:
    left = len(questions) - usable
    if not left:
        return []
    verb = "names words that are" if left == 1 else "name words that are"
    return [f"{left:,} of {counted(len(questions), 'question')} {verb} not here: {_listed(missing)}."]


def _assumed(rows: NDArray[np.int64], folded: int, metric: str) -> list[str]:
    notes = []
    if folded:
        notes.append(f"{counted(folded, 'word')} found by ignoring upper and lower case.")
    within = int((rows[:, :3] == rows[:, 3:]).any(axis=1).sum())
    if within:
        expect = "expects one of its own three words" if within == 1 else "expect one of their own three words"
        notes.append(f"{counted(within, 'question')} {expect}, which count as wrong while inputs are excluded.")
    if metric != "cosine":
        notes.append(f"Analogies go by cosines, although the map goes by {metric} distance.")
    return notes


def _first_items(embeddings: EmbeddingSet, n: int) -> list[str]:
    if n == len(embeddings):
        return []
    return [
        f"Only the first {n:,} of {len(embeddings):,} items are words and answers; this is usual where frequent words "
        "come first."
    ]


def _with_time_left(progress: Progress | None) -> Progress | None:
    """Return a callback that says how much time is left, going by how long the work took so far."""
    if progress is None:
        return None
    began = time.monotonic()

    def told(event: ProgressEvent) -> None:
        spent, done = time.monotonic() - began, event.fraction
        left = spent / done - spent if done > 0 else 0.0
        message = f"about {left:,.0f} s left" if spent > 1 and left >= 1 else ""
        progress(ProgressEvent(event.stage, done, message))

    return told
