"""Which towns are tied in the original space, and how much more than chance would have it.

The null model is the configuration model, in which every town keeps its link ends and ends are joined at random
(Newman, "Modularity and community structure in networks", PNAS 103(23), 2006), at two rates: one for links that
stay in a town, one for those that leave it (Newman, "Equivalence between modularity optimization and maximum
likelihood methods for community detection", Physical Review E 94, 2016). With one rate, towns that keep to themselves
would have no ties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartography.records import NeighbourGraph

__all__ = ["Ties", "find_ties"]

WEAKEST = 1.5
"""The strength from which on a tie may become a road."""
_SHARE = 0.05  # of the items of the smaller town that must have a link to the other
_BY_CHANCE = 1e-3  # how many ties of a whole map may be there by chance alone
_PAIRS = 1 << 24  # links that are counted; of more, a sample
_BLOCK = 1 << 20


@dataclass(frozen=True, eq=False)
class Ties:
    """Pairs of towns that are tied well above chance, strongest first.

    Attributes
    ----------
    pairs : (p, 2) int32, the smaller town first
    links : (p,) neighbour links between the two, either way; an estimate where a sample was counted
    strength : (p,) links as a multiple of those expected, were the links that leave towns to go to all others alike
    evidence : (p,) items with such a link, in standard errors above chance
    """

    pairs: NDArray[np.int32]
    links: NDArray[np.int64]
    strength: NDArray[np.float64]
    evidence: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.pairs)

    def take(self, which: NDArray[np.generic]) -> Ties:
        """Return some of the ties, in the order or by the mask given."""
        return Ties(self.pairs[which], self.links[which], self.strength[which], self.evidence[which])


def find_ties(town_of: NDArray[np.int32], count: int, neighbours: NeighbourGraph) -> Ties:
    """Return the ties between `count` towns; `town_of` (n,) is each item's town, -1 for none.

    Of more than 16 million links, those of a sample of items are counted. An item whose neighbours all live in one
    other town is one witness, not k: so that a single item, misplaced on the map, builds no road. Witnesses are held
    against a Poisson law of the mean that `strength` leaves of them.
    """
    from scipy.special import gammainc

    rows = _rows(neighbours)
    links, items, ends = _counted(town_of, count, neighbours.indices, rows)
    first, second = links.nonzero()
    counted, witnesses = links.data, items.data
    expected = ends[first] * ends[second]
    expected *= counted.sum() / max((ends.sum() ** 2 - (ends**2).sum()) / 2, 1)
    strength = counted / expected
    least = _BY_CHANCE / max(count * (count - 1) / 2, 1)
    sizes = np.bincount(town_of[rows] + 1, minlength=count + 1)[1:]
    attested = witnesses >= _SHARE * np.minimum(sizes[first], sizes[second])
    kept = np.flatnonzero((strength >= WEAKEST) & attested & (gammainc(witnesses, witnesses / strength) < least))
    kept = kept[np.lexsort((second[kept], first[kept], -strength[kept]))]
    return Ties(
        np.stack([first, second], axis=1)[kept].astype(np.int32),
        np.rint(counted[kept] * (len(neighbours) / max(len(rows), 1))).astype(np.int64),
        strength[kept],
        (np.sqrt(witnesses) * (np.sqrt(strength) - 1 / np.sqrt(strength)))[kept],
    )


def _rows(neighbours: NeighbourGraph) -> NDArray[np.int64]:
    """All rows, or one drawn from each stretch of equal length: an even sample that falls in with no rhythm."""
    n, k = neighbours.indices.shape
    step = -(-n * k // _PAIRS)
    if step <= 1:
        return np.arange(n)
    starts = np.arange(0, n - step + 1, step)
    return starts + np.random.default_rng(0).integers(step, size=len(starts))


def _counted(
    town_of: NDArray[np.int32], count: int, indices: NDArray[np.int32], rows: NDArray[np.int64]
) -> tuple[Any, Any, NDArray[np.float64]]:
    """Links and linked items between towns, as upper triangles (count, count), and the link ends (count,) of each."""
    from scipy.sparse import csr_array, triu

    links, items = csr_array((count, count)), csr_array((count, count))
    ends = np.zeros(count + 1)
    k = indices.shape[1]
    step = max(1, _BLOCK // max(k, 1))
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        here, there = town_of[block], np.sort(town_of[indices[block]], axis=1)
        ends += np.bincount(here + 1, minlength=count + 1) * k
        ends += np.bincount(there.ravel() + 1, minlength=count + 1)
        away = (there != here[:, None]) & (there >= 0) & (here >= 0)[:, None]
        new = np.concatenate([np.ones((len(there), 1), bool), there[:, 1:] != there[:, :-1]], axis=1)
        at = np.broadcast_to(here[:, None], there.shape)[away], there[away]
        links = links + csr_array((np.ones(len(at[0])), at), shape=links.shape)
        items = items + csr_array((new[away].astype(float), at), shape=links.shape)
    return *(_sorted(triu(one + one.T, 1)) for one in (links, items)), ends[1:]


def _sorted(matrix: Any) -> Any:
    """Rows and columns ascending, so that two matrices of one pattern hold their values in one order."""
    rows = matrix.tocsr()
    rows.sort_indices()
    return rows
