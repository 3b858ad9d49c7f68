"""`solve FILE "king - man + woman"`: what a formula comes to, and how much that says."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

import pandas as pd

from cartography.concepts.arithmetic.answer import Answer
from cartography.concepts.formulas.tree import FormulaError
from cartography.progress import Progress
from dashboard.commands.base import Command, Terminal, add_input_flags, load, plain

__all__ = ["COMMAND", "as_json", "as_lines"]

_LISTED = 20  # inputs on a terminal


def _describe(parser: argparse.ArgumentParser) -> None:
    add_input_flags(parser)
    parser.add_argument(
        "formula",
        metavar="FORMULA",
        help='names with + and -, numbers that scale them, mean(a, b), parentheses: "king - man + woman"',
    )
    parser.add_argument("--top", metavar="N", type=int, default=10, help="how many items (default: %(default)s)")
    parser.add_argument("--metric", metavar="NAME", default="cosine", help="cosine (default), euclidean or dot")
    parser.add_argument("--raw", action="store_true", help="add vectors as long as they are, not with length 1")
    parser.add_argument("--with-inputs", action="store_true", help="leave the formula's own items in the answer")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="decides which random formulas are drawn")
    parser.add_argument("--json", action="store_true", help="the answer as JSON")


def _run(options: argparse.Namespace) -> None:
    from cartography.concepts.formulas.writing import caret

    try:
        with Terminal(options.quiet) as progress:
            answer = _answer(options, progress)
    except FormulaError as error:
        print(caret(options.formula, error), file=sys.stderr)
        raise
    if not options.quiet:
        for note in answer.notes:
            print(f"note: {plain(note)}", file=sys.stderr)
    if options.json:
        print(json.dumps(as_json(answer), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        print("\n".join(as_lines(answer)))


def _answer(options: argparse.Namespace, progress: Progress | None) -> Answer:
    from cartography.concepts import evaluate

    return evaluate(
        load(options, progress),
        options.formula,
        metric=options.metric,
        unit=False if options.raw else None,
        top=options.top,
        seed=options.seed,
        exclude_inputs=not options.with_inputs,
        progress=progress,
    )


def as_lines(answer: Answer) -> Iterator[str]:
    """Yield what a terminal shows: a table of neighbours, the inputs with their ranks, and the evidence."""
    yield _on_one_line(answer.formula)
    yield ""
    yield from _table(answer.neighbours)
    if len(answer.excluded):
        yield ""
        yield f"Left out: {_inputs(answer.excluded)}"
    yield ""
    yield _evidence(answer)


def as_json(answer: Answer) -> dict[str, Any]:
    """Return the answer in plain values; the keys are promised."""
    evidence = {name.replace(" ", "_"): value for name, value in answer.evidence.items()}
    return {
        "schema": 1,
        "formula": answer.formula,
        "metric": answer.metric,
        "unit": answer.unit,
        "neighbours": _records(answer.neighbours),
        "excluded": _records(answer.excluded),
        "evidence": evidence,
        "notes": list(answer.notes),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return json.loads(table.rename_axis("id").reset_index().to_json(orient="records", double_precision=9))


def _table(neighbours: pd.DataFrame) -> Iterator[str]:
    names = [_on_one_line(name) for name in neighbours["name"]]
    width = max(map(len, [*names, "name"]))
    yield f"rank  {'name':<{width}}  distance  rank for one input alone"
    for rank, (name, distance, alone) in enumerate(
        zip(names, neighbours["distance"], neighbours["alone"], strict=True), 1
    ):
        yield f"{rank:>4}  {name:<{width}}  {distance:>8.4f}  {f'{alone:,}':>4}"


def _inputs(excluded: pd.DataFrame) -> str:
    listed = excluded.head(_LISTED)
    ranks = listed.groupby("name", sort=False)["rank"].apply(lambda some: ", ".join(f"{rank:,}" for rank in some))
    shown = [f"{_on_one_line(name)} (rank {said})" for name, said in ranks.items()]
    more = len(excluded) - len(listed)
    return "; ".join(shown) + (f" and {more:,} items more" if more else "")


def _evidence(answer: Answer) -> str:
    offset = f"The first term is moved by a vector of length {answer.evidence['offset norm']:.4g}."
    if answer.chance is None:
        return offset
    share, count = answer.chance.percentile, len(answer.chance.similarities)
    return f"The best match is nearer than that of {share:.1f}% of {count:,} random formulas of this form. {offset}"


def _on_one_line(name: str) -> str:
    """A name that cannot move the cursor or break the table."""
    return "".join(letter if letter.isprintable() else " " for letter in name)


COMMAND = Command("solve", "work out a formula such as king - man + woman", _describe, _run)
