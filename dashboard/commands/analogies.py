"""`analogies FILE QUESTIONS`: how many analogies hold, section by section, beside what needs no analogy at all."""

from __future__ import annotations

import argparse
import json
import sys
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd

from cartography.concepts import AnalogyResults, read_questions, solve_analogies
from cartography.concepts.analogies.questions import AnalogySet
from cartography.concepts.analogies.results import WAYS
from cartography.concepts.analogies.solving import USUAL, expected_seconds
from cartography.errors import ParameterError
from cartography.inspection.wording import counted, cut
from cartography.records import EmbeddingSet
from dashboard.commands.base import Command, Terminal, add_input_flags, load, plain

__all__ = ["COMMAND"]

_LONG = 20.0  # seconds that are said beforehand
_LONGEST = 32
_HEADS = {
    "section": "section",
    "questions": "questions",
    "left_out": "left out",
    "add": "3CosAdd",
    "mul": "3CosMul",
    "only_c": "only c",
    "only_b": "only b",
    "add_with_inputs": "3CosAdd, inputs in",
    "mul_with_inputs": "3CosMul, inputs in",
    "chance": "chance",
}
_LEGEND = (
    "Share of right answers. a is to b as c is to d; the three given words are excluded, but where inputs are in.\n"
    "only c, only b: the nearest to one given word alone, without any analogy."
)


def _describe(parser: argparse.ArgumentParser) -> None:
    add_input_flags(parser)
    parser.add_argument(
        "questions", metavar="QUESTIONS", type=Path, help="a text of lines `a b c d`, under lines `: section`"
    )
    parser.add_argument("--json", action="store_true", help="everything as JSON")
    parser.add_argument(
        "--most-words", metavar="N", type=int, help="search the first N items only, as is usual with many words"
    )
    parser.add_argument("--failures", metavar="N", type=int, default=0, help="list N questions that 3CosAdd fails")


def _run(options: argparse.Namespace) -> None:
    if options.failures < 0:
        raise ParameterError(f"--failures is {options.failures}; it should be 0 or more.")
    questions = read_questions(options.questions)
    with Terminal(options.quiet) as progress:
        embeddings = load(options, progress)
        if not options.quiet:
            _say_how_long(embeddings, questions, options.most_words)
        found = solve_analogies(embeddings, questions, most_words=options.most_words, progress=progress)
    if options.json:
        print(json.dumps(_as_json(found, options.failures), indent=2, ensure_ascii=False, allow_nan=False))
        return
    if not options.quiet:
        for note in found.notes:
            print(f"note: {plain(note)}", file=sys.stderr)
    print("\n".join(_lines(found)))
    print(f"\n{_LEGEND}")
    for line in _failures(found, options.failures):
        print(line)


def _say_how_long(embeddings: EmbeddingSet, questions: AnalogySet, most_words: int | None) -> None:
    seconds = expected_seconds(embeddings, questions, most_words)
    if seconds < _LONG:
        return
    n = min(len(embeddings), most_words or len(embeddings))
    shorter = f"; --most-words {USUAL} is usual and takes less" if n > USUAL else ""
    print(
        f"note: {counted(len(questions), 'question')} among {n:,} items take about {seconds:,.0f} s{shorter}.",
        file=sys.stderr,
    )


def _lines(found: AnalogyResults) -> list[str]:
    """The sections as a table, its numbers under each other."""
    rows = [list(_HEADS.values()), *([_cell(row[name]) for name in _HEADS] for _, row in found.sections.iterrows())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    return ["  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return _plain(value, _LONGEST) or "(no section)"
    if isinstance(value, float):
        return "-" if isnan(value) else "<0.1%" if 0 < value < 0.001 else f"{value:.1%}"
    return f"{value:,}"


def _plain(text: str, longest: int = 60) -> str:
    """A text of the file, for a terminal: without what steers one."""
    return "".join(character if character.isprintable() else "?" for character in cut(text, longest))


def _failures(found: AnalogyResults, most: int) -> list[str]:
    wrong = found.failures().iloc[:most]
    heads = [f"\nThe first {len(wrong):,} of {len(found.failures()):,} that fail, nearly right ones first:"]
    lines = [
        f"line {row.line}: {_plain(row.a)} : {_plain(row.b)} = {_plain(row.c)} : {_plain(row.d)}, "
        f"but {_plain(row.add_answer) or 'nothing'} came ({_where(row.add_place)})"
        for row in wrong.itertuples()
    ]
    return heads + lines if lines else []


def _where(place: int) -> str:
    return f"the expected one has place {place:,}" if place else "the expected one is an input"


def _as_json(found: AnalogyResults, most: int) -> dict[str, object]:
    sections = json.loads(found.sections.drop(columns="total").to_json(orient="records", double_precision=15))
    failures = found.failures().iloc[:most]
    return {
        "schema": 1,
        "candidates": found.candidates,
        "sections": sections[:-1],
        "all": sections[-1],
        "missing": list(found.missing),
        "failures": json.loads(_told(failures).to_json(orient="records")),
        "notes": list(found.notes),
    }


def _told(failures: pd.DataFrame) -> pd.DataFrame:
    """What is said of failures: the question, and for each way the answer and the place of d."""
    asked = ["line", "section", *"abcd"]
    return failures[[*asked, *(f"{way}_{what}" for way in WAYS for what in ("answer", "place"))]]


COMMAND = Command("analogies", "solve a file of analogies and say how many hold", _describe, _run)
