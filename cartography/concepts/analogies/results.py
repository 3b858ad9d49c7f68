"""How analogies came out, question by question and section by section."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.concepts.analogies.lookup import names_of
from cartography.concepts.analogies.questions import AnalogySet
from cartography.concepts.analogies.scoring import Standing
from cartography.records import EmbeddingSet

__all__ = ["TOP", "WAYS", "AnalogyResults", "questions_table", "sections_table"]

TOP = 5
"""Among how many the expected item is to be found, for the more lenient accuracy."""

WAYS = {
    "add": ("add", False),
    "mul": ("mul", False),
    "only_c": ("only_c", False),
    "only_b": ("only_b", False),
    "add_with_inputs": ("add", True),
    "mul_with_inputs": ("mul", True),
}
"""What is reported, by name: the method, and whether the three inputs may be the answer."""

_WORDS = "abcd"


@dataclass(frozen=True, eq=False)
class AnalogyResults:
    """What became of a set of analogies among n items.

    Attributes
    ----------
    questions : a row for each question whose four words are here: `line`, `section`; the names `a` to `d` of its
        items and their rows `a_row` to `d_row`; and for each of `WAYS` (as `add`) `add_answer` and its `add_row`,
        `add_place`, the place of d (1 is right; 0: d is an input and cannot come), and `add_right`
    sections : a row for each section and one for all, which has `total`: `section`, `questions` (answered),
        `left_out`; for each way `add`, the share of right answers, and `add_top5`, that of places from 1 to 5;
        `chance` and `chance_top5`, what guessing among the items gives
    candidates : how many items were searched
    missing : words that are no items, those first that cost most questions
    notes : what was left out, passed over or chosen
    """

    questions: pd.DataFrame
    sections: pd.DataFrame
    candidates: int
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def all(self) -> pd.Series:
        """The row of all questions together."""
        return self.sections.iloc[-1]

    def failures(self, way: str = "add", section: str | None = None) -> pd.DataFrame:
        """Return the questions, of one section or of all, that come out wrong, nearly right ones first."""
        table = self.questions[~self.questions[f"{way}_right"]]
        if section is not None:
            table = table[table["section"] == section]
        place = table[f"{way}_place"]
        return table.loc[place.where(place > 0, np.iinfo(np.int64).max).sort_values(kind="stable").index]


def questions_table(
    embeddings: EmbeddingSet,
    asked: AnalogySet,
    usable: NDArray[np.int64],
    rows: NDArray[np.int64],
    found: dict[tuple[str, bool], Standing],
) -> pd.DataFrame:
    """Return the table of the questions `usable` (m,), whose items are `rows` (m, 4)."""
    sections, lines = np.asarray(asked.section_of)[usable], np.asarray(asked.lines)[usable]
    columns: dict[str, object] = {"line": lines, "section": np.asarray(asked.sections, dtype=object)[sections]}
    columns |= {word: names_of(embeddings, rows[:, at]) for at, word in enumerate(_WORDS)}
    columns |= {f"{word}_row": rows[:, at] for at, word in enumerate(_WORDS)}
    for way, key in WAYS.items():
        standing = found[key]
        columns[f"{way}_answer"] = names_of(embeddings, standing.answer)
        columns[f"{way}_row"] = standing.answer
        columns[f"{way}_place"] = standing.place
        columns[f"{way}_right"] = standing.place == 1
    return pd.DataFrame(columns)


def sections_table(asked: AnalogySet, questions: pd.DataFrame, candidates: int) -> pd.DataFrame:
    """Return the table of the sections, in their order, and of all questions together, from the usable ones."""
    given = np.bincount(asked.section_of, minlength=len(asked.sections))
    parts = dict(iter(questions.groupby("section", sort=False)))
    rows = [
        _row(name, parts.get(name, questions.iloc[:0]), int(count), candidates)
        for name, count in zip(asked.sections, given, strict=True)
    ]
    whole = _row("all", questions, len(asked), candidates) | {"total": True}
    return pd.DataFrame([*rows, whole])


def _row(name: str, part: pd.DataFrame, given: int, candidates: int) -> dict[str, object]:
    return {
        "section": name,
        "questions": len(part),
        "left_out": given - len(part),
        **dict(_accuracies(part)),
        **dict(_chances(part, candidates)),
        "total": False,
    }


def _accuracies(part: pd.DataFrame) -> Iterator[tuple[str, float]]:
    for way in WAYS:
        place = part[f"{way}_place"]
        yield way, float((place == 1).mean())
        yield f"{way}_top{TOP}", float(place.between(1, TOP).mean())


def _chances(part: pd.DataFrame, candidates: int) -> Iterator[tuple[str, float]]:
    """What guessing among the items that are no inputs gives, where d is among them."""
    inputs = part[["a_row", "b_row", "c_row"]]
    left = candidates - inputs.nunique(axis=1)
    possible = ~inputs.eq(part["d_row"], axis=0).any(axis=1)
    for name, top in (("chance", 1), (f"chance_top{TOP}", TOP)):
        yield name, float((possible * np.minimum(1, top / np.maximum(left, 1))).mean())
