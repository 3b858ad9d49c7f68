"""Further signs for and against an axis, and what was sampled: the notes beside its verdict."""

from __future__ import annotations

from cartography.concepts.evidence.axis_evidence import AxisEvidence
from cartography.concepts.evidence.bench import Bench
from cartography.concepts.evidence.firmness import one_by_one
from cartography.concepts.evidence.following import called_like, confounding, short
from cartography.concepts.evidence.naming import where_named

__all__ = ["signs_of"]

_LISTS = 200  # random lists where nothing is large
_MUCH = 0.5  # correlation with lengths, or cosine with the mean, that is worth a note
_SHAKY = 0.7  # cosine that is left without one member, below which it is too


def signs_of(found: AxisEvidence, bench: Bench) -> tuple[str, ...]:
    """Return one sentence for each."""
    return (*bench.notes, *_sampled(bench), *_against(found, bench), *_by_name(found, bench))


def _sampled(bench: Bench) -> list[str]:
    notes, n, drawn = [], len(bench.embeddings), len(bench.sample.rows)
    if drawn < n:
        notes.append(
            f"Shares of variance, random axes and columns are those of {drawn:,} of {n:,} items, drawn at random."
        )
    if bench.lists.count < _LISTS:
        notes.append(f"To be quick, {bench.lists.count} random lists were made instead of {_LISTS}.")
    return notes


def _against(found: AxisEvidence, bench: Bench) -> list[str]:
    notes = []
    if abs(found.norm_correlation) >= _MUCH:
        told = short(found.norm_correlation)
        notes.append(f"Places on it go with the lengths of the vectors (rank correlation {told}).")
    if abs(found.mean_cosine) >= _MUCH:
        told = short(found.mean_cosine)
        notes.append(
            f"It points along the mean of all vectors (cosine {told}): it may tell usual items from unusual ones."
        )
    if found.stability is not None and found.stability[0] < _SHAKY:
        told = short(found.stability[0])
        single = bench.sides is None or one_by_one(bench.sides, bench.making)
        why = "hangs on single members: without one" if single else "is not firm: with its members drawn anew"
        notes.append(f"It {why}, it turns as far as a cosine of {told}.")
    return notes


def _by_name(found: AxisEvidence, bench: Bench) -> list[str]:
    half = 0.0
    if bench.sides is not None:
        half = float(bench.axis.direction @ bench.sides.high.mean(axis=0)) - bench.axis.zero
    named = where_named(bench.embeddings, bench.axis, bench.metric, half, not found.sound)
    return named + called_like(bench.axis, found.columns) + _differing(found)


def _differing(found: AxisEvidence) -> list[str]:
    column = confounding(found.columns)
    if not column:
        return []
    detail = found.columns.detail[column]
    return [f"The poles differ in {column} as a rule ({detail}); members alike in it would tell the two apart."]
