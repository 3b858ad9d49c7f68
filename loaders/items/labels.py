"""Which labels and metadata go with the vectors: those asked for, those named or listed, or a file plainly beside."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from cartography.errors import LoadError
from loaders.arrays.tensors import TOKEN_TABLE
from loaders.base import Columns, Reading
from loaders.files.source import Source
from loaders.items.joining import Side
from loaders.items.sentencepiece import NAMES as SENTENCEPIECE
from loaders.items.sentencepiece import pieces_of
from loaders.items.vocabulary import token_columns
from loaders.options import Options
from loaders.plans import Plan
from loaders.together import VOCABULARIES, Bundle, file_path, partner_of, reader_of

__all__ = ["sides_for"]

_OWN_ROWS = ("vectors", "pictures", "coordinates", "numbers", "stack", TOKEN_TABLE)


def sides_for(
    bundle: Bundle, plan: Plan, labels: Any, reading: Reading, options: Options
) -> tuple[list[Side], list[str]]:
    """Return what describes the items of `reading`, and notes on files that could have but do not.

    Raises `LoadError` when a file that a person asked for cannot be read.
    """
    rows = reading.total or (len(reading.vectors) if reading.vectors.ndim else 0)
    if options.by == "columns":
        return [], []
    if labels is not None:
        return [_given(labels, rows, options)], []
    if reading.side is not None:
        return [_read(reading.side, rows, options, asked=True)], []
    if bundle.sides:
        return _listed(bundle, plan, rows, options)
    member, key = plan.parts[0]
    kind = next((one.kind for one in member.candidates if one.key == key), plan.candidate.kind)
    partner = partner_of(member.source, kind) if options.beside and bundle.alone else None
    return _try([partner], rows, options, kind == TOKEN_TABLE) if partner is not None else ([], [])


def _given(labels: Any, rows: int, options: Options) -> Side:
    """Take labels that a person gave: a file, or the values themselves."""
    if isinstance(labels, pd.DataFrame):
        frame = labels.reset_index() if labels.index.name else labels
        return Side("The given table", Columns(frame.set_axis(frame.columns.astype(str), axis=1)), rows)
    if isinstance(labels, (str, os.PathLike)):
        return _read(Source(file_path(labels)), rows, options, asked=True)
    try:
        return Side("The given list", Columns(pd.DataFrame({"label": list(labels)})), rows)
    except (TypeError, ValueError) as error:
        raise LoadError(
            f"labels is {labels!r:.60}; it should be a file, a list or a table.", "Give the path of a file as text."
        ) from error


def _listed(bundle: Bundle, plan: Plan, rows: int, options: Options) -> tuple[list[Side], list[str]]:
    """Read the files of the bundle that describe items; those that a person listed must fit."""
    fits_all = plan.candidate.kind in _OWN_ROWS
    vocabularies = [source for source in bundle.sides if source.name in VOCABULARIES]
    others = [source for source in bundle.sides if source not in vocabularies]
    best = sorted(vocabularies, key=lambda source: VOCABULARIES.index(source.name))[:1]
    asked = fits_all and (bundle.listed or (len(bundle.members) == 1 and len(others) == 1 and not best))
    tokens = plan.candidate.kind == TOKEN_TABLE
    if asked:
        sides = [_read(source, rows, options, asked=True) for source in others]
        known, notes = _try(best, rows, options, tokens)
        return sides + known, notes
    return _try([*best, *others], rows, options, tokens)


def _try(sources: list[Source], rows: int, options: Options, tokens: bool) -> tuple[list[Side], list[str]]:
    """Read files that nobody asked for; those that cannot be labels of these items are left aside."""
    sides, aside = [], []
    for source in sources:
        try:
            side = _read(source, rows, options, asked=False)
        except LoadError:
            aside.append(source.name)
            continue
        if side.columns.numbered and not tokens and len(side.columns.frame) != rows:
            aside.append(source.name)  # a vocabulary numbers the rows of the token table, and of nothing else
        else:
            sides.append(side)
    return sides, [f"Not used: {', '.join(aside)}."] if aside else []


def _read(source: Source, rows: int, options: Options, asked: bool) -> Side:
    if source.name in SENTENCEPIECE:
        return Side(source.name, token_columns(pieces_of(source)), rows, asked)
    columns = reader_of(source).read_columns(source, rows, options)
    if columns.frame.shape[1] == 0:
        raise LoadError(f"{source.name} holds no labels and no metadata.", "It should have one row per vector.")
    return Side(source.name, columns, rows, asked)
