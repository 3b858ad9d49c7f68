"""The one gate that every format passes on its way to an `EmbeddingSet`.

What leaves here is float32, finite, with unique string ids; what had to be done for that is said in the notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.errors import LoadError
from cartography.progress import part_of
from cartography.records import EmbeddingSet, EmbeddingStack
from cartography.records.arrays import all_finite
from loaders.arrays.matrix import as_float32, as_matrix, bad_rows, empty_columns
from loaders.arrays.pictures import picture_provenance
from loaders.base import Reading
from loaders.items.identity import Identity, find_id_column, identify
from loaders.items.joining import Side, join
from loaders.items.remarks import dropped_text, remarks
from loaders.items.roles import guess_roles, unknown_column
from loaders.options import Options

__all__ = ["Part", "assemble", "assemble_stack"]


@dataclass(frozen=True, eq=False)
class Part:
    """One reading on its way through the gate: what it is called, and labels from elsewhere."""

    name: str
    reading: Reading
    sides: tuple[Side, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Ready:
    """A part with float32 vectors (n, d), of which the `bad` (n,) rows must go."""

    vectors: NDArray[np.float32]
    bad: NDArray[np.bool_]
    who: Identity
    roles: dict[str, str]
    notes: tuple[str, ...]
    part: Part


def assemble(part: Part, options: Options) -> EmbeddingSet:
    """Return the embeddings of one reading. Raises `LoadError` when nothing usable remains."""
    ready = _prepare(part, options)
    return _finish(ready, ready.bad, options)


def assemble_stack(parts: Sequence[Part], axis: str, positions: Sequence[str], options: Options) -> EmbeddingStack:
    """Return several readings of the same items as one stack; a row that is bad in one is dropped from all.

    Raises `LoadError` when the members do not hold the same items.
    """
    members = [_prepare(part, options) for part in parts]
    members = [members[0], *(_aligned(members[0], member) for member in members[1:])]
    bad = np.logical_or.reduce([member.bad for member in members])
    sets = [_finish(member, bad, options) for member in members]
    return EmbeddingStack(tuple(sets), axis, tuple(positions))


def _prepare(part: Part, options: Options) -> _Ready:
    reading = part.reading
    matrix, shaped = as_matrix(reading.vectors, options.by, part.name)
    items, joined, declared = _items(part, len(matrix), options)
    who = _with_chosen_columns(identify(items, options.id, declared), options)
    flawed = _flawed(reading, len(matrix))
    rows = _sample(len(matrix), options) if reading.rows is None else None
    if reading.rows is not None and who.column is None:
        who = _renumbered(who, reading.rows)
    if rows is not None:
        matrix, flawed = matrix[rows], flawed[rows]
        who = Identity(who.ids[rows], who.items.iloc[rows], who.column, who.notes)
    vectors = as_float32(matrix, part.name, part_of(options.progress, 0.8, 1.0))
    vectors, bad, cleaned = _clean(vectors, flawed, part, options)
    roles = guess_roles(who.items, _still_there(options, who), reading.roles)
    sampled = _said_sample(len(vectors), reading.total or len(reading.vectors), options)
    notes = (*part.notes, *reading.notes, *shaped, *joined, *who.notes, *sampled, *cleaned)
    return _Ready(vectors, bad, who, roles, notes, part)


def _items(part: Part, n: int, options: Options) -> tuple[pd.DataFrame, list[str], str | None]:
    """Return the n items with their columns, notes, and the id column that the format declares."""
    items = part.reading.items.reset_index(drop=True)
    declared = part.reading.id_column
    if options.by == "columns" or len(items) != n:
        items, declared = pd.DataFrame(index=range(n)), None
    notes: list[str] = []
    for side in part.sides:
        known = options.id or declared or find_id_column(items)
        items, said = join(items, side, known, options.label_shift, part.reading.rows)
        notes += said
    return items, notes, declared


def _with_chosen_columns(who: Identity, options: Options) -> Identity:
    if options.columns is None:
        return who
    wanted = [*options.columns, *(column for column in options.roles.values() if column)]
    for column in wanted:
        if column not in who.items.columns:
            raise unknown_column("item column", column, who.items)
    return Identity(who.ids, who.items[list(dict.fromkeys(wanted))], who.column, who.notes)


def _still_there(options: Options, who: Identity) -> dict[str, str]:
    """Return the chosen roles, by the columns' names after the id column left."""
    return {role: column for role, column in options.roles.items() if column != who.column or column in who.items}


def _flawed(reading: Reading, n: int) -> NDArray[np.int16]:
    """Return (n,) the number of the flaw of each row, counted from 1; 0 for none."""
    flawed = np.zeros(n, dtype=np.int16)
    for number, flaw in enumerate(reading.flaws, start=1):
        flawed[flaw.rows] = number
    return flawed


def _sample(n: int, options: Options) -> NDArray[np.int64] | None:
    if options.sample is None or options.sample >= n:
        return None
    return np.sort(np.random.default_rng(options.seed).choice(n, options.sample, replace=False))


