"""What an axis is judged with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cartography.concepts.axes.axis import Axis
from cartography.concepts.evidence.axis_evidence import Separation
from cartography.concepts.evidence.chance import RandomLists, random_directions, random_lists
from cartography.concepts.evidence.holding_out import HeldOut, hold_out, too_few
from cartography.concepts.evidence.members import Making, Sides, making_of, members_of
from cartography.concepts.evidence.places import Sample, ranks, sample_of
from cartography.progress import Progress, part_of, report
from cartography.records import EmbeddingSet

__all__ = ["Bench", "bench_for"]

_LISTS = 20  # items on either side of random lists beside an axis that has no poles

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bench:
    """An axis and what it is judged with.

    `sides` are the members of its poles, None where it has none or one of them has no item of its own; `refusal`
    says why none is held out, "" where some are; `notes` say which were judged.
    """

    embeddings: EmbeddingSet
    axis: Axis
    metric: str
    seed: int
    sample: Sample
    making: Making
    sides: Sides | None
    refusal: str
    lists: RandomLists
    notes: tuple[str, ...]

    @cached_property
    def places(self) -> NDArray[np.float32]:
        """(s,) where the items of the sample are on the axis, less their mean."""
        return self.sample.places(self.axis.direction[None])[:, 0]

    @cached_property
    def random_places(self) -> NDArray[np.float32]:
        """(s, R) where they are on the axes of random lists, less their means."""
        return self.sample.places(self.lists.directions)

    @cached_property
    def held_out(self) -> HeldOut | None:
        """How well held-out members are told apart; None where none can be held out."""
        return None if self.sides is None or self.refusal else hold_out(self.sides, self.making, self.seed)

    def separation(self) -> Separation | None:
        """Return how well held-out members are told apart, beside chance; None for an axis without poles."""
        if not self.axis.spec.has_poles:
            return None
        directions = random_directions(self.sides, self.seed) if self.sides is not None else ()
        if self.sides is None or self.refusal:
            return Separation(
                None, f"Nothing can be held out to test it: {self.refusal}.", random_directions=directions
            )
        own, lists = self.held_out, self.lists
        assert own is not None, "as there is no refusal"  # noqa: S101
        return Separation(
            auc=own.auc,
            how=own.how,
            random_lists=tuple(lists.aucs.tolist()),
            percentile=float((lists.aucs < own.auc).mean() * 100),
            random_directions=directions,
            gap_percentile=float((lists.gaps < own.gap).mean() * 100),
            p=(1 + int((lists.gaps >= own.gap).sum())) / (1 + lists.count),
        )

    def variances(self) -> tuple[float, tuple[float, float]]:
        """Return the share of all variance along the axis, and along those of random lists: mean and 95th percentile.

        All of the sample's items.
        """
        total = self.sample.total or 1.0
        own = float(self.places.var(dtype=np.float64)) / total
        others = self.random_places.var(axis=0, dtype=np.float64) / total
        return own, (float(others.mean()), float(np.quantile(others, 0.95)))

    def with_lengths(self) -> float:
        """Return the rank correlation of places with the lengths of vectors; 0 where all are equally long."""
        lengths = self.sample.lengths
        if float(lengths.max() - lengths.min()) <= 1e-4 * float(lengths.max()):
            return 0.0
        both = ranks(np.column_stack([self.places, lengths]))
        return float(both[:, 0] @ both[:, 1])

    def with_mean(self) -> float:
        """Return the cosine between the axis and the mean of all points; 0 where they are spread about the origin."""
        length = float(np.linalg.norm(self.sample.mean))
        if length <= 1e-3 * np.sqrt(self.sample.total):
            return 0.0
        return float(self.sample.mean @ self.axis.direction) / length


def bench_for(embeddings: EmbeddingSet, axis: Axis, metric: str, seed: int, progress: Progress | None) -> Bench:
    """Return what the axis is judged with: its poles' members, a sample of all items, and axes of random lists."""
    report(progress, "Drawing a sample", 0.0)
    sample = sample_of(embeddings.vectors, metric, seed)
    making, sides, refusal, notes = making_of(axis.spec, embeddings, metric), None, "", tuple[str, ...]()
    if axis.spec.has_poles:
        sides, notes = members_of(embeddings, axis, metric, seed)
        refusal = too_few(sides, axis.ends)
        sides = sides if all(sides.sizes) else None
    few = sample.points[: max(1, min(_LISTS, len(sample.rows) // 2))]
    lists = random_lists(sample.points, sides or Sides(few, few), making, seed, part_of(progress, 0.1, 1.0))
    return Bench(embeddings, axis, metric, seed, sample, making, sides, refusal, lists, notes)
