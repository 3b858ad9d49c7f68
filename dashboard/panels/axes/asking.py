"""What is found out about an axis in the background: its direction, who stands at its ends, what speaks for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from cartography.concepts.axes.axis import Axis
from cartography.concepts.axes.finding import find_axis
from cartography.concepts.axes.ranks import Ends, ends_along
from cartography.concepts.evidence.axis_evidence import AxisEvidence
from cartography.concepts.evidence.judging import judge_axis
from cartography.pipeline import BuiltMap
from cartography.progress import Progress, report
from cartography.records import AxisSpec
from cartography.records.arrays import digest
from dashboard.inquiries import Question

__all__ = ["Tried", "evidence_of", "tried"]

_ENDS = 15


@dataclass(frozen=True, eq=False)
class Tried:
    """An axis before it is saved: its direction, and who stands at its ends beside the members of its poles."""

    axis: Axis
    ends: Ends


def tried(built: BuiltMap, spec: AxisSpec) -> Question[Tried]:
    """Return the question where an axis runs. Its answer raises `ParameterError` where it runs nowhere."""
    return Question("an axis tried out", _key(built, spec), partial(_try, built, spec))


def evidence_of(built: BuiltMap, axis: Axis, others: Mapping[str, Axis], kind: str = "") -> Question[AxisEvidence]:
    """Return the question what is known of an axis beside all others.

    Questions of one `kind` are asked one at a time; by default each axis is a kind of its own.
    """
    beside = {name: other for name, other in others.items() if name != axis.name}
    specs = [axis.spec, *(other.spec for other in beside.values())]
    key = f"{_key(built, *specs)}-{built.recipe.seed}"
    return Question(kind or f"evidence for the axis {axis.name}", key, partial(_judge, built, axis, beside))


def _try(built: BuiltMap, spec: AxisSpec, progress: Progress) -> Tried:
    report(progress, "Finding the axis", 0.0)
    space = built.axes_space
    axis = find_axis(space, spec, built.axes_metric)
    return Tried(axis, ends_along(space, axis, _ENDS))


def _judge(built: BuiltMap, axis: Axis, others: Mapping[str, Axis], progress: Progress) -> AxisEvidence:
    seed = built.recipe.seed
    return judge_axis(built.axes_space, axis, others, metric=built.axes_metric, seed=seed, progress=progress)


def _key(built: BuiltMap, *specs: AxisSpec) -> str:
    """All that a direction depends on."""
    said = json.dumps([spec.to_mapping() for spec in specs], sort_keys=True)
    return digest(built.axes_space.fingerprint, built.axes_metric, said)