def _renumbered(who: Identity, rows: NDArray[np.int64]) -> Identity:
    return Identity(pd.Index([str(row) for row in rows], dtype=object), who.items, None, who.notes)


def _said_sample(n: int, total: int, options: Options) -> tuple[str, ...]:
    if n == total or options.sample is None or options.by == "columns":
        return ()
    return (f"These are {n:,} of {total:,} rows, drawn at random (seed {options.seed}).",)


def _clean(
    vectors: NDArray[np.float32], flawed: NDArray[np.int16], part: Part, options: Options
) -> tuple[NDArray[np.float32], NDArray[np.bool_], list[str]]:
    """Drop empty columns; return the vectors, which rows are bad, and what to say."""
    bad = flawed > 0
    if not bad.any() and all_finite(vectors):
        return vectors, bad, []
    notes = []
    empty = empty_columns(vectors)
    if empty.any() and not empty.all():
        vectors = np.ascontiguousarray(vectors[:, ~empty])
        notes.append(f"{int(empty.sum()):,} of {len(empty):,} dimensions hold no number at all and were left out.")
    bad = bad | bad_rows(vectors)
    if bad.any():
        sentence = dropped_text(bad, flawed, part.reading.flaws)
        if options.keep == "error" or bad.all():
            raise LoadError(f"{part.name}: {sentence}", _bad_hint(bad))
        notes.append(f"{sentence} They were left out.")
    return vectors, bad, notes


def _bad_hint(bad: NDArray[np.bool_]) -> str:
    if bad.all():
        return "No row is left to draw; check how the file was written."
    return 'Repair these rows, or leave them out with keep="drop".'


def _aligned(first: _Ready, member: _Ready) -> _Ready:
    """Return `member` with its rows in the order of the first."""
    a, b = first.who.ids, member.who.ids
    if a.equals(b):
        return member
    if len(a) != len(b):
        raise LoadError(
            f"{member.part.name} has {len(b):,} rows, but {first.part.name} has {len(a):,}.",
            "Members of a stack hold the same items; leave the odd one out, or open it alone.",
        )
    rows = b.get_indexer(a)
    if (rows < 0).any():
        raise LoadError(
            f"{member.part.name} and {first.part.name} do not hold the same items: "
            f"{a[int((rows < 0).argmax())]!r} is missing from the first of the two.",
            "Open them one by one, and compare them over the ids they share.",
        )
    who = Identity(a, member.who.items.iloc[rows], member.who.column, member.who.notes)
    note = f"The rows of {member.part.name} were put into the order of {first.part.name}, by id."
    return _Ready(member.vectors[rows], member.bad[rows], who, member.roles, (*member.notes, note), member.part)


def _finish(ready: _Ready, bad: NDArray[np.bool_], options: Options) -> EmbeddingSet:
    vectors, items, notes = ready.vectors, ready.who.items, list(ready.notes)
    ids = ready.who.ids
    if bad.any():
        vectors, items, ids = vectors[~bad], items.iloc[np.flatnonzero(~bad)], ids[~bad]
    items = items.set_axis(ids, axis=0)
    items, roles, flat = _with_coordinates(vectors, items, ready.roles)
    notes += [*_said_roles(ready, options), *flat, *remarks(vectors)]
    return EmbeddingSet(
        vectors=vectors,
        items=items,
        name=ready.part.name,
        provenance=_provenance(ready, options),
        notes=tuple(dict.fromkeys(notes)),
        roles=roles,
    )


def _with_coordinates(
    vectors: NDArray[np.float32], items: pd.DataFrame, roles: dict[str, str]
) -> tuple[pd.DataFrame, dict[str, str], list[str]]:
    """Give two-dimensional vectors the columns x and y, so that they are shown as they are."""
    d = vectors.shape[1]
    if d == 3:
        return items, roles, ["The vectors have three dimensions already and can be shown as they are."]
    if d != 2 or {"x", "y"} <= set(roles):
        return items, roles, []
    added = {"x": vectors[:, 0], "y": vectors[:, 1]}
    names = {role: role if role not in items.columns else f"{role}_map" for role in added}
    items = items.assign(**{names[role]: values for role, values in added.items()})
    note = "The vectors have two dimensions already: they are a map, and are shown as they are (columns x and y)."
    return items, {**roles, **names}, [note]


def _said_roles(ready: _Ready, options: Options) -> list[str]:
    guessed = {role: column for role, column in ready.roles.items() if role not in options.roles}
    said = [f"{column!r} as {role}" for role, column in guessed.items()]
    if ready.who.column is not None and options.id is None:
        said.insert(0, f"{ready.who.column!r} as id")
    return [f"Guessed from names and content: {', '.join(said)}."] if said else []


def _provenance(ready: _Ready, options: Options) -> dict[str, Any]:
    stored = ready.part.reading.vectors
    known = {"dtype": str(stored.dtype), "shape": list(stored.shape), **ready.part.reading.provenance}
    if options.by == "rows":
        known |= picture_provenance(stored)
    if ready.part.sides:
        known["labels"] = [side.name for side in ready.part.sides]
    if options.sample is not None:
        known |= {"sample": options.sample, "seed": options.seed}
    return known
