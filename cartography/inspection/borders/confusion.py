"""Which groups of a column are taken for one another by their nearest neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartography.errors import ParameterError, ShapeError
from cartography.neighbours import find_neighbours
from cartography.progress import Progress, part_of, report
from cartography.records import EmbeddingSet, NeighbourGraph

__all__ = ["MOST_GROUPS", "SAMPLE", "Confusion", "confusion", "confusion_of_sample", "neighbour_votes"]

MOST_GROUPS = 20
"""Groups that are told apart; all smaller ones count as one."""
SAMPLE = 20_000
"""Items that are looked at where nobody knows the neighbours of all."""
_ASKED = 15
_BLOCK = 1 << 15
_SHUFFLES = 5
_SHUFFLED_ON = 20_000  # items whose votes are counted when labels are shuffled

Codes = NDArray[np.int32]
Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Confusion:
    """What items are labelled, and where they lie: the group that most of their nearest neighbours are in.

    Attributes
    ----------
    names : (g,) the groups shown, those next to each other that are confused most; `groups` (g,) their codes. The
        code of all smaller groups together is -1
    counts : (g, g) items by the group they are labelled (row) and the group they lie in (column)
    recall, precision : (g,) share of a group's items that lie in it, share of those lying in it that are labelled so;
        NaN where there are none
    accuracy : share of all items that lie in their own group, `majority` what always saying the largest would give,
        `shuffled` what it is when labels are shuffled (its mean), `spread` the standard deviation of that
    judged : items with a label and with labelled neighbours; `left_out` items with a label only
    rows : (m,) which items these are
    labelled, lying : (m,) index into `names`
    k : neighbours that vote
    """

    names: tuple[str, ...]
    groups: tuple[int, ...]
    counts: NDArray[np.int64]
    recall: NDArray[np.float64]
    precision: NDArray[np.float64]
    accuracy: float
    majority: float
    shuffled: float
    spread: float
    left_out: int
    rows: Rows
    labelled: NDArray[np.int16]
    lying: NDArray[np.int16]
    k: int

    @property
    def judged(self) -> int:
        """How many items there are with a label and with labelled neighbours."""
        return len(self.rows)

    @property
    def shares(self) -> NDArray[np.float64]:
        """(g, g) the counts as shares of their row."""
        return self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1)

    def cell(self, labelled: int, lying: int) -> Rows:
        """Return the rows of the items that are labelled one group and lie in another, both indices into `names`."""
        return self.rows[(self.labelled == labelled) & (self.lying == lying)]


def neighbour_votes(codes: ArrayLike, indices: NDArray[np.int32], progress: Progress | None = None) -> Codes:
    """Return (m,) the most frequent code among each item's neighbours; -1 where none of them has one.

    `codes` (n,) hold -1 for none, `indices` (m, k) are the neighbours, nearest first. Of codes that are equally
    frequent, that of the nearer neighbour wins. No item votes for itself, so it is judged by others only.
    """
    known = np.asarray(codes, dtype=np.int32)
    found = np.full(len(indices), -1, np.int32)
    for start in range(0, len(indices) if indices.shape[1] else 0, _BLOCK):
        report(progress, "Asking the neighbours", start / len(indices))
        votes = known[indices[start : start + _BLOCK]]
        frequency = sum((votes == votes[:, [one]]).astype(np.int16) for one in range(votes.shape[1]))
        frequency = np.where(votes >= 0, frequency, -1)
        found[start : start + _BLOCK] = votes[np.arange(len(votes)), frequency.argmax(axis=1)]
    return found


def confusion(
    codes: ArrayLike,
    names: tuple[str, ...],
    graph: NeighbourGraph,
    *,
    most: int = MOST_GROUPS,
    seed: int = 0,
    progress: Progress | None = None,
) -> Confusion:
    """Return how the groups `codes` (n,), -1 for none, are confused by the neighbours of their items in the graph.

    The 15 nearest vote, or as many as the graph holds. At most `most` groups are told apart: the largest, and all
    others as one. For chance, the labels are shuffled five times, on 20,000 items at most.
    Raises `ShapeError` when graph and codes differ in length, `ParameterError` with fewer than two groups.
    """
    known = np.asarray(codes, dtype=np.int32)
    if len(known) != len(graph):
        raise ShapeError(f"There are labels for {len(known)} items; the neighbours are those of {len(graph)}.")
    if len(np.unique(known[known >= 0])) < 2:
        raise ParameterError("There is only one group, so there is no border.", "Choose a column with two groups.")
    indices = graph.indices[:, :_ASKED]
    votes = neighbour_votes(known, indices, progress)
    rows = np.flatnonzero((known >= 0) & (votes >= 0))
    if not len(rows):
        raise ParameterError("No item has a neighbour with a label.", "Choose a column that is filled in more often.")
    truth, vote = known[rows], votes[rows]
    sizes = np.bincount(truth, minlength=len(names))
    groups = _shown(truth, vote, sizes, most)
    lookup = np.full(len(names), len(groups), np.int16)
    lookup[groups] = np.arange(len(groups))
    rest = int(np.count_nonzero(np.delete(sizes, groups)))
    shown = [*(names[code] for code in groups), *([f"{rest:,} smaller groups"] if rest else [])]
    labelled, lying = lookup[truth], lookup[vote]
    counts = np.bincount(labelled.astype(np.int64) * len(shown) + lying, minlength=len(shown) ** 2)
    right = np.bincount(labelled[truth == vote], minlength=len(shown))
    chance = _chance(known, indices, rows, np.random.default_rng(seed))
    with np.errstate(invalid="ignore", divide="ignore"):
        counts = counts.reshape(len(shown), len(shown))
        recall, precision = right / counts.sum(axis=1), right / counts.sum(axis=0)
    return Confusion(
        names=tuple(shown),
        groups=(*map(int, groups), *([-1] if rest else [])),
        counts=counts,
        recall=recall,
        precision=precision,
        accuracy=float((truth == vote).mean()),
        majority=float(sizes.max() / len(rows)),
        shuffled=float(np.mean(chance)),
        spread=float(np.std(chance)),
        left_out=int((known >= 0).sum()) - len(rows),
        rows=rows,
        labelled=labelled,
        lying=lying,
        k=indices.shape[1],
    )


def confusion_of_sample(
    embeddings: EmbeddingSet,
    codes: ArrayLike,
    names: tuple[str, ...],
    metric: str,
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Confusion:
    """Return the same for data whose neighbours are not known, on 20,000 items drawn at random."""
    n = len(embeddings)
    rows = np.sort(np.random.default_rng(seed).choice(n, min(n, SAMPLE), replace=False))
    sample = EmbeddingSet(embeddings.vectors[rows], embeddings.items.iloc[rows, :0])
    graph = find_neighbours(sample, _ASKED, metric, part_of(progress, 0.0, 0.9))
    last = part_of(progress, 0.9, 1.0)
    found = confusion(np.asarray(codes)[rows], names, graph, seed=seed, progress=last)
    return replace(found, rows=rows[found.rows])


def _shown(truth: Codes, vote: Codes, sizes: NDArray[np.int64], most: int) -> NDArray[np.intp]:
    """The codes of the largest groups; those come to stand beside each other that are confused most."""
    present = np.flatnonzero(sizes)
    kept = present[np.argsort(-sizes[present], kind="stable")]
    kept = kept if len(kept) <= most else kept[: most - 1]
    if len(kept) < 3:
        return kept
    place = np.full(int(max(truth.max(), vote.max())) + 1, -1)
    place[kept] = np.arange(len(kept))
    both = (place[truth] >= 0) & (place[vote] >= 0)
    flat = np.bincount(place[truth[both]] * len(kept) + place[vote[both]], minlength=len(kept) ** 2)
    shares = flat.reshape(len(kept), -1) / sizes[kept, None]
    return kept[_beside(shares + shares.T)]


def _beside(ties: NDArray[np.float64]) -> NDArray[np.intp]:
    """An order (g,) in which what is tied (g, g) stands close together: the leaves of a tree of averages."""
    from scipy.cluster.hierarchy import leaves_list, linkage

    apart = ties.max() - ties
    upper = apart[np.triu_indices(len(ties), 1)]
    return np.asarray(leaves_list(linkage(upper, "average", optimal_ordering=True)))


def _chance(known: Codes, indices: NDArray[np.int32], rows: Rows, rng: np.random.Generator) -> list[float]:
    """How often neighbours vote for an item's own group when labels are dealt anew."""
    asked = rows if len(rows) <= _SHUFFLED_ON else np.sort(rng.choice(rows, _SHUFFLED_ON, replace=False))
    holders, dealt, found = np.flatnonzero(known >= 0), known.copy(), []
    for _ in range(_SHUFFLES):
        dealt[holders] = rng.permutation(known[holders])
        found.append(float((neighbour_votes(dealt, indices[asked]) == dealt[asked]).mean()))
    return found
