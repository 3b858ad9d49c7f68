"""The lines along which realms meet: walked from cell to cell, from one junction to the next, and drawn smooth.

All lengths here are cells of the realm grid; `x` counts columns from the west, `y` rows from the south.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cartography.land.polylines import evenly, lengths
from cartography.records import Terrain
from cartography.records.map_scene import SEA
from cartography.surface import elevation_at

__all__ = ["Line", "find_lines"]

Points = NDArray[np.float64]

_SPECK = 30  # cells: a smaller patch of one realm inside others has no border of its own
_SMALLEST_REALM = 12  # unless it is all that its realm has, and bears a name
_SHORTEST = 6.0  # a line between two shores is no shorter
_FINE = 0.5  # between two points while a line is being smoothed,
_FEWEST_STEPS = 20  # less where a line is short
_SMOOTHING = 3.0  # standard deviation along the line: the staircase goes, capes and bays stay
_TO_COAST = 3.0  # a line may end so far before or behind the corner where it met the sea, to end on the coast


@dataclass(frozen=True, eq=False)
class Line:
    """A stretch of border: the codes of the two realms, the smaller first, and (m, 2) points a cell apart."""

    codes: tuple[int, int]
    points: Points


@dataclass(frozen=True, eq=False)
class _Chain(Line):
    """A whole border: `closed` when it runs back into itself, `free` at the ends where no other border ends."""

    closed: bool
    free: tuple[bool, bool]


def find_lines(terrain: Terrain, realm_grid: NDArray[np.int16], length: float) -> list[Line]:
    """Return the borders between the realms (codes >= 0) of a (g, g) grid, in stretches of about `length`.

    Lines end where three realms meet, at the coast and at land that belongs to no realm. Those that meet end at the
    very same point, and so do two stretches of one line. Patches of fewer than 30 cells count as part of the land
    around them.
    """
    grid = _without_specks(realm_grid)
    chains = [_smoothed(chain) for chain in _chains(grid) if not _negligible(chain)]
    chains = _to_coast(terrain, grid, chains)
    lines = [line for chain in chains for line in _stretches(chain, length)]
    return sorted(lines, key=lambda line: line.codes)


def _without_specks(grid: NDArray[np.int16]) -> NDArray[np.int16]:
    """The grid with its small patches given to the land that surrounds them."""
    patches = _patches(grid)
    sizes = np.bincount(patches.ravel())
    codes = np.full(len(sizes), SEA, dtype=np.int16)
    codes[patches] = grid
    small = (sizes < _SPECK) & (codes != SEA)
    small[[patch for patch in _largest(sizes, codes) if sizes[patch] >= _SMALLEST_REALM]] = False
    return _overgrown(grid, small[patches])


def _patches(grid: NDArray[np.int16]) -> NDArray[np.int32]:
    """Number the patches of equal cells, four neighbours to a cell: cells and the ties between them are one mask."""
    from scipy.ndimage import label

    g = len(grid)
    ties = np.zeros((2 * g - 1, 2 * g - 1), dtype=bool)
    ties[::2, ::2] = True
    ties[::2, 1::2] = grid[:, 1:] == grid[:, :-1]
    ties[1::2, ::2] = grid[1:] == grid[:-1]
    numbered, _ = label(ties)
    return np.asarray(numbered[::2, ::2])


def _largest(sizes: NDArray[np.int64], codes: NDArray[np.int16]) -> list[int]:
    """The largest patch of every realm."""
    order = np.argsort(-sizes, kind="stable")
    realms, first = np.unique(codes[order], return_index=True)
    return [int(order[at]) for realm, at in zip(realms, first, strict=True) if realm >= 0]


def _overgrown(grid: NDArray[np.int16], open_land: NDArray[np.bool_]) -> NDArray[np.int16]:
    """Let the land around grow into `open_land` from all sides, cell by cell, never across the sea."""
    grid, waiting = grid.copy(), open_land.copy()
    for _ in range(_SPECK):
        rows, columns = np.nonzero(waiting)
        before, grown = grid.copy(), waiting.copy()
        for down, along in ((0, 1), (1, 0), (0, -1), (-1, 0)):
            r = np.clip(rows + down, 0, len(grid) - 1)
            c = np.clip(columns + along, 0, len(grid) - 1)
            taken = ~waiting[r, c] & (before[r, c] != SEA) & grown[rows, columns]
            grid[rows[taken], columns[taken]] = before[r[taken], c[taken]]
            grown[rows[taken], columns[taken]] = False
        if (grown == waiting).all():
            break
        waiting = grown
    return grid


def _chains(grid: NDArray[np.int16]) -> Iterator[_Chain]:
    """Walk the edges between cells of different realms: first those with ends, then what is left, which is closed."""
    ends, codes = _edges(grid)
    partner = _partners(ends, codes)
    places = np.stack([ends % (len(grid) + 1), ends // (len(grid) + 1)], axis=-1).astype(np.float64)
    alone = (np.bincount(ends.ravel(), minlength=1) == 1)[ends].ravel()
    walked = np.zeros(len(ends), dtype=bool)
    for start in [*np.flatnonzero(partner < 0).tolist(), *range(0, 2 * len(ends), 2)]:
        if not walked[start >> 1]:
            steps = _walk(start, partner)
            walked[[step >> 1 for step in steps]] = True
            closed = bool(partner[start] >= 0)
            pair = (int(codes[start >> 1, 0]), int(codes[start >> 1, 1]))
            free = (bool(alone[start]), bool(alone[steps[-1] ^ 1]))
            yield _Chain(pair, _path(steps, places, closed), closed, free)


def _path(steps: list[int], places: Points, closed: bool) -> Points:
    """From corner to corner through the middles of the edges, which cut the corners of the staircase."""
    middles = places[[step >> 1 for step in steps]].mean(axis=1)
    if closed:
        return np.vstack([middles, middles[0]])
    corners = places.reshape(-1, 2)
    return np.vstack([corners[steps[0]], middles, corners[steps[-1] ^ 1]])


def _edges(grid: NDArray[np.int16]) -> tuple[NDArray[np.int64], NDArray[np.int16]]:
    """The (m, 2) corners that each edge between two realms joins, as numbers, and the (m, 2) codes of its sides."""
    corner = np.arange((len(grid) + 1) ** 2).reshape(len(grid) + 1, -1)
    sides = [(grid[:, :-1], grid[:, 1:]), (grid[:-1], grid[1:])]
    joined = [(corner[:-1, 1:-1], corner[1:, 1:-1]), (corner[1:-1, :-1], corner[1:-1, 1:])]
    ends, codes = [], []
    for (a, b), (start, stop) in zip(sides, joined, strict=True):
        met = (a != b) & (a >= 0) & (b >= 0)
        ends.append(np.stack([start[met], stop[met]], axis=1))
        codes.append(np.sort(np.stack([a[met], b[met]], axis=1), axis=1))
    return np.concatenate(ends), np.concatenate(codes)


def _partners(ends: NDArray[np.int64], codes: NDArray[np.int16]) -> NDArray[np.int64]:
    """For each end of an edge (2 * edge + end) the end of the only other edge at that corner, -1 at a junction."""
    flat = ends.ravel()
    order = np.argsort(flat, kind="stable")
    _, first, count = np.unique(flat[order], return_index=True, return_counts=True)
    a, b = order[first[count == 2]], order[first[count == 2] + 1]
    same = (codes[a >> 1] == codes[b >> 1]).all(axis=1)
    partner = np.full(len(flat), -1)
    partner[a[same]], partner[b[same]] = b[same], a[same]
    return partner


def _walk(start: int, partner: NDArray[np.int64]) -> list[int]:
    """The ends by which each edge is entered, up to a junction or back to the start."""
    steps = [start]
    while (step := int(partner[steps[-1] ^ 1])) >= 0 and step != start:
        steps.append(step)
    return steps


def _negligible(chain: _Chain) -> bool:
    return all(chain.free) and lengths(chain.points)[-1] < _SHORTEST


def _smoothed(chain: _Chain) -> _Chain:
    """Smooth the line along itself. Ends stay: beyond them it is taken to go on as its own mirror image.

    Smoothing twice and giving back what the second time takes keeps round lines from shrinking.
    """
    fine = evenly(chain.points, max(_FEWEST_STEPS, round(lengths(chain.points)[-1] / _FINE)))
    once = _blurred(fine, chain.closed)
    smooth = 2 * once - _blurred(once, chain.closed)
    smooth[0], smooth[-1] = (smooth[0], smooth[0]) if chain.closed else (fine[0], fine[-1])
    return replace(chain, points=smooth)


def _blurred(points: Points, closed: bool) -> Points:
    from scipy.ndimage import gaussian_filter1d

    sigma = _SMOOTHING / _FINE
    if closed:
        around = gaussian_filter1d(points[:-1], sigma, axis=0, mode="wrap", truncate=3)
        return np.vstack([around, around[:1]])
    reach = min(int(3 * sigma) + 1, len(points) - 1)
    before, after = 2 * points[0] - points[reach:0:-1], 2 * points[-1] - points[-2 : -2 - reach : -1]
    padded = np.concatenate([before, points, after])
    return np.asarray(gaussian_filter1d(padded, sigma, axis=0, truncate=3)[reach:-reach])


def _to_coast(terrain: Terrain, grid: NDArray[np.int16], chains: list[_Chain]) -> list[_Chain]:
    """Let lines that run into the sea end where the drawn coast is: cells are coarse, the coast is not."""
    shores = [(number, end) for number, chain in enumerate(chains) for end in (0, 1) if _at_sea(grid, chain, end)]
    if not shores:
        return chains
    steps = np.arange(-_TO_COAST, _TO_COAST + 0.1, 0.25)
    tails = np.stack([_tail(chains[number].points, end) for number, end in shores])
    probes = tails[:, None, 0] + steps[:, None] * tails[:, None, 1]
    cell = terrain.side / len(grid)
    wet = (elevation_at(terrain, probes * cell + terrain.origin) <= 0).reshape(len(shores), -1)
    for (number, end), under, probe in zip(shores, wet, probes, strict=True):
        first = int(under.argmax())
        if under[first] and first > 0:
            points = _ended(chains[number].points, end, probe[first], float(steps[first]))
            chains[number] = replace(chains[number], points=points)
    return chains


def _at_sea(grid: NDArray[np.int16], chain: _Chain, end: int) -> bool:
    """Whether this end lies at the sea and nothing else ends there."""
    if chain.closed or not chain.free[end]:
        return False
    column, row = (int(value) for value in chain.points[-end])
    around = grid[max(row - 1, 0) : row + 1, max(column - 1, 0) : column + 1]
    return bool((around == SEA).any())


def _tail(points: Points, end: int) -> Points:
    """The end of a line and the direction in which it leaves the land, (2, 2)."""
    inner = min(round(_TO_COAST / _FINE), len(points) - 1)
    last, before = points[-end], points[inner if end == 0 else -1 - inner]
    away = last - before
    return np.stack([last, away / max(float(np.hypot(*away)), 1e-9)])


def _ended(points: Points, end: int, place: Points, ahead: float) -> Points:
    """The line with its last point moved to `place`, which lies so far `ahead` of it or, below 0, behind."""
    cut = 0 if ahead > 0 else min(1 + int(-ahead / _FINE), len(points) - 2)
    inner = points[cut:] if end == 0 else points[: len(points) - cut]
    return np.vstack([place, inner] if end == 0 else [inner, place])


def _stretches(chain: _Chain, length: float) -> Iterator[Line]:
    total = float(lengths(chain.points)[-1])
    count = max(1, round(total / length))
    steps = max(2, round(total / count))
    even = evenly(chain.points, count * steps)
    for start in range(0, count * steps, steps):
        yield Line(chain.codes, even[start : start + steps + 1])
