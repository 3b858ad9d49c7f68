"""All the evidence for one axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cartography.concepts.axes.axis import Axis
from cartography.concepts.evidence.alignments import alignments
from cartography.concepts.evidence.axis_evidence import AxisEvidence
from cartography.concepts.evidence.bench import Bench, bench_for
from cartography.concepts.evidence.column_strengths import column_strengths
from cartography.concepts.evidence.column_test import held_out_correlation
from cartography.concepts.evidence.firmness import firmness_of
from cartography.concepts.evidence.following import (
    Other,
    Own,
    bearing_out,
    confounding,
    followed_axis,
    followed_column,
)
from cartography.concepts.evidence.holding_out import hold_out, too_few
from cartography.concepts.evidence.members import making_of, members_of
from cartography.concepts.evidence.naming import called_alike
from cartography.concepts.evidence.signs import signs_of
from cartography.concepts.evidence.verdict import Beside, own_verdict, verdict_on
from cartography.errors import ParameterError, unknown_name
from cartography.neighbours.metrics import METRICS
from cartography.progress import Progress, part_of
from cartography.records import EmbeddingSet

__all__ = ["judge_axis"]

_MOSTLY = 0.5  # share of the smaller of two poles that both have, from which they are for the most part the same


def judge_axis(
    embeddings: EmbeddingSet,
    axis: Axis,
    others: Mapping[str, Axis] | None = None,
    *,
    metric: str | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> AxisEvidence:
    """Return what speaks for and against an axis that was found in these vectors, beside the `others` by their names.

    The axis itself may be among the others; it is left out. `metric` is the one it was found under, by default any
    that fits. What was sampled is said in the notes. Raises `ParameterError` for an axis of other dimensions or
    another metric, and `Cancelled` out of `progress`.
    """
    metric = _metric_of(axis, metric)
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
    by_itself = own_verdict(axis, separation, along)
    own = Own(by_itself.sound, bench.held_out, axis.spec.has_poles)
    followed, followers = followed_axis(axis, angles, own, _others(bench, angles, others))
    named = bearing_out(axis, columns)
    followed = None if named else followed or (None if _named_for_its_poles(axis) else followed_column(columns, own))
    verdict = verdict_on(axis, by_itself, followed, Beside(followers, named, confounding(columns)))
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


def _metric_of(axis: Axis, metric: str | None) -> str:
    """The metric by which vectors count as they did when the axis was found."""
    fitting = [one for one in METRICS if (one == "cosine") == axis.unit]
    if metric is not None and metric not in METRICS:
        raise unknown_name("metric", metric, METRICS)
    if metric is not None and metric not in fitting:
        found = "vectors of length 1" if axis.unit else "vectors as long as they are"
        raise ParameterError(
            f"The axis {axis.name!r} was found on {found}; {metric} counts them otherwise.",
            f"Judge it under {' or '.join(fitting)}.",
        )
    return metric or fitting[0]


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


def _named_for_its_poles(axis: Axis) -> bool:
    """Whether it bears the name of the column whose values are its poles: then it is what it is called."""
    poles = [pole.column for pole in (axis.spec.low, axis.spec.high) if pole is not None]
    return any(column is not None and called_alike(axis.name, column) for column in poles)


def _others(bench: Bench, angles: pd.DataFrame, others: Mapping[str, Axis]) -> dict[str, Other]:
    """What must be known of those other axes that lie nearer to this one than by chance."""
    near = [str(name) for name, row in angles.iterrows() if abs(row.cosine) > row.cosine_chance]
    return {name: Other(_held_out_auc(bench, others[name]), _one_pole(bench.axis, others[name])) for name in near}


def _held_out_auc(bench: Bench, other: Axis) -> float:
    if not other.spec.has_poles:
        return np.inf
    sides, _ = members_of(bench.embeddings, other, bench.metric, bench.seed)
    if too_few(sides, other.ends):
        return 0.0
    return hold_out(sides, making_of(other.spec, bench.embeddings, bench.metric), bench.seed).auc


def _one_pole(axis: Axis, other: Axis) -> bool:
    """Whether one pole of the two axes is for the most part the same, and not the other one."""
    high, low, theirs, opposite = (np.unique(one) for one in (*_poles(axis), *_poles(other)))
    straight = _common(high, theirs), _common(low, opposite)
    turned = _common(high, opposite), _common(low, theirs)
    more, less = max(max(straight), max(turned)), min(max(straight, turned, key=sum))
    return more >= _MOSTLY > less


def _poles(axis: Axis) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return axis.high_rows, axis.low_rows


def _common(rows: NDArray[np.int64], others: NDArray[np.int64]) -> float:
    fewer = min(len(rows), len(others))
    return len(np.intersect1d(rows, others)) / fewer if fewer else 0.0
