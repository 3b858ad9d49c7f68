"""All the evidence for one axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from cartography.concepts.axes.axis import Axis
from cartography.concepts.evidence.alignments import alignments
from cartography.concepts.evidence.axis_evidence import AxisEvidence, Separation
from cartography.concepts.evidence.bench import Bench, bench_for
from cartography.concepts.evidence.column_strengths import column_strengths
from cartography.concepts.evidence.column_test import held_out_correlation
from cartography.concepts.evidence.firmness import firmness_of
from cartography.concepts.evidence.following import Followed, followed_axis, followed_column
from cartography.concepts.evidence.holding_out import hold_out, too_few
from cartography.concepts.evidence.members import making_of, members_of
from cartography.concepts.evidence.signs import signs_of
from cartography.concepts.evidence.verdict import is_founded, verdict_on
from cartography.errors import ParameterError
from cartography.progress import Progress, part_of
from cartography.records import EmbeddingSet

__all__ = ["judge_axis"]


def judge_axis(
    embeddings: EmbeddingSet,
    axis: Axis,
    others: Mapping[str, Axis] | None = None,
    *,
    metric: str = "cosine",
    seed: int = 0,
    progress: Progress | None = None,
) -> AxisEvidence:
    """Return what speaks for and against an axis that was found in these vectors, beside the `others` by their names.

    The axis itself may be among the others; it is left out. What was sampled is said in the notes. Raises
    `ParameterError` for an axis of other dimensions, and `Cancelled` out of `progress`.
    """
    others = {name: other for name, other in (others or {}).items() if name != axis.name}
    _checked(embeddings, [axis, *others.values()])
    bench = bench_for(embeddings, axis, metric, seed, part_of(progress, 0.0, 0.5))
    separation = bench.separation()
    along = None
    if axis.spec.kind == "column":
        told = part_of(progress, 0.5, 0.6)
        along = held_out_correlation(embeddings, str(axis.spec.column), bench.sample, seed, told)
    angles = alignments(bench, others, part_of(progress, 0.6, 0.8))
    columns = column_strengths(bench, _own_columns(axis, others), part_of(progress, 0.8, 1.0))
    followed, followers = _followed(bench, separation, (angles, others), columns)
    verdict = verdict_on(axis, separation, along, followed, followers)
    variance, by_chance = bench.variances()
    found = AxisEvidence(
        name=axis.name,
        separation=separation,
        correlation=None if along is None else along[0],
        correlation_chance=None if along is None else along[1],
        variance=variance,
        random_variance=by_chance,
        norm_correlation=bench.with_lengths(),
        mean_cosine=bench.with_mean(),
        angles=angles,
        columns=columns,
        stability=None if bench.sides is None else firmness_of(bench.sides, bench.making, axis.direction, seed),
        follows="" if followed is None else followed.name,
        verdict=verdict.sentence,
        sound=verdict.sound,
    )
    return replace(found, notes=signs_of(found, bench))


def _checked(embeddings: EmbeddingSet, axes: list[Axis]) -> None:
    for one in axes:
        if len(one.direction) != embeddings.dimensions:
            raise ParameterError(
                f"The axis {one.name!r} has {len(one.direction)} dimensions; the items have {embeddings.dimensions}.",
                "Find it in the same vectors.",
            )


def _own_columns(axis: Axis, others: Mapping[str, Axis]) -> frozenset[str]:
    """Columns that say nothing new: places on axes, and what this axis was made from."""
    poles = [pole.column for pole in (axis.spec.low, axis.spec.high) if pole is not None and pole.column is not None]
    return frozenset({axis.name, *others, *poles, *([axis.spec.column] if axis.spec.column is not None else [])})


def _followed(
    bench: Bench,
    separation: Separation | None,
    angles: tuple[pd.DataFrame, Mapping[str, Axis]],
    columns: pd.DataFrame,
) -> tuple[Followed | None, tuple[str, ...]]:
    own, founded = (None if separation is None else separation.auc), is_founded(separation)
    table, others = angles
    near = [str(name) for name, row in table.iterrows() if abs(row.cosine) > row.cosine_chance]
    theirs = {name: _held_out_auc(bench, others[name]) for name in near}
    followed, followers = followed_axis(bench.axis, table, own, founded, theirs)
    return followed or followed_column(bench.axis, columns, own), followers


def _held_out_auc(bench: Bench, other: Axis) -> float | None:
    """How well another axis tells its own poles apart; None where nothing can be held out, infinite without poles."""
    if not other.spec.has_poles:
        return np.inf
    sides, _ = members_of(bench.embeddings, other, bench.metric, bench.seed)
    if too_few(sides, other.ends):
        return None
    return hold_out(sides, making_of(other.spec, bench.embeddings, bench.metric), bench.seed).auc
