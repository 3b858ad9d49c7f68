"""What can still be told of vectors: by planes, and by nearest neighbours, each beside what shuffled labels give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartography.blocks import one_thread
from cartography.inspection.borders.classifiers import neighbour_rows

__all__ = ["Found", "Probe", "Sample", "by_neighbours", "by_planes", "sample_of"]

MOST = 2_000
"""Items of all groups together that a probe learns from and is judged on."""
_FOLDS = 5
_NEIGHBOURS = 15
_SHUFFLES = 20, 200  # at least and at most: of few items chance alone reaches far, and how far is soon known
_WORTH = 20_000  # labels shuffled for them
_LEAST = 0.05  # over chance
_FEW = 5  # items of each group below which scores say nothing
_TOO_GOOD = 0.9  # a score that chance should not reach
_PENALTIES = (0.001, 0.01, 0.1, 1.0)  # times the number of items

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """How well a probe tells groups apart: the mean share of each group that it puts right, from 0 to 1.

    `before` and `after` a removal; `chance` what shuffled labels give afterwards on average, `top` what 95 % of them
    stay below, `top_before` the same beforehand. What is less than 0.05 above chance counts as nothing.
    """

    before: float
    after: float
    chance: float
    top: float
    top_before: float

    @property
    def was_found(self) -> bool:
        """Whether the groups were told apart before, beyond chance."""
        return self.before > max(self.top_before, self.chance + _LEAST)

    @property
    def is_found(self) -> bool:
        """Whether they are told apart afterwards, beyond chance."""
        return self.after > max(self.top, self.chance + _LEAST)


@dataclass(frozen=True)
class Probe:
    """What was asked for - an axis by its two ends, a column by its groups, or groups - and what two probes find.

    `linear` is a ridge regression on the groups, judged on items of other folds; `neighbours` a vote of the 15
    nearest other items.
    """

    name: str
    kind: str
    groups: int
    items: int
    linear: Found
    neighbours: Found

    @property
    def says(self) -> str:
        """What became of it, in a few words."""
        straight, near = self.linear.is_found, self.neighbours.is_found
        if self.items < _FEW * self.groups or min(self.linear.top, self.linear.top_before) >= _TOO_GOOD:
            return "too few items to tell"
        if not (self.linear.was_found or self.neighbours.was_found):
            return "was not to be told before" if not (straight or near) else "can be told only now"
        if straight and near:
            return "can still be told"
        if straight:
            return "no longer by neighbours, but still by a straight probe"
        return "gone for a straight probe, but neighbours still tell it" if near else "gone for both probes"


@dataclass(frozen=True, eq=False)
class Sample:
    """Items of two groups or more: their `rows` (m,), their `codes` (m,) from 0, and the `fold` (m,) of each."""

    rows: Codes
    codes: Codes
    fold: Codes

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return int(self.codes.max()) + 1

    def labellings(self, seed: int) -> Codes:
        """Return (1 + s, m): the codes, and the codes shuffled s times."""
        rng, times = np.random.default_rng(seed), int(np.clip(_WORTH // len(self.codes), *_SHUFFLES))
        return np.stack([self.codes, *(rng.permutation(self.codes) for _ in range(times))])


def sample_of(groups: list[Codes], seed: int, fewest: int) -> Sample | None:
    """Return items drawn evenly from groups of rows; None with fewer than two groups of at least `fewest` items."""
    large = [rows for rows in groups if len(rows) >= fewest]
    if len(large) < 2:
        return None
    rng, most = np.random.default_rng(seed), max(MOST // len(large), fewest)
    drawn = [np.sort(rng.choice(rows, most, replace=False)) if len(rows) > most else rows for rows in large]
    folds = min(_FOLDS, *(len(rows) for rows in drawn))
    return Sample(
        rows=np.concatenate(drawn),
        codes=np.repeat(np.arange(len(drawn)), [len(rows) for rows in drawn]),
        fold=np.concatenate([rng.permutation(len(rows)) % folds for rows in drawn]),
    )


def by_planes(vectors: Floats, sample: Sample, labellings: Codes) -> Numbers:
    """Return (1 + s,) how well planes tell the groups of each labelling of the sample's vectors (m, d) apart.

    Each group's membership is regressed on standardised vectors, and an item goes to the group that gains most over
    its share. Every labelling, shuffled ones too, has the penalty that suits it best. One decomposition serves all.
    """
    points = vectors.astype(np.float64)
    members = (labellings[:, :, None] == np.arange(sample.groups)).transpose(1, 0, 2)  # (m, 1 + s, g)
    scores = np.empty((len(_PENALTIES), *members.shape))
    with one_thread():
        for fold in range(int(sample.fold.max()) + 1):
            own = sample.fold == fold
            scores[:, own] = _predicted(points[~own], members[~own].astype(np.float64), points[own])
    right = [_balanced(one, labellings) for one in scores]
    return np.asarray(np.max(right, axis=0))


def _predicted(known: Numbers, members: Numbers, asked: Numbers) -> Numbers:
    """For every penalty (p, a, 1 + s, g) the memberships of `asked` (a, d), over the shares of the groups."""
    mean, spread = known.mean(axis=0), known.std(axis=0)
    spread = np.where(spread > 1e-6 * (spread.max() or 1.0), spread, np.inf)
    known, asked = (known - mean) / spread, (asked - mean) / spread
    shares = np.maximum(members.mean(axis=0), 1e-9)
    targets = (members - shares).reshape(len(members), -1)
    wide = len(known) <= known.shape[1]
    values, basis = np.linalg.eigh(known @ known.T if wide else known.T @ known)
    kept = values > max(values.max(), 1e-300) * 1e-9
    values, basis = values[kept], basis[:, kept]
    if wide:
        scores, along = asked @ (known.T @ basis), basis.T @ targets
    else:
        scores, along = asked @ basis, basis.T @ (known.T @ targets)
    found = [scores @ (along / (values + penalty * len(known))[:, None]) for penalty in _PENALTIES]
    return np.stack(found).reshape(len(_PENALTIES), len(asked), *shares.shape) / shares


def by_neighbours(vectors: Floats, sample: Sample, labellings: Codes, metric: str) -> Numbers:
    """Return (1 + s,) how well the nearest others of the sample's vectors (m, d) tell each labelling's groups."""
    fewest = int(np.bincount(sample.codes).min())
    k = max(1, min(_NEIGHBOURS, fewest - 1))
    alone = np.arange(len(vectors))
    nearest = neighbour_rows(vectors, vectors, k, metric, folds=(alone, alone))
    shares = np.bincount(sample.codes) / len(sample.codes)
    votes = labellings[:, nearest]  # (1 + s, m, k)
    counts = np.stack([(votes == group).sum(axis=2) / share for group, share in enumerate(shares)], axis=2)
    return _balanced(counts.transpose(1, 0, 2), labellings)


def _balanced(scores: Numbers, labellings: Codes) -> Numbers:
    """The mean over groups of the share put right, (1 + s,); `scores` (m, 1 + s, g). A tie counts in part."""
    best = scores == scores.max(axis=2, keepdims=True)
    won = best / best.sum(axis=2, keepdims=True)
    own = labellings.T[:, :, None] == np.arange(scores.shape[2])
    return np.asarray(((won * own).sum(axis=0) / own.sum(axis=0)).mean(axis=1))
