"""Borders: where one realm gives way to the next, and whether the original space supports the split."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cartography.land.border_lines import find_lines
from cartography.land.border_support import count_pairs
from cartography.land.realms import Groups
from cartography.records import Border, NeighbourGraph, Terrain
from cartography.records.map_scene import SEA

__all__ = ["build_borders"]

_STRETCH = 48.0, 16.0  # cells, and typical spacings of items: where items are few, a longer line is asked as one
_FEWEST = 30  # pairs that make a measurement,
_FEWEST_OF_ONE = 8  # and pairs of each group


def build_borders(
    terrain: Terrain,
    coordinates: NDArray[np.float32],
    realm_grid: NDArray[np.int16],
    groups: Groups,
    neighbours: NeighbourGraph | None,
) -> tuple[Border, ...]:
    """Return the lines between neighbouring realms, in stretches that join, each with its support.

    At a stretch, the items of its two groups that stand nearest to it on the map are asked for their neighbours in
    the original space. Of the pairs within the two groups, `support` is the share that stays in one group, and
    `chance` what that share would be if the same pairs were shuffled: (support - chance) / (1 - chance) is the
    assortativity of Newman, "Mixing patterns in networks", Physical Review E 67, 2003, and a group's size alone
    makes nothing firm. Support is NaN without `neighbours`, with fewer than 30 pairs, and where one of the groups
    has next to none.
    """
    spacing = float(np.sqrt((realm_grid != SEA).sum() / max(1, len(coordinates))))
    lines = find_lines(terrain, realm_grid, max(_STRETCH[0], _STRETCH[1] * spacing))
    cell = terrain.side / len(realm_grid)
    pairs = np.zeros((len(lines), 2, 2), dtype=np.int64)
    if neighbours is not None:
        places = coordinates - np.asarray(terrain.origin, dtype=np.float32)
        places /= np.float32(cell)
        pairs = count_pairs(lines, places, groups.codes, neighbours.indices, spacing)
    return tuple(
        Border(line.codes, (line.points * cell + terrain.origin).astype(np.float32), *_support(counted))
        for line, counted in zip(lines, pairs, strict=True)
    )


def _support(pairs: NDArray[np.int64]) -> tuple[float, float, int]:
    """Support, chance and the number of `pairs`, counted (2, 2) from the group of the row to that of the column."""
    total = int(pairs.sum())
    asked, met = pairs.sum(axis=1), pairs.sum(axis=0)
    if total < _FEWEST or int(asked.min()) < _FEWEST_OF_ONE:
        return float("nan"), 0.5, total
    return float(np.trace(pairs)) / total, float(asked @ met) / total**2, total
